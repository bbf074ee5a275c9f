import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from '../../launch/process/build.ts';
import { fileNaming } from '../../launch/workspace/fixed-path.ts';
import { moveBuild } from '../../launch/workspace/run-folder.ts';
import type { Workspace } from '../../launch/workspace/workspace.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { redactor } from '../../safety/secret.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { addWorktree } from '../../store/git/worktree.ts';
import type { SidesEvent } from './duet-sides.ts';

/** What is needed to build two commits. */
export interface BuildsOptions {
  readonly plan: Plan;
  /** How a build is made and served. */
  readonly serve: Serve;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder for logs. */
  readonly out: string;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: SidesEvent) => void;
}

/** The folders in which builds run, one for each side, of paths of one length: which build is in which is drawn at each restart. */
export type Folders<Value> = readonly Value[];

/** A build of a side. */
export interface Build {
  /** Where it lies while a folder is not its, for each folder: the same worktree, unless it had to be built in all of them. */
  readonly worktrees: Folders<string>;
  /** Within a worktree, the folder that is to it what the working folder is to the repository. */
  readonly place: string;
}

/** The builds of all sides. */
export interface Builds {
  /** A build of a side by its number from 0, made when it is first asked for, while nothing runs. */
  of(side: string, number: number): Promise<Build>;
  /** The shell commands that repeat a side's start in a worktree that stays, as the duet's own are removed. */
  byHand(side: string): string;
}

/**
 * Makes builds of commits, each in a worktree of its own. A build is made in the first of the run folders, whichever side it is
 * of. Where anything in it names that folder, as scripts of a Python environment do, it would reach another side's files from the other
 * ones: so it is made again in each of them. `of` throws `build.failed` and what git and renaming throw.
 */
export function refBuilds(
  commits: { readonly [side: string]: string },
  workspace: Workspace,
  folders: Folders<string>,
  { cwd, out, env, serve: how, plan, signal, onEvent }: BuildsOptions,
): Builds {
  const clean = redactor(plan.secrets);
  const marked = { ...env, ...workspace.env };
  const commands = (['install', 'build'] as const).flatMap(name => {
    const command = how[name];
    return command === null ? [] : [{ name, command }];
  });
  const made = new Map<string, Build>();
  let [worktrees, place] = [0, ''];
  const commitOf = (side: string) => commits[side] ?? '';
  const byHand = (side: string, last: number, ...more: readonly string[]) =>
    byHandIn(commitOf(side), place, [...commands.slice(0, last).map(({ command }) => command), ...more]);

  async function makeIn(folder: string, side: string, from: string): Promise<string> {
    signal?.throwIfAborted();
    worktrees += 1;
    // Names of one length that say nothing of the side: a path is part of what a program sees.
    const worktree = workspace.noteWorktree(String(worktrees).padStart(3, '0'));
    const what = `checking out ${commitOf(side).slice(0, 10)}${from}`;
    onEvent({ kind: 'preparing', side, what });
    const { directory } = await addWorktree(cwd, commitOf(side), worktree, { env: marked, signal });
    place = relative(worktree, directory);
    await moveBuild(worktree, folder);
    for (const [index, command] of commands.entries()) {
      onEvent({ kind: 'preparing', side, what: printable(clean(command.command)) });
      await build([command], {
        directory: join(folder, place),
        env: marked,
        logFile: join(out, 'logs', `duet-${logName(side)}-build.log`),
        clean,
        byHand: byHand(side, index + 1),
        signal,
        onStart: workspace.noteGroup,
      });
    }
    return worktree;
  }

  async function make(side: string): Promise<Build> {
    const [first = '', ...others] = folders;
    const one = await makeIn(first, side, '');
    const naming = commands.length === 0 ? null : await fileNaming(first, first, signal);
    await moveBuild(first, one);
    if (naming === null) return { worktrees: folders.map(() => one), place };
    const worktrees = [one];
    for (const other of others) {
      const again = await makeIn(other, side, ` again, since ${printable(clean(naming))} names its folder`);
      await moveBuild(other, again);
      worktrees.push(again);
    }
    return { worktrees, place };
  }

  return {
    async of(side, number) {
      const name = `${side} ${number}`;
      const known = made.get(name) ?? (await make(side));
      made.set(name, known);
      return known;
    },
    byHand: side => byHand(side, commands.length, how.start),
  };
}

/** A side's part of the name of a log: `head-1` of `head 1`. */
export const logName = (side: string) => side.replaceAll(' ', '-');

function byHandIn(commit: string, place: string, commands: readonly string[]): string {
  const short = commit.slice(0, 10);
  const folder = join(tmpdir(), `plimsoll-${short}`);
  return [`git worktree add ${folder} ${short}`, `cd ${join(folder, place)}`, ...commands].join(' && ');
}
