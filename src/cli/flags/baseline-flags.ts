import type { Argv } from 'yargs';
import { type Baselines, openBaselines, readSettings, type Settings } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import { storeWatcher } from '../streams/store-progress.ts';

/** The flags of every command that looks at baselines. */
export interface StoreFlags {
  readonly store: 'dir' | 'git' | undefined;
  readonly out: string | undefined;
}

/** Declares the flags of every command that looks at baselines. */
export function storeFlags<T>(argv: Argv<T>): Argv<T & StoreFlags> {
  return argv.options({
    store: {
      choices: ['dir', 'git'] as const,
      requiresArg: true,
      describe:
        'Where baselines are: a folder, or the git branch plimsoll-data [default: git in a repository]',
    },
    out: {
      type: 'string',
      requiresArg: true,
      describe: 'Reports folder; records are in its runs/ [default: reports]',
    },
  }) as unknown as Argv<T & StoreFlags>;
}

/** The baselines that flags and plimsoll.config.json mean, or settings that are known already, and where reports are. */
export async function baselinesOf(
  flags: StoreFlags,
  session: Session,
  known?: Settings,
): Promise<{
  readonly baselines: Baselines;
  readonly out: string;
  readonly targetBranch: string | undefined;
}> {
  const { cwd, env, interrupt } = session;
  const settings = known ?? (await readSettings(cwd));
  const out = flags.out ?? settings.out ?? 'reports';
  const baselines = await openBaselines({
    cwd,
    env,
    out,
    store: flags.store ?? settings.store,
    signal: interrupt,
    tell: storeWatcher(session),
  });
  return { baselines, out, targetBranch: settings.targetBranch };
}
