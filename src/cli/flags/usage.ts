import { nearest, PlimsollError, problem } from '../../app.ts';

/** What yargs hands to a check, of which its types know the aliases alone. */
export interface Declared {
  readonly array: readonly string[];
}

/** A command line that cannot be parsed, in the words of its own flags; `help` is the help of the command it is of. */
export function usageProblem(message: string, argv: readonly string[], help: string): PlimsollError {
  const command = /^plimsoll(?: [a-z]+)*/.exec(help)?.[0] ?? 'plimsoll';
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ');
  if (unknown !== undefined) return unknownProblem(spelledAsIn(argv, unknown), command, help);
  return new PlimsollError([
    { instead: `${command} --help`, ...problemOfParser(message.replace(/\s+/g, ' ')) },
  ]);
}

/** What the parser says, by the sentences that it has. */
function problemOfParser(message: string): PlimsollError['problems'][number] {
  const [, lacking] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (lacking !== undefined) return { code: 'command.missing-value', where: flagOf(lacking) };
  const [, name, found, choices] =
    /^Invalid values: Argument: (.+), Given: (.+), Choices: (.+)$/.exec(message) ?? [];
  if (name !== undefined && found !== undefined && choices !== undefined)
    return { code: 'command.invalid-value', where: flagOf(name), found, expected: `one of ${choices}` };
  const [, one, other] = /^Arguments (.+) and (.+) are mutually exclusive$/.exec(message) ?? [];
  if (one !== undefined && other !== undefined)
    return { code: 'command.conflicting-flags', where: `${flagOf(one)}, ${flagOf(other)}`, found: 'both' };
  const [, required] = /^Missing required arguments?: (.+)$/.exec(message) ?? [];
  if (required !== undefined)
    return { code: 'command.missing-argument', where: required.split(', ').map(flagOf).join(', ') };
  const [, got, least] =
    /^Not enough non-option arguments: got (\d+), need at least (\d+)$/.exec(message) ?? [];
  if (got !== undefined && least !== undefined)
    return {
      code: 'command.missing-argument',
      found: got,
      expected: least === '1' ? 'an argument' : `${least} arguments`,
    };
  return { code: 'command.missing-argument', expected: message };
}

/** All flags that are unknown; else the first word, whose unknown meaning makes those after it unknown. */
function unknownProblem(words: readonly string[], command: string, help: string): PlimsollError {
  const instead = `${command} --help`;
  const flags = words.filter(word => word.startsWith('-')).map(word => word.replace(/=.*/, ''));
  if (flags.length > 0) {
    const known = help.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
    return new PlimsollError(
      flags.map(flag => {
        const near = nearest(flag, known);
        return {
          code: 'command.unknown-flag',
          where: flag,
          instead: near === undefined ? instead : `${near}; ${instead} lists all flags`,
        };
      }),
    );
  }
  const [where = ''] = words;
  const [, listed = ''] = help.split(/^Commands:$/m);
  const [section = ''] = listed.split('\n\n');
  const commands = [...section.matchAll(new RegExp(`^ {2}${command} ([a-z]+)`, 'gm'))].map(
    ([, name = '']) => name,
  );
  if (commands.length === 0) return problem('command.unexpected-argument', { where, instead });
  const near = nearest(where, commands);
  return problem('command.unknown-command', {
    where,
    expected: commands.join(', '),
    instead: near === undefined ? instead : `${command} ${near}`,
  });
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

/**
 * Refuses an argument that is nothing, as an unset variable of a shell is, before it is taken for the name of a file. What is
 * sent may be empty.
 */
export function assertNoneEmpty(given: { readonly [name: string]: unknown }, argv: readonly string[]): void {
  for (const [name, value] of Object.entries(given)) {
    const isEmpty = [value].flat().some(one => typeof one === 'string' && one.trim() === '');
    if (!isEmpty || name === 'body' || name === 'b') continue;
    const isFlag = argv.some(word => word === flagOf(name) || word.startsWith(`${flagOf(name)}=`));
    const where = isFlag ? flagOf(name) : name === '--' ? 'scenario' : name;
    throw problem('command.missing-argument', { where, found: '""', expected: 'a value; or leave it out' });
  }
}

const flagOf = (name: string) => (name.length === 1 ? `-${name}` : `--${name}`);

/** yargs names an unknown flag in both of its spellings, and an unknown command like a flag. */
function spelledAsIn(argv: readonly string[], unknown: readonly string[]): readonly string[] {
  const written = unknown.filter(name => !unknown.some(other => other !== name && camelCase(other) === name));
  return written.map(name => argv.find(word => word.replace(/^--?(?:no-)?|=.*$/g, '') === name) ?? name);
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
