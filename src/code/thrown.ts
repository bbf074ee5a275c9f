import { inspect } from 'node:util';

/** A place in a file of the user. */
export interface CodePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

/** What was thrown, in words, and where; null where the stack does not lead to a file of the user. */
export interface Thrown {
  readonly what: string;
  readonly at: CodePlace | null;
}

/** Reads what code of the user threw, which may be anything; `files` are the URLs of that code. */
export function thrownBy(error: unknown, files: ReadonlySet<string>): Thrown {
  try {
    if (!(error instanceof Error))
      return { what: typeof error === 'string' ? error : inspect(error), at: null };
    const name = error.name === 'Error' ? '' : `${error.name}: `;
    return { what: `${name}${error.message}`, at: placeIn(String(error.stack), files) };
  } catch {
    return { what: 'something that cannot be shown', at: null };
  }
}

/** The first place of a stack that is in a file of the user. */
function placeIn(stack: string, files: ReadonlySet<string>): CodePlace | null {
  for (const line of stack.split('\n')) {
    const [, url, row, column = '1'] = /(file:\/\/\/\S+?):(\d+)(?::(\d+))?\)?$/.exec(line.trim()) ?? [];
    if (url !== undefined && files.has(url)) {
      return { url, line: Number(row), column: Number(column) };
    }
  }
  return null;
}
