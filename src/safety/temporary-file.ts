import { randomBytes } from 'node:crypto';

/**
 * The name of a temporary file beside another. Nobody can guess it, and so put a link there; open it with `exclusively`, so that a
 * link is never followed all the same.
 */
export function temporaryBeside(file: string): string {
  return `${file}.${randomBytes(9).toString('hex')}.tmp`;
}

/** How a temporary file is opened: it must not exist. */
export const exclusively = 'wx';
