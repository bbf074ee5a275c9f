import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../../model/error.ts';
import { thisOwner } from './owner.ts';
import {
  isSameOwner,
  markedGroups,
  markedProcesses,
  markText,
  nextMark,
  type OwnerMark,
  ownerVariable,
  signalProcess,
} from './owner-mark.ts';
import { hasProcessTable, type ProcessEntry, processEntries } from './process-table.ts';

const usualGraceMs = 5_000;
const pollMs = 50;

/** How a process ended: exactly one of the two is not null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A shell command with everything that it started, in a process group of its own. What leaves the group, for a session of its own, is
 * known by its mark; only Linux tells that.
 */
export interface ProcessGroup {
  /** The shell's process id, which is the group's id too. */
  readonly pid: number;
  /** When the shell has ended; what it started may still run. */
  readonly exited: Promise<Exit>;
  /** How the shell has ended; null while it runs. */
  exit(): Exit | null;
  /** Whether no process of the group is left. */
  isGone(): boolean;
  /**
   * CPU time, user and system, in steps of 10 ms: of the processes that are in the group now, and of their children that they have
   * reaped. It lacks what ended with its parent outside the group, such as the shell itself. Null where no process is left, and
   * everywhere but on Linux.
   */
  cpuUs(): number | null;
  /**
   * Ends the whole group, and what has left it, with SIGTERM, and after five seconds, or what is given, with SIGKILL; resolves when no
   * process of it is left. A second call joins the first. Rejects where the system does not let a process be killed.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Where a command runs, and the open file that takes its output. */
export interface CommandOptions {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: number;
}

/** The groups that were started here and may still have a living process. */
const living = new Set<number>();

/**
 * Kills every living group that this process started, at once and without waiting: the last resort of a second Ctrl-C.
 * It also runs by itself when this process exits, but not when it is killed by a signal that it does not handle.
 */
export function stopAllNow(): void {
  for (const pgid of living) signalGroup(pgid, 'SIGKILL');
  if (markedGroups() === 0) return;
  const us = thisOwner();
  const isOurs = ({ owner, group }: OwnerMark) => group > 0 && isSameOwner(owner, us);
  for (const stray of markedProcesses(isOurs)) signalProcess(stray, 'SIGKILL');
}

/**
 * Signals whatever was started by this process, or by what it started, and still runs: after an interrupt that is git, which is in no
 * group of its own and may wait for something that never comes.
 */
export function endChildrenNow(signal: NodeJS.Signals): void {
  const all = [...processEntries()];
  for (let parents = new Set([process.pid]); parents.size > 0; ) {
    const children = all.filter(({ parent }) => parents.has(parent));
    for (const child of children) if (child.isAlive) signalProcess(child, signal);
    parents = new Set(children.map(({ pid }) => pid));
  }
}

/** Starts a command through the shell, as the leader of a new process group; rejects where it cannot be spawned. */
export function startGroup(
  command: string,
  { directory, env, output }: CommandOptions,
): Promise<ProcessGroup> {
  const mark = nextMark();
  const marked = { ...env, [ownerVariable]: mark };
  const stdio: StdioOptions = ['ignore', output, output];
  return groupOf(spawn(command, { shell: true, detached: true, cwd: directory, env: marked, stdio }), mark);
}

/** The group of a process that was just spawned as its leader (`detached`), with a mark; rejects where it cannot be spawned. */
export async function groupOf(child: ChildProcess, mark: string): Promise<ProcessGroup> {
  const { pid } = child;
  let ended: Exit | null = null;
  const exited = new Promise<Exit>(resolve => {
    child.once('exit', (code, signal) => {
      ended = { code, signal };
      if (pid !== undefined && !hasLivingMember(pid)) forget(pid);
      resolve(ended);
    });
  });
  if (pid === undefined) throw (await once(child, 'error'))[0];
  remember(pid);
  let stopping: Promise<void> | undefined;
  const isGone = () => ended !== null && !hasLivingMember(pid);
  return {
    pid,
    exited,
    exit: () => ended,
    isGone,
    cpuUs: () => cpuOf(pid),
    stop: graceMs => {
      stopping ??= stopGroup({ pid, mark, isGone }, graceMs);
      return stopping;
    },
  };
}

function remember(pgid: number): void {
  if (living.size === 0) process.on('exit', stopAllNow);
  living.add(pgid);
}

function forget(pgid: number): void {
  living.delete(pgid);
  if (living.size === 0) process.off('exit', stopAllNow);
}

interface StartedGroup extends Pick<ProcessGroup, 'pid' | 'isGone'> {
  readonly mark: string;
}

async function stopGroup({ pid: pgid, mark, isGone }: StartedGroup, graceMs = usualGraceMs): Promise<void> {
  const strays = () => markedProcesses(found => markText(found) === mark);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    // Once a group is gone, its id may belong to others: it is never signalled again.
    if (living.has(pgid)) signalGroup(pgid, signal);
    for (const stray of strays()) if (stray.group !== pgid) signalProcess(stray, signal);
    const isEnded = () => isGone() && strays().length === 0;
    for (let waitedMs = 0; waitedMs < graceMs && !isEnded(); waitedMs += pollMs) await delay(pollMs);
    if (isGone()) forget(pgid);
    if (isEnded()) return;
  }
  throw problem('process.not-ended', {
    where: `process group ${pgid}`,
    found: 'it lives on after SIGKILL',
  });
}

function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch {
    // It is gone already, or not ours to kill; who waits for its end finds out.
  }
}

/**
 * Whether a process of the group is left. A signal reaches zombies too, and where nothing reaps orphans, as in many
 * containers, they stay for good: on Linux they are told apart by their state.
 */
function hasLivingMember(pgid: number): boolean {
  try {
    process.kill(-pgid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !hasProcessTable || membersOf(pgid).some(({ isAlive }) => isAlive);
}

function membersOf(pgid: number): readonly ProcessEntry[] {
  return [...processEntries()].filter(({ group }) => group === pgid);
}

/** Who has ended and was not reaped yet counts, since its time is nowhere else. */
function cpuOf(pgid: number): number | null {
  const members = membersOf(pgid);
  if (!members.some(({ isAlive }) => isAlive)) return null;
  return members.reduce((sum, { cpuUs }) => sum + cpuUs, 0);
}
