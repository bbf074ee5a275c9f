import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as Linux tells it. */
export interface ProcessEntry {
  readonly pid: number;
  /** False of one that has ended and was not reaped: where nothing reaps orphans, as in many containers, it stays for good. */
  readonly isAlive: boolean;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it was started, in clock ticks since the system was: with the process id it means one process and no other. */
  readonly startTicks: number;
  /** User and system time of all its threads and of the children that it has reaped, in steps of 10 ms. */
  readonly cpuUs: number;
}

/** Linux gives times to processes in hundredths of a second, whatever its own clock does (`man 5 proc`, USER_HZ). */
const tickUs = 10_000;

/** Whether the system has a table that can be read. */
export const hasProcessTable = process.platform === 'linux';

/** Every process that can be seen from here, as it is when it is asked for; none where there is no table. */
export function* processEntries(): Generator<ProcessEntry> {
  if (!hasProcessTable) return;
  for (const name of readdirSync('/proc')) {
    const entry = /^\d+$/.test(name) ? processEntry(Number(name)) : null;
    if (entry !== null) yield entry;
  }
}

/** The process of this id; null where there is none, or no table. */
export function processEntry(pid: number): ProcessEntry | null {
  const stat = hasProcessTable ? readOrNull(`/proc/${pid}/stat`) : null;
  if (stat === null) return null;
  // The second field is a name in brackets, which may hold brackets and spaces itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const number = (field: number) => Number(fields[field - 3]);
  return {
    pid,
    isAlive: fields[0] !== 'Z' && fields[0] !== 'X',
    parent: number(4),
    group: number(5),
    session: number(6),
    startTicks: number(22),
    cpuUs: (number(14) + number(15) + number(16) + number(17)) * tickUs,
  };
}

/** What a variable was when a process was started; null where it had none, or that cannot be read. */
export function environmentOf(pid: number, name: string): string | null {
  const variables = readOrNull(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return variables.find(variable => variable.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** The folder that a process works in; null where that cannot be read. */
export function folderOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
