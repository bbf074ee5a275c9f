import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from '../../launch/process/build.ts';
import { freePorts } from '../../launch/process/port.ts';
import { type Served, serve } from '../../launch/process/serve.ts';
import { openWorkspace, type Workspace } from '../../launch/workspace/workspace.ts';
import { type OfBoth, type Side, sides } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { problem } from '../../model/error.ts';
import type { Plan, Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { duetNote } from '../../report/words/duet-note.ts';
import { LearningRedactor, redactor } from '../../safety/secret.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { gitStateOf } from '../../store/git/fingerprint.ts';
import { addWorktree, commitOf, removeWorktrees } from '../../store/git/worktree.ts';
import { exitText } from '../../words/exit-text.ts';
import { clearedLeftBehind } from '../run/left-behind.ts';
import type { DuetSides, RunningSides, SidesEvent } from './duet-sides.ts';

/** What is needed to build and serve two commits. */
export interface RefSidesOptions {
  readonly plan: Plan;
  /** How a build is made and served. */
  readonly serve: Serve;
  readonly refs: OfBoth<string>;
  /** Whether both are one commit on purpose. */
  readonly isItself: boolean;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder for logs. */
  readonly out: string;
  /** Which side gets the first of the two folders. */
  readonly firstFolder: Side;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: SidesEvent) => void;
}

/** A build of a side: where it is served, and by what. */
interface Build {
  readonly serve: Serve;
  readonly logFile: string;
  /** How a person starts it. */
  readonly byHand: string;
}

const host = '127.0.0.1';

/**
 * The duetSides of two commits of the repository around the working folder: each in a worktree of its own, built once,
 * and started afresh for every restart on ports that are free then. Whatever a killed duet left behind is removed first.
 * Throws `git.unknown-ref`, `command.invalid-value`, `build.failed` and what serving throws; nothing is left behind then.
 */
export async function refSides(options: RefSidesOptions): Promise<DuetSides> {
  const { cwd, env, refs, signal, onEvent } = options;
  const git = { env, signal };
  const commits = {
    base: await commitOf(cwd, refs.base, git),
    head: await commitOf(cwd, refs.head, git),
  };
  const notes = await notesOn(commits, refs, options);
  const remove = (repository: string, directories: readonly string[]) =>
    removeWorktrees(repository, directories, { env });
  for (const sentence of await clearedLeftBehind(env)) onEvent({ kind: 'note', sentence });
  const workspace = openWorkspace(cwd, remove);
  let droppedLogBytes = 0;
  const onDropped = (bytes: number) => {
    droppedLogBytes += bytes;
  };
  try {
    const builds = await buildBoth(commits, workspace, options);
    return {
      contestants: {
        base: { kind: 'ref', ref: refs.base, commit: commits.base },
        head: { kind: 'ref', ref: refs.head, commit: commits.head },
      },
      repeat: 'restart',
      notes: () => (droppedLogBytes > 0 ? [...notes, { kind: 'logCut', bytes: droppedLogBytes }] : notes),
      open: first => startSides(first, builds, workspace, { ...options, onDropped }),
      close: () => workspace.close(),
    };
  } catch (error) {
    // What went wrong first is what is told.
    await workspace.close().catch(() => {});
    throw error;
  }
}

/** What is odd about the commits; refused where the user surely means something else. */
async function notesOn(
  commits: OfBoth<string>,
  refs: OfBoth<string>,
  { cwd, env, onEvent, isItself }: RefSidesOptions,
): Promise<readonly DuetNote[]> {
  const state = await gitStateOf(cwd, env);
  const isSame = commits.base === commits.head && !isItself;
  if (isSame && state?.dirty) {
    throw problem('duet.same-side', {
      where: '--base, --head',
      found: `${refs.base} and ${refs.head} are both commit ${commits.head.slice(0, 10)}, and your uncommitted changes are in neither`,
      expected: 'two commits',
      instead: 'commit the changes, on a branch if you like, or stash them to compare the commit with itself',
    });
  }
  const notes: readonly DuetNote[] = [
    ...(isSame ? ([{ kind: 'sameCommit', commit: commits.head }] as const) : []),
    ...(state?.dirty ? ([{ kind: 'uncommitted' }] as const) : []),
  ];
  for (const note of notes) onEvent({ kind: 'note', sentence: duetNote(note) });
  return notes;
}

