import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Adds a value to a file of one JSON value a line; on a line of its own even where the last one was cut short. */
export function appendLine(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const isCut = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  appendFileSync(file, `${isCut ? '\n' : ''}${JSON.stringify(value)}\n`);
}

/** The objects of such a file, oldest first; none where it does not exist. Other lines are told and left out. */
export function readLines<Value extends object>(
  file: string,
  say: (unreadable: string) => void,
): readonly Value[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index): readonly Value[] => {
      if (line === '') return [];
      const value = parsed(line);
      if (typeof value === 'object' && value !== null) return [value as Value];
      say(`${file}:${index + 1} cannot be read and is left out`);
      return [];
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
