import type { PlimsollError } from '../model/error.ts';
import { entryOf } from '../model/error-table.ts';

/** The last lines of a log that a reason quotes. */
const mostLines = 5;

/** What an error found, in one line. */
export function errorLine({ problems }: PlimsollError): string {
  return problems
    .map(({ code, found = '' }) => {
      const [first = '', ...lines] = found.split('\n').map(line => line.trim());
      const { what } = entryOf(code);
      const facts = [first, ...lines.slice(-mostLines)].filter(fact => fact !== '');
      return facts.length === 0 ? what : `${what}: ${facts.join(' ')}`;
    })
    .join('; ');
}
