/** The words for a file that cannot be read or written. Owns what each of the system's codes is called. */
import { dirname } from 'node:path';

/** One phrase that names the file. For any other failure, such as a mistake in its contents, it ends with the message of the error. */
export function fileProblem(error: unknown, file: string, doing: 'read' | 'written' = 'read'): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      // A file to be written need not be there, so its folder is missing.
      return doing === 'read' ? `there is no file ${file}` : `there is no folder ${dirname(file)}`;
    case 'EISDIR':
      return `${file} is a folder, not a file`;
    case 'EACCES':
      return `${file} cannot be ${doing}: permission denied`;
    default:
      return `${file}: ${message}`;
  }
}
