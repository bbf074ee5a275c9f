import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';

/** Ticks of `/proc/stat` in a second (`USER_HZ`), the same on every architecture that Node runs on. */
const ticksPerSecond = 100;

/**
 * Seconds since boot that a core was not idle: user, nice, system, interrupts, and what the host gave to other machines
 * (`steal`). Fields as in proc(5); idle and waiting for a disk are left out.
 */
export function busySeconds(core: string): number {
  const line = new RegExp(`^cpu${core} (.+)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  if (line === undefined) throw new Error(`no core ${core} in /proc/stat`);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** The shares of time that cores are busy while nothing is measured. */
export async function busyShares(cores: readonly string[], forMs = 2_000): Promise<readonly number[]> {
  const before = cores.map(busySeconds);
  const began = performance.now();
  await after(forMs);
  const seconds = (performance.now() - began) / 1_000;
  return cores.map((core, index) => (busySeconds(core) - (before[index] ?? 0)) / seconds);
}
