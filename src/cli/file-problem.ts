/** The message for a file that cannot be read or written. Owns the words for the system's error codes. */
import { dirname } from 'node:path';

/**
 * A phrase that names the file and the problem. For an error without a known code, such as a mistake in the contents, it ends with
 * the error's message.
 */
export function fileProblem(error: unknown, file: string, doing: 'read' | 'written' = 'read'): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      // A file to be written need not exist, so its folder must be missing.
      return doing === 'read' ? `there is no file ${file}` : `there is no folder ${dirname(file)}`;
    case 'EISDIR':
      return `${file} is a folder, not a file`;
    case 'EACCES':
      return `${file} cannot be ${doing}: permission denied`;
    default:
      return `${file}: ${message}`;
  }
}
