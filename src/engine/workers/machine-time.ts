import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** How the time of a machine's cores was spent since it started, in ms, all cores together. */
export interface MachineTime {
  readonly cores: number;
  readonly busyMs: number;
  /** What the host of a virtual machine gave to others. */
  readonly stolenMs: number;
  readonly wholeMs: number;
}

/** Linux counts in hundredths of a second, whatever its own clock does (`man 5 proc`, USER_HZ). */
const tickMs = 10;

/** The time of the cores that this process may run on; null where the system does not tell. */
export function machineTime(): MachineTime | null {
  return process.platform === 'linux' ? linuxTime() : timeOfAll();
}

function linuxTime(): MachineTime | null {
  try {
    return machineTimeIn(readFileSync('/proc/stat', 'utf8'), readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Reads `/proc/stat`, of the cores alone that `/proc/self/status` allows: in a container or under `taskset` the others are
 * nobody's rivals. Waiting for a disk is idle time, which Node's own `os.cpus()` leaves out, and so are stolen ticks.
 */
export function machineTimeIn(stat: string, status: string): MachineTime | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  const allowed = list === undefined ? null : coresIn(list);
  const cores = [...stat.matchAll(/^cpu(\d+) (.+)$/gm)]
    .filter(([, number]) => allowed?.has(Number(number)) ?? true)
    .map(([, , ticks = '']) => ticks.trim().split(/\s+/).map(Number));
  if (cores.length === 0) return null;
  const sum = (pick: (ticks: readonly number[]) => number) =>
    tickMs * cores.reduce((total, ticks) => total + pick(ticks), 0);
  const busyMs = sum(([user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0]) => {
    return user + nice + system + irq + softirq;
  });
  const stolenMs = sum(ticks => ticks[7] ?? 0);
  const idleMs = sum(([, , , idle = 0, waiting = 0]) => idle + waiting);
  return { cores: cores.length, busyMs, stolenMs, wholeMs: busyMs + stolenMs + idleMs };
}

/** `0-3,8` are five cores. */
function coresIn(list: string): ReadonlySet<number> {
  return new Set(
    list.split(',').flatMap(part => {
      const [first = 0, last = first] = part.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
}

function timeOfAll(): MachineTime | null {
  const all = cpus();
  if (all.length === 0) return null;
  const busyMs = all.reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
  const idleMs = all.reduce((sum, { times }) => sum + times.idle, 0);
  return { cores: all.length, busyMs, stolenMs: 0, wholeMs: busyMs + idleMs };
}
