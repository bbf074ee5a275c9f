import { type PlimsollError, problem } from '../../app.ts';

/** What yargs hands to a check, of which its types know the aliases alone. */
export interface Declared {
  readonly array: readonly string[];
}

/** A command line that cannot be parsed, in the words of its own flags. */
export function usageProblem(message: string, argv: readonly string[]): PlimsollError {
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined) return problem('command.missing-value', { where: flagOf(lacking) });
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ');
  if (unknown !== undefined) return unknownProblem(spelledAsIn(argv, unknown));
  const isValue = /^Invalid values:/.test(message);
  const isConflict = /mutually exclusive/.test(message);
  return problem(
    isValue ? 'command.invalid-value' : isConflict ? 'command.conflicting-flags' : 'command.missing-argument',
    { found: message, instead: 'plimsoll --help' },
  );
}

function unknownProblem(words: readonly string[]): PlimsollError {
  const code = words.some(word => word.startsWith('-')) ? 'command.unknown-flag' : 'command.unknown-command';
  return problem(code, { found: words.join(', ') });
}

/** Refuses a flag that has one value and was given several; the parser makes a list of them. */
export function assertSingleValues(given: { readonly [name: string]: unknown }, { array }: Declared): void {
  // Each flag is given in both of its spellings; what stands before and after `--` is no flag.
  const lists = new Set(['_', '--', ...array.flatMap(name => [name, camelCase(name)])]);
  for (const [name, value] of Object.entries(given)) {
    if (!Array.isArray(value) || lists.has(name)) continue;
    // The values stay untold: one of them may be a secret.
    throw problem('command.repeated-flag', {
      where: flagOf(name),
      found: `${value.length} values`,
      expected: 'one value',
    });
  }
}

const flagOf = (name: string) => `--${name}`;

/** yargs names an unknown flag in both of its spellings, and an unknown command like a flag. */
function spelledAsIn(argv: readonly string[], unknown: readonly string[]): readonly string[] {
  const written = unknown.filter(name => !unknown.some(other => other !== name && camelCase(other) === name));
  return written.map(name => argv.find(word => word.replace(/^--?|=.*$/g, '') === name) ?? name);
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
