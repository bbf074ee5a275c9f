import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type NotedProcess, type Owner, stateOf } from '../process/owner.ts';
import { isSameOwner, markedProcesses, markOf, signalProcess } from '../process/owner-mark.ts';
import { folderOf, hasProcessTable, type ProcessEntry, processEntries } from '../process/process-table.ts';

const graceMs = 5_000;
const pollMs = 50;

/** Whose processes are looked for. */
export interface Origin {
  readonly directory: string;
  readonly owner: Owner;
  readonly groups: readonly NotedProcess[];
}

/** What became of them. */
export interface Leftovers {
  /** How many processes were ended. */
  readonly ended: number;
  /** Groups with processes that may be somebody else's by now, or that the system does not let end. */
  readonly left: readonly number[];
}

/** Processes that are known to be left over, and groups of which it cannot be told. */
interface Found {
  readonly ours: readonly ProcessEntry[];
  readonly unsure: readonly number[];
}

/**
 * Ends the processes that were started from a workspace: with SIGTERM, and after five seconds with SIGKILL. Process ids are used again,
 * so a process is ended only where it is known to be the same: by its owner's mark; as a member of a noted group
 * whose leader started when it was noted; or, where the leader is gone, of a noted group with a member that has the mark, or
 * that works within the workspace. Nothing is ended on systems that do not tell these things.
 */
export function endLeftovers(origin: Origin): Promise<Leftovers> {
  return endAll(() => sortOut(origin));
}

/**
 * Ends every process that carries the mark of an owner that has ended, in whatever session it is, in the same way. The owner
 * whose mark this process carries itself is left alone: this process is part of what that one started.
 */
export function endOrphans(): Promise<Leftovers> {
  const above = markOf(process.pid)?.owner;
  return endAll(() => ({
    ours: markedProcesses(
      ({ owner }) => stateOf(owner) === 'ended' && !(above !== undefined && isSameOwner(owner, above)),
    ),
    unsure: [],
  }));
}

async function endAll(find: () => Found): Promise<Leftovers> {
  const ended = new Set<number>();
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += pollMs) {
      const { ours } = find();
      if (ours.length === 0) break;
      for (const entry of ours) {
        if (waitedMs > 0 && ended.has(entry.pid)) continue;
        ended.add(entry.pid);
        signalProcess(entry, signal);
      }
      await delay(pollMs);
    }
  }
  const { ours, unsure } = find();
  const gone = ended.size - ours.filter(({ pid }) => ended.has(pid)).length;
  return { ended: gone, left: [...new Set([...unsure, ...ours.map(({ group }) => group)])] };
}

function sortOut({ directory, owner, groups }: Origin): Found {
  if (!hasProcessTable) return { ours: [], unsure: groups.map(({ pid }) => pid).filter(isThere) };
  const all = [...processEntries()].filter(({ pid }) => pid !== process.pid);
  const alive = all.filter(({ isAlive }) => isAlive);
  const marked = markedProcesses(mark => isSameOwner(mark.owner, owner));
  const ours = new Map(marked.map(entry => [entry.pid, entry]));
  const unsure: number[] = [];
  for (const { pid, startTicks } of groups) {
    const leader = all.find(entry => entry.pid === pid);
    // An id is not used again while its group has members: where a leader of another time has it, all of them are his.
    if (leader !== undefined && leader.startTicks !== startTicks) continue;
    // Every group here is a session too, unlike a job of somebody's shell.
    const members = alive.filter(({ group, session }) => group === pid && session === pid);
    const works = ({ pid: member }: ProcessEntry) => folderOf(member)?.startsWith(directory + sep);
    if (leader !== undefined || members.some(member => ours.has(member.pid) || works(member))) {
      for (const member of members) ours.set(member.pid, member);
    } else if (members.length > 0) unsure.push(pid);
  }
  return { ours: [...ours.values()], unsure };
}

function isThere(pgid: number): boolean {
  try {
    process.kill(-pgid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
