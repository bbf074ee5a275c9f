import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { hasProcessTable, processEntry } from './process-table.ts';

/** A process, which the time of its start tells from any other that had its id; null where that is not known. */
export interface NotedProcess {
  readonly pid: number;
  readonly startTicks: number | null;
}

/** A process that starts others, and where its id means something. */
export interface Owner extends NotedProcess {
  readonly host: string;
  /** Of this start of the system; null where it is not told. */
  readonly boot: string | null;
  /** Of the process ids, which a container has for itself; null where it is not told. */
  readonly namespace: string | null;
}

/** What is known of an owner from here: with the system, its processes have ended too. */
export type OwnerState = 'lives' | 'ended' | 'restarted' | 'unknown';

/** This process. */
export function thisOwner(): Owner {
  return {
    ...noted(process.pid),
    host: hostname(),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** A process with the time of its start. */
export function noted(pid: number): NotedProcess {
  return { pid, startTicks: processEntry(pid)?.startTicks ?? null };
}

/** Whether an owner lives, as far as it can be told from here. */
export function stateOf(owner: Owner): OwnerState {
  const here = thisOwner();
  if (owner.boot !== here.boot) return owner.host === here.host ? 'restarted' : 'unknown';
  if (owner.namespace !== here.namespace) return 'unknown';
  if (!hasProcessTable) return isThere(owner.pid) ? 'lives' : 'ended';
  const entry = processEntry(owner.pid);
  return entry?.isAlive && entry.startTicks === owner.startTicks ? 'lives' : 'ended';
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function orNull<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