async function buildBoth(
  commits: OfBoth<string>,
  workspace: Workspace,
  { cwd, out, env, serve: how, firstFolder, plan, signal, onEvent }: RefSidesOptions,
): Promise<OfBoth<Build>> {
  const clean = redactor(plan.secrets);
  const marked = { ...env, ...workspace.env };
  const builds: { [side in Side]?: Build } = {};
  for (const side of inOrder(firstFolder)) {
    signal?.throwIfAborted();
    // Names of one length that say nothing of the side: a path is part of what a program sees.
    const folder = workspace.noteWorktree(side === firstFolder ? '1' : '2');
    onEvent({ kind: 'preparing', side, what: `checking out ${commits[side].slice(0, 10)}` });
    const { directory } = await addWorktree(cwd, commits[side], folder, { env: marked, signal });
    const commands = (['install', 'build'] as const).flatMap(name => {
      const command = how[name];
      return command === null ? [] : [{ name, command }];
    });
    const place = relative(folder, directory);
    const byHand = (last: number, ...more: readonly string[]) =>
      byHandIn(commits[side], place, [...commands.slice(0, last).map(({ command }) => command), ...more]);
    for (const [index, command] of commands.entries()) {
      onEvent({ kind: 'preparing', side, what: printable(clean(command.command)) });
      await build([command], {
        directory,
        env: marked,
        logFile: join(out, 'logs', `duet-${side}-build.log`),
        clean,
        byHand: byHand(index + 1),
        signal,
        onStart: workspace.noteGroup,
      });
    }
    builds[side] = {
      serve: { ...how, directory },
      logFile: join(out, 'logs', `duet-${side}.log`),
      byHand: byHand(commands.length, how.start),
    };
  }
  return builds as OfBoth<Build>;
}

/** The shell commands that repeat a side's start in a worktree that stays, as the duet's own are removed. */
function byHandIn(commit: string, place: string, commands: readonly string[]): string {
  const short = commit.slice(0, 10);
  const folder = join(tmpdir(), `plimsoll-${short}`);
  return [`git worktree add ${folder} ${short}`, `cd ${join(folder, place)}`, ...commands].join(' && ');
}

async function startSides(
  first: Side,
  builds: OfBoth<Build>,
  workspace: Workspace,
  {
    plan,
    env,
    signal,
    onEvent,
    onDropped,
  }: RefSidesOptions & { readonly onDropped: (bytes: number) => void },
): Promise<RunningSides> {
  const order = inOrder(first);
  const { clean, learn } = new LearningRedactor(plan.secrets);
  const ports = await freePorts(order.length);
  const served: { [side in Side]?: Served } = {};
  const targets: { [side in Side]?: Target } = {};
  const close = async () => {
    const all = Object.values(served);
    await Promise.all(all.map(one => one.stop()));
    for (const one of all) onDropped(one.droppedLogBytes());
  };
  try {
    for (const [index, side] of order.entries()) {
      onEvent({ kind: 'starting', side });
      const target = targetOn(plan.target, ports[index] as number);
      const { serve: how, logFile, byHand } = builds[side];
      served[side] = await serve(how, {
        target,
        tls: plan.transport.tls,
        env: { ...env, ...workspace.env },
        logFile,
        clean,
        byHand,
        onStart: workspace.noteGroup,
        ...(signal ? { signal } : {}),
      });
      targets[side] = target;
    }
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const both = served as OfBoth<Served>;
  const placeOf = (side: Side) => ({ target: targets[side] as Target, addresses: [host] });
  return {
    places: { base: placeOf('base'), head: placeOf('head') },
    cpuUs() {
      const [base, head] = [both.base.cpuUs(), both.head.cpuUs()];
      return base === null || head === null ? null : { base, head };
    },
    ended: () =>
      sides.map(side => endedSentence(side, both[side])).find(sentence => sentence !== null) ?? null,
    learn,
    close,
  };
}

function endedSentence(side: Side, served: Served): string | null {
  const exit = served.exit();
  if (exit === null || !served.isGone()) return null;
  const lines = served.lastLines();
  const wrote = lines.length === 0 ? 'it wrote nothing' : `it wrote last: ${lines.join(' ')}`;
  return `the server of ${side} ended while it was being measured (${exitText(exit)}); ${wrote}`;
}

function targetOn(target: Target, port: number): Target {
  const { protocol, basePath } = target;
  return { ...target, url: `${protocol}://${host}:${port}${basePath}`, host, port, socketPath: null };
}

const inOrder = (first: Side): readonly Side[] => (first === 'base' ? ['base', 'head'] : ['head', 'base']);
