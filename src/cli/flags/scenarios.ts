import { readdir, stat } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import { problem } from '../../app.ts';
import type { Session } from '../streams/session.ts';

const folder = 'scenarios';
const extensions = ['.yaml', '.yml', '.json', '.ts', '.mts', '.js', '.mjs'];

/** What scenarios import stands beside them, with a name that begins so. */
const isScenario = (name: string) =>
  extensions.includes(extname(name)) && !/^[._]|\.(?:d|test|spec)\.\w+$/.test(name);

/**
 * The scenario files that are meant: a path as it is, a bare name as a file of that name in `scenarios/`, and every
 * scenario there where none is named.
 */
export async function scenarioFiles(named: readonly string[], cwd: string): Promise<readonly string[]> {
  if (named.length > 0) return await Promise.all(named.map(name => fileOf(name, cwd)));
  const names = await readdir(join(cwd, folder)).catch(() => []);
  const files = names.filter(isScenario).sort();
  if (files.length > 0) return files.map(name => join(folder, name));
  throw problem('command.no-scenario', {
    found: `no scenario named, and none in ${folder}/`,
    expected: 'one or more scenario files, or a URL with --rate or --users and --duration',
    instead: 'plimsoll run http://127.0.0.1:3000/ --rate 100/s --duration 10s',
  });
}

/** One scenario, for a command that takes minutes, of which two at once would disturb each other. */
export async function onlyScenario(
  named: string | undefined,
  cwd: string,
  command: string,
  flags = '',
): Promise<string> {
  const files = await scenarioFiles(named === undefined ? [] : [named], cwd);
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  throw problem('command.no-scenario', {
    found: `no scenario named, and ${files.length} in ${folder}/`,
    expected: 'one scenario',
    instead: `${command} ${file} ${flags}`.trimEnd(),
  });
}

const takeScenarios = new Set(['run', 'validate', 'duet', 'calibrate', 'capacity']);

/** Adds the names of the scenarios to what a shell is offered behind the commands that take them. */
export function completeScenarios({ cwd }: Session) {
  return (
    current: string,
    { _: [, command] }: { readonly _: readonly (string | number)[] },
    usual: (done: (error: Error | null, words: readonly string[] | undefined) => void) => void,
    done: (words: readonly string[]) => void,
  ): void => {
    usual(async (_, words = []) => {
      const takes = !current.startsWith('-') && takeScenarios.has(String(command));
      const files = takes ? await readdir(join(cwd, folder)).catch(() => []) : [];
      const names = files.filter(isScenario).map(file => parse(file).name);
      done([
        ...names.filter(name => /^[\w.-]+$/.test(name) && name.startsWith(current)),
        // A short form stands among them with two dashes.
        ...words.filter(word => !/^--\w(?::|$)/.test(word)),
      ]);
    });
  };
}

async function fileOf(name: string, cwd: string): Promise<string> {
  if (/[/\\.]/.test(name)) return name;
  for (const extension of extensions) {
    const file = join(folder, name + extension);
    if (
      await stat(join(cwd, file)).then(
        found => found.isFile(),
        () => false,
      )
    )
      return file;
  }
  return join(folder, `${name}.yaml`);
}
