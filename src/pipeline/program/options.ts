import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../../config/source/environment.ts';
import { version } from '../../model/version.ts';
import { type BudgetsSource, budgetsDocument } from './budgets.ts';

/** What every call that sends load may say. Nothing is read from a settings file, and nothing is printed. */
export interface LoadOptions {
  /** Where relative paths start. Default: the working folder. */
  readonly cwd?: string | undefined;
  /** What `${NAME}` stands for, and the environment of what `serve` starts. Default: that of this process. */
  readonly env?: Environment | undefined;
  /** Default: an error rate of at most 1 %. */
  readonly budgets?: BudgetsSource | undefined;
  /** Hosts beyond loopback and private addresses that may be loaded. */
  readonly allowHosts?: readonly string[] | undefined;
  /** A folder in which the record and the logs are kept. Default: nothing is kept. */
  readonly out?: string | undefined;
  /** The command that repeats the run, for reports. */
  readonly command?: string | undefined;
  /** Ends the load early; what was measured until then is judged, and marked partial. */
  readonly signal?: AbortSignal | undefined;
}

/** What holds for a call, after defaults. */
export function surroundingsOf({ cwd = process.cwd(), env = process.env, ...options }: LoadOptions) {
  return {
    cwd,
    env,
    budgets: budgetsDocument(options.budgets, cwd),
    allowHosts: options.allowHosts ?? [],
    command: options.command ?? `# a program that uses plimsoll ${version}`,
  };
}

/** Works in the folder of a call: a temporary one, which is removed, where nothing is to be kept. */
export async function inFolder<Result extends { readonly file: string | null }>(
  { out, cwd = process.cwd() }: LoadOptions,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  if (out !== undefined) return await work(resolve(cwd, out));
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  try {
    return { ...(await work(folder)), file: null };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
