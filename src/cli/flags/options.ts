import { join } from 'node:path';
import type { Argv } from 'yargs';
import {
  type FormatOf,
  formatsOf,
  isJudged,
  loadGuard,
  problem,
  type ReportSubject,
  readHost,
  readSettings,
  type Settings,
} from '../../app.ts';
import type { Session } from '../streams/session.ts';

/** The flags that every command with a verdict has. */
export interface SharedFlags {
  readonly budgets: string | undefined;
  readonly out: string | undefined;
  readonly json: string | undefined;
  /** Only of commands that judge. */
  readonly report?: readonly string[] | undefined;
  readonly format: FormatOf<'run'>;
  readonly quiet: boolean;
  readonly color: boolean | undefined;
}

/** Declares the flags that every command with a verdict has; what `--out` is for depends on the command. */
export function sharedFlags<T>(
  argv: Argv<T>,
  {
    out = 'Folder for reports, records and logs [default: reports]',
    subject = 'run',
  }: { readonly out?: string; readonly subject?: ReportSubject } = {},
): Argv<T & SharedFlags> {
  return argv.options({
    ...budgetsFlag,
    ...(isJudged(subject) ? reportFlag : {}),
    out: {
      type: 'string',
      requiresArg: true,
      describe: out,
    },
    json: {
      type: 'string',
      requiresArg: true,
      describe: 'Also write the summary to this file; - for standard output',
    },
    format: {
      choices: formatsOf(subject),
      requiresArg: true,
      default: 'terminal' as const,
      describe: 'What to print on standard output',
    },
    quiet: {
      type: 'boolean',
      default: false,
      describe: 'Print only the verdict, and no progress',
    },
    color: { type: 'boolean', describe: 'Color the report [default: on a terminal]' },
  }) as unknown as Argv<T & SharedFlags>;
}

/** The flag that asks for report files besides the usual ones. */
const reportFlag = {
  report: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'Also write a report in this format, such as junit, or junit=FILE; repeatable',
  },
} as const;

/** The flag that names a budgets file. */
export const budgetsFlag = {
  budgets: {
    type: 'string',
    requiresArg: true,
    describe: 'Budgets file [default: budgets.json, if it exists]',
  },
} as const;

/** The flag that names a description of the API. */
export const openapiFlag = { openapi: { type: 'string', requiresArg: true } } as const;

/** The flags that let load go to a host, and change something there. */
export const allowHostFlag = {
  'allow-host': {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'Allow load to this host, although it is neither loopback nor private; repeatable',
  },
  'allow-unsafe': {
    type: 'boolean',
    describe: 'Allow methods that change something to a host that is in production',
  },
} as const;

/** What those flags say. */
export interface ReachFlags {
  readonly allowHost: readonly string[] | undefined;
  readonly allowUnsafe?: boolean | undefined;
}

/** Where load may go and what may not be sent, after the settings and these flags. */
export function reachOf(settings: Settings, { allowHost = [], allowUnsafe }: ReachFlags) {
  return {
    allowHosts: [...settings.allowHosts, ...allowHost],
    guard: loadGuard(settings, allowUnsafe),
  };
}

/** Where files are, after flags, plimsoll.config.json and defaults. */
export interface Places {
  readonly settings: Settings;
  readonly budgets: string | null;
  readonly out: string;
}

/** Settles where files are; an explicit file that is missing is told by whoever reads it. */
export async function placesOf(
  flags: Pick<SharedFlags, 'budgets' | 'out'>,
  { cwd }: Session,
): Promise<Places> {
  const settings = await readSettings(cwd);
  assertFolderName(settings.out, 'plimsoll.config.json: out');
  const usual = 'budgets.json';
  const chosen = flags.budgets ?? settings.budgets;
  return {
    settings,
    budgets: chosen ?? ((await exists(join(cwd, usual))) ? usual : null),
    out: flags.out ?? settings.out ?? 'reports',
  };
}

/** Refuses what cannot be meant for a folder, and what other programs would take for a flag or for two lines. */
export function assertFolderName(name: unknown, where: string): void {
  assertName(name, where, 'a folder, whose name begins with no dash and holds no line break');
}

/** The same for files that are written; `-` is standard output. */
export function assertFileNames(given: { readonly [flag: string]: unknown }): void {
  for (const flag of ['json', 'csv']) {
    if (given[flag] === '-') continue;
    assertName(given[flag], `--${flag}`, `${fileName}; or -`);
  }
}

/** Refuses what cannot be meant for a file. */
export function assertFileName(name: string, where: string): void {
  assertName(name, where, fileName);
}

const fileName = 'a file, whose name begins with no dash and holds no line break';

function assertName(name: unknown, where: string, expected: string): void {
  if (typeof name !== 'string') return;
  const isHarmless = name.trim() !== '' && !name.startsWith('-') && !/\p{Cc}/u.test(name);
  if (isHarmless) return;
  throw problem('command.invalid-value', { where, found: JSON.stringify(name), expected });
}

/** Refuses a host that no target could have. */
export function assertHosts(hosts: unknown): void {
  if (Array.isArray(hosts)) for (const host of hosts) readHost(String(host), '--allow-host');
}

async function exists(file: string): Promise<boolean> {
  const { access } = await import('node:fs/promises');
  return await access(file).then(
    () => true,
    () => false,
  );
}
