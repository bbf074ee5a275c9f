import { type PlimsollError, problem } from '../../app.ts';

/** What yargs hands to a check, of which its types know the aliases alone. */
export interface Declared {
  readonly array: readonly string[];
}

/** A command line that cannot be parsed, in the words of its own flags. */
export function usageProblem(message: string, argv: readonly string[]): PlimsollError {
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined) {
    return problem('command.usage', {
      where: flagOf(lacking),
      found: 'no value',
      instead: 'plimsoll --help',
    });
  }
  return problem('command.usage', { found: inWords(message, argv), instead: 'plimsoll --help' });
}

/** Refuses a flag that has one value and was given several; the parser makes a list of them. */
export function assertSingleValues(given: { readonly [name: string]: unknown }, { array }: Declared): void {
  // Each flag is given in both of its spellings; what stands before and after `--` is no flag.
  const lists = new Set(['_', '--', ...array.flatMap(name => [name, camelCase(name)])]);
  for (const [name, value] of Object.entries(given)) {
    if (!Array.isArray(value) || lists.has(name)) continue;
    // The values stay untold: one of them may be a secret.
    throw problem('command.usage', {
      where: flagOf(name),
      found: `${value.length} values`,
      expected: 'one value',
    });
  }
}

const flagOf = (name: string) => `--${name}`;

/** yargs names an unknown flag in both of its spellings, and an unknown command like a flag. */
function inWords(message: string, argv: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ');
  if (!unknown) return message;
  const written = unknown.filter(name => !unknown.some(other => other !== name && camelCase(other) === name));
  const spelled = written.map(name => argv.find(word => word.replace(/^--?|=.*$/g, '') === name) ?? name);
  return `unknown: ${spelled.join(', ')}`;
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
