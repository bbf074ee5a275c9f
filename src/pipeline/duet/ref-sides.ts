import { join } from 'node:path';
import { freePorts } from '../../launch/process/port.ts';
import { type Served, serve } from '../../launch/process/serve.ts';
import { moveBuild } from '../../launch/workspace/run-folder.ts';
import { openWorkspace, type Workspace } from '../../launch/workspace/workspace.ts';
import { type OfBoth, type Side, sides } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { problem } from '../../model/error.ts';
import type { Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { duetNote } from '../../report/words/duet-note.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { gitStateOf } from '../../store/git/fingerprint.ts';
import { commitOf, removeWorktrees } from '../../store/git/worktree.ts';
import { exitText } from '../../words/exit-text.ts';
import { clearedLeftBehind } from '../run/left-behind.ts';
import { buildByCoin, sideByCoin } from './coins.ts';
import { type DuetSides, oneEach, type RunningSides } from './duet-sides.ts';
import { type Builds, type BuildsOptions, type Folders, refBuilds } from './ref-builds.ts';

/** What is needed to build and serve two commits. */
export interface RefSidesOptions extends BuildsOptions {
  readonly refs: OfBoth<string>;
  /** Whether both are one commit on purpose. */
  readonly isItself: boolean;
  /** Of the duet: which side is built first, and which build is started in which folder, are hashes of it. */
  readonly seed: number;
  /** How often each side is built. */
  readonly buildsPerSide: number;
}

const host = '127.0.0.1';

/**
 * The duetSides of two commits of the repository around the working folder: each built in a worktree of its own, and started afresh
 * for every restart, in one of two folders and on ports that are free then. Whatever a killed duet left behind is removed first.
 * Throws `git.unknown-ref`, `command.invalid-value`, `build.failed` and what serving throws; nothing is left behind then.
 */
export async function refSides(options: RefSidesOptions): Promise<DuetSides> {
  const { cwd, env, refs, seed, signal, onEvent } = options;
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
    const folders: Folders<string> = [workspace.runFolder('1'), workspace.runFolder('2')];
    const builds = refBuilds(commits, workspace, folders, options);
    for (const side of inOrder(sideByCoin(seed, 'folders', 0))) await builds.of(side, 0);
    let starts = 0;
    return {
      contestants: {
        base: { kind: 'ref', ref: refs.base, commit: commits.base },
        head: { kind: 'ref', ref: refs.head, commit: commits.head },
      },
      repeat: 'restart',
      notes: () => (droppedLogBytes > 0 ? [...notes, { kind: 'logCut', bytes: droppedLogBytes }] : notes),
      async open(first) {
        const start = starts;
        starts += 1;
        return await openStart(first, start, builds, folders, workspace, { ...options, onDropped });
      },
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

interface StartOptions extends RefSidesOptions {
  readonly onDropped: (bytes: number) => void;
}

/** Draws the builds of a start and the folders they run in, moves them there, and starts both; closing moves them back. */
async function openStart(
  first: Side,
  start: number,
  builds: Builds,
  folders: Folders<string>,
  workspace: Workspace,
  options: StartOptions,
): Promise<RunningSides> {
  const { seed, buildsPerSide } = options;
  const numbers = {
    base: buildByCoin(seed, 'base', start, buildsPerSide),
    head: buildByCoin(seed, 'head', start, buildsPerSide),
  };
  const firstFolder = sideByCoin(seed, 'folders', start + 1);
  const moved: { readonly worktree: string; readonly folder: string }[] = [];
  const moveBack = async () => {
    for (const { worktree, folder } of moved) await moveBuild(folder, worktree);
  };
  // All builds are made before the first one is moved: they need the folders.
  const chosen = {
    base: await builds.of('base', numbers.base),
    head: await builds.of('head', numbers.head),
  };
  try {
    const serves: { [side in Side]?: Serve } = {};
    for (const side of sides) {
      const { worktrees, place } = chosen[side];
      const index = side === firstFolder ? 0 : 1;
      const [worktree, folder] = [worktrees[index], folders[index]];
      await moveBuild(worktree, folder);
      moved.push({ worktree, folder });
      serves[side] = { ...options.serve, directory: join(folder, place) };
    }
    const running = await startSides(first, serves as OfBoth<Serve>, builds, workspace, options);
    return {
      ...running,
      drawn: { firstFolder, builds: { base: numbers.base + 1, head: numbers.head + 1 } },
      async close() {
        await running.close();
        await moveBack();
      },
    };
  } catch (error) {
    await moveBack().catch(() => {});
    throw error;
  }
}

async function startSides(
  first: Side,
  serves: OfBoth<Serve>,
  builds: Builds,
  workspace: Workspace,
  { plan, env, out, signal, onEvent, onDropped }: StartOptions,
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
      served[side] = await serve(serves[side], {
        target,
        tls: plan.transport.tls,
        env: { ...env, ...workspace.env },
        logFile: join(out, 'logs', `duet-${side}.log`),
        clean,
        byHand: builds.byHand(side),
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
    names: oneEach,
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
