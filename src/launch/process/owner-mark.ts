import { hostname } from 'node:os';
import { type Owner, thisOwner } from './owner.ts';
import { environmentOf, type ProcessEntry, processEntries, processEntry } from './process-table.ts';

/**
 * The variable that tells of a process who started it, whatever group or session it is in: everything that Plimsoll starts inherits it.
 * A process that is to stay is started without it (`env -u PLIMSOLL_OWNER`).
 */
export const ownerVariable = 'PLIMSOLL_OWNER';

/** What the variable says. */
export interface OwnerMark {
  readonly owner: Owner;
  /** Which of the owner's process groups it was started in; 0 is none of them, but a program that works for the owner itself. */
  readonly group: number;
}

const form = /^(\d+) (\d+) (\d+) (pid:\[\d+\]) ([\da-f-]{36})$/;

let groups = 0;

/** The mark of the next process group that this process starts. */
export function nextMark(): string {
  groups += 1;
  return markText({ owner: thisOwner(), group: groups });
}

/** How many groups this process has marked. */
export function markedGroups(): number {
  return groups;
}

/** A mark as the variable's value. It means nothing where the system does not tell what it is made of. */
export function markText({ owner: { pid, startTicks, namespace, boot }, group }: OwnerMark): string {
  return `${pid} ${startTicks} ${group} ${namespace} ${boot}`;
}

/** The mark of a process; null where it has none, or that cannot be read. A process can only inherit it on the host where its owner is. */
export function markOf(pid: number): OwnerMark | null {
  const text = environmentOf(pid, ownerVariable);
  return text === null ? null : readMark(text);
}

/** A mark as it is written in the variable; null of any other text. */
function readMark(text: string): OwnerMark | null {
  const [, pid, startTicks, group, namespace = '', boot = ''] = form.exec(text) ?? [];
  if (group === undefined) return null;
  const owner = { pid: Number(pid), startTicks: Number(startTicks), host: hostname(), boot, namespace };
  return { owner, group: Number(group) };
}

/** Whether both are the same process, and not only of one id. */
export function isSameOwner(one: Owner, other: Owner): boolean {
  return (
    one.pid === other.pid &&
    one.startTicks === other.startTicks &&
    one.boot === other.boot &&
    one.namespace === other.namespace
  );
}

/** The living processes whose mark is of a certain kind, this one never among them. */
export function markedProcesses(isMeant: (mark: OwnerMark) => boolean): readonly ProcessEntry[] {
  return [...processEntries()].filter(({ pid, isAlive }) => {
    const mark = isAlive && pid !== process.pid ? markOf(pid) : null;
    return mark !== null && isMeant(mark);
  });
}

/** Signals one process, unless another has its id by now. */
export function signalProcess({ pid, startTicks }: ProcessEntry, signal: NodeJS.Signals): void {
  try {
    if (processEntry(pid)?.startTicks === startTicks) process.kill(pid, signal);
  } catch {
    // It has ended by itself, or is not ours to end; the next look tells.
  }
}
