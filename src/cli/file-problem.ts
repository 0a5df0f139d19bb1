/** The words for a file that cannot be read. Owns what each of the system's codes is called. */

/** One phrase that names the file. For any other failure, such as a mistake in its contents, it ends with the message of the error. */
export function fileProblem(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no file ${file}`;
    case 'EISDIR':
      return `${file} is a folder, not a file`;
    case 'EACCES':
      return `${file} cannot be read: permission denied`;
    default:
      return `${file}: ${message}`;
  }
}
