import { join } from 'node:path';
import { freePorts } from '../../launch/process/port.ts';
import { type Served, serve } from '../../launch/process/serve.ts';
import { moveBuild } from '../../launch/workspace/run-folder.ts';
import { openWorkspace, type Workspace } from '../../launch/workspace/workspace.ts';
import type { DuetRecord, Restart } from '../../model/duet/duet.ts';
import type { Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { commitOf, removeWorktrees } from '../../store/git/worktree.ts';
import { exitText } from '../../words/exit-text.ts';
import { clearedLeftBehind } from '../run/left-behind.ts';
import { buildByCoin, orderByCoin } from './coins.ts';
import { notesOnCommits } from './commit-notes.ts';
import type { DuetHead, DuetSides, RunningSides } from './duet-sides.ts';
import {
  type Build,
  type Builds,
  type BuildsOptions,
  type Folders,
  logName,
  refBuilds,
} from './ref-builds.ts';

/** What is needed to build and serve base and the heads. */
export interface RefSidesOptions extends BuildsOptions {
  readonly refs: { readonly base: string; readonly heads: readonly string[] };
  /** Whether both are one commit on purpose. */
  readonly isItself: boolean;
  /** Of the duet: which side is built first, and which build is started in which folder, are hashes of it. */
  readonly seed: number;
  /** How often each side is built. */
  readonly buildsPerSide: number;
  /** What was measured before, where a duet is continued: its builds are gone, so these are others, and their folders are drawn anew. */
  readonly earlier?: Pick<DuetRecord, 'restarts' | 'continued'> | undefined;
}

const host = '127.0.0.1';

/** A duet that is continued has coins of its own. */
const startsApart = 1_000;

/**
 * The duetSides of commits of the repository around the working folder: each built in a worktree of its own, and started afresh
 * for every restart, in one of as many folders and on ports that are free then. Whatever a killed duet left behind is removed first.
 * Throws `git.unknown-ref`, `command.invalid-value`, `build.failed` and what serving throws; nothing is left behind then.
 */
export async function refSides(options: RefSidesOptions): Promise<DuetSides> {
  const { cwd, env, refs, seed, signal, onEvent } = options;
  const git = { env, signal };
  const commits: { [side: string]: string } = { base: await commitOf(cwd, refs.base, git) };
  const heads = refs.heads.map((ref, index) => ({
    ref,
    name: refs.heads.length === 1 ? 'head' : `head ${index + 1}`,
  }));
  for (const { name, ref } of heads) commits[name] = await commitOf(cwd, ref, git);
  const told = await notesOnCommits(commits, refs.base, heads, options);
  const remove = (repository: string, directories: readonly string[]) =>
    removeWorktrees(repository, directories, { env });
  for (const sentence of await clearedLeftBehind(env)) onEvent({ kind: 'note', sentence });
  const workspace = openWorkspace(cwd, remove);
  let droppedLogBytes = 0;
  const onDropped = (bytes: number) => {
    droppedLogBytes += bytes;
  };
  try {
    const names = Object.keys(commits);
    const folders = names.map((_, index) => workspace.runFolder(String(index + 1)));
    const builds = refBuilds(commits, workspace, folders, options);
    for (const side of orderByCoin(seed, 'folders', 0, names)) await builds.of(side, 0);
    let starts = 0;
    return {
      heads: heads.map(({ name, ref }): DuetHead => {
        const notes = told.get(name) ?? [];
        return {
          name,
          contestants: {
            base: { kind: 'ref', ref: refs.base, commit: commits.base as string },
            head: { kind: 'ref', ref, commit: commits[name] as string },
          },
          notes: () => (droppedLogBytes > 0 ? [...notes, { kind: 'logCut', bytes: droppedLogBytes }] : notes),
        };
      }),
      repeat: 'restart',
      async open(order) {
        const start = starts;
        starts += 1;
        return await openStart(order, start, builds, folders, workspace, { ...options, onDropped });
      },
      close: () => workspace.close(),
    };
  } catch (error) {
    // What went wrong first is what is told.
    await workspace.close().catch(() => {});
    throw error;
  }
}

interface StartOptions extends RefSidesOptions {
  readonly onDropped: (bytes: number) => void;
}

/** Draws the builds of a start and the folders they run in, moves them there, and starts them in order; closing moves them back. */
async function openStart(
  order: readonly string[],
  start: number,
  builds: Builds,
  folders: Folders<string>,
  workspace: Workspace,
  options: StartOptions,
): Promise<RunningSides> {
  const { seed, buildsPerSide, earlier } = options;
  const builtBefore = Math.max(
    0,
    ...(earlier?.restarts ?? []).flatMap(({ builds: of }) => (of ? [of.base, of.head] : [])),
  );
  const firstStart = earlier === undefined ? 0 : startsApart * (1 + (earlier.continued?.length ?? 0));
  const names = ['base', ...order.filter(name => name !== 'base').sort()];
  const numberOf = (name: string) => buildByCoin(seed, name, start, buildsPerSide);
  const inFolders = orderByCoin(seed, 'folders', firstStart + start + 1, names);
  const moved: { readonly worktree: string; readonly folder: string }[] = [];
  const moveBack = async () => {
    for (const { worktree, folder } of moved) await moveBuild(folder, worktree);
  };
  // All builds are made before the first one is moved: they need the folders.
  const chosen = new Map<string, Build>();
  for (const name of names) chosen.set(name, await builds.of(name, numberOf(name)));
  try {
    const serves: { [name: string]: Serve } = {};
    for (const [name, { worktrees, place }] of chosen) {
      const index = inFolders.indexOf(name);
      const [worktree = '', folder = ''] = [worktrees[index], folders[index]];
      await moveBuild(worktree, folder);
      moved.push({ worktree, folder });
      serves[name] = { ...options.serve, directory: join(folder, place) };
    }
    const running = await startSides(order, serves, builds, workspace, options);
    const drawn = names.slice(1).map(
      (name): Pick<Restart, 'firstFolder' | 'builds'> => ({
        firstFolder: inFolders.indexOf('base') < inFolders.indexOf(name) ? 'base' : 'head',
        builds: { base: builtBefore + numberOf('base') + 1, head: builtBefore + numberOf(name) + 1 },
      }),
    );
    return {
      ...running,
      names: names.slice(1).map(name => ({ base: ['base'], head: [name] })),
      drawn,
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
  order: readonly string[],
  serves: { readonly [name: string]: Serve },
  builds: Builds,
  workspace: Workspace,
  { plan, env, out, signal, onEvent, onDropped }: StartOptions,
): Promise<Omit<RunningSides, 'names'>> {
  const { clean, learn } = new LearningRedactor(plan.secrets);
  const ports = await freePorts(order.length);
  const served = new Map<string, Served>();
  const targets = new Map<string, Target>();
  const close = async () => {
    const all = [...served.values()];
    await Promise.all(all.map(one => one.stop()));
    for (const one of all) onDropped(one.droppedLogBytes());
  };
  try {
    for (const [index, side] of order.entries()) {
      onEvent({ kind: 'starting', side });
      const target = targetOn(plan.target, ports[index] as number);
      const started = await serve(serves[side] as Serve, {
        target,
        tls: plan.transport.tls,
        protocol: plan.transport.protocol,
        env: { ...env, ...workspace.env },
        logFile: join(out, 'logs', `duet-${logName(side)}.log`),
        clean,
        byHand: builds.byHand(side),
        onStart: workspace.noteGroup,
        ...(signal ? { signal } : {}),
      });
      served.set(side, started);
      targets.set(side, target);
    }
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const all = [...served];
  return {
    places: Object.fromEntries([...targets].map(([name, target]) => [name, { target, addresses: [host] }])),
    cpuUs() {
      const known = all.map(([name, one]) => [name, one.cpuUs()] as const);
      return known.every(([, us]) => us !== null)
        ? (Object.fromEntries(known) as { [name: string]: number })
        : null;
    },
    ended() {
      const [first] = all.flatMap(([name, one]) => {
        const reason = endedSentence(name, one);
        return reason === null ? [] : [{ name, reason }];
      });
      return first ?? null;
    },
    learn,
    close,
  };
}

function endedSentence(side: string, served: Served): string | null {
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
