import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  folderOf,
  hasInEnvironment,
  hasProcessTable,
  type ProcessEntry,
  processEntries,
  processEntry,
} from '../process/process-table.ts';
import type { NotedProcess } from './workspace-note.ts';

const graceMs = 5_000;
const pollMs = 50;

/** Whose processes are looked for. */
export interface Origin {
  readonly directory: string;
  /** `NAME=value`, in the environment of everything that was started there. */
  readonly mark: string;
  readonly groups: readonly NotedProcess[];
}

/** What became of them. */
export interface Leftovers {
  /** How many processes were ended. */
  readonly ended: number;
  /** Groups with processes that may be somebody else's by now, or that the system does not let end. */
  readonly left: readonly number[];
}

/**
 * Ends the processes that were started from a workspace: with SIGTERM, and after five seconds with SIGKILL. Process ids are used again,
 * so a process is ended only where it is known to be the same: by the mark in its environment; as a member of a noted group
 * whose leader started when it was noted; or, where the leader is gone, of a noted group with a member that has the mark, or
 * that works within the workspace. Nothing is ended on systems that do not tell these things.
 */
export async function endLeftovers(origin: Origin): Promise<Leftovers> {
  const ended = new Set<number>();
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += pollMs) {
      const { ours } = sortOut(origin);
      if (ours.length === 0) break;
      for (const entry of ours) {
        if (waitedMs > 0 && ended.has(entry.pid)) continue;
        ended.add(entry.pid);
        signalProcess(entry, signal);
      }
      await delay(pollMs);
    }
  }
  const { ours, unsure } = sortOut(origin);
  return { ended: ended.size, left: [...new Set([...unsure, ...ours.map(({ group }) => group)])] };
}

function sortOut({ directory, mark, groups }: Origin): {
  ours: readonly ProcessEntry[];
  unsure: readonly number[];
} {
  if (!hasProcessTable) return { ours: [], unsure: groups.map(({ pid }) => pid).filter(isThere) };
  const all = [...processEntries()].filter(({ pid }) => pid !== process.pid);
  const alive = all.filter(({ isAlive }) => isAlive);
  const marked = new Set(alive.filter(({ pid }) => hasInEnvironment(pid, mark)));
  const ours = new Set(marked);
  const unsure: number[] = [];
  for (const { pid, startTicks } of groups) {
    const leader = all.find(entry => entry.pid === pid);
    // An id is not used again while its group has members: where a leader of another time has it, all of them are his.
    if (leader !== undefined && leader.startTicks !== startTicks) continue;
    // Every group here is a session too, unlike a job of somebody's shell.
    const members = alive.filter(({ group, session }) => group === pid && session === pid);
    const works = ({ pid: member }: ProcessEntry) => folderOf(member)?.startsWith(directory + sep);
    if (leader !== undefined || members.some(member => marked.has(member) || works(member))) {
      for (const member of members) ours.add(member);
    } else if (members.length > 0) unsure.push(pid);
  }
  return { ours: [...ours], unsure };
}

function signalProcess({ pid, startTicks }: ProcessEntry, signal: NodeJS.Signals): void {
  try {
    if (processEntry(pid)?.startTicks === startTicks) process.kill(pid, signal);
  } catch {
    // It has ended by itself, or is not ours to end; the next look tells.
  }
}

function isThere(pgid: number): boolean {
  try {
    process.kill(-pgid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
