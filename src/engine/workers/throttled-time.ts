import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads a file; null where there is none. */
export type ReadText = (file: string) => string | null;

/** Reads a file of the system as it is now. */
export function systemText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const mount = '/sys/fs/cgroup';

/**
 * The files that count for how long the control group of this process, and each one around it, was kept from its cores, as the quota of a
 * container does: `cpu.stat` of version 2 and of version 1. None where there are no control groups. Inside a container the
 * path may be that of the host, of which only the top is to be seen.
 */
export function throttlingFiles(read: ReadText = systemText): readonly string[] {
  const groups = (read('/proc/self/cgroup') ?? '').split('\n').flatMap(line => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined || path.split('/').includes('..')) return [];
    if (controllers === '') return [mount, join(mount, 'unified')].map(top => ({ top, path }));
    if (!controllers.split(',').includes('cpu')) return [];
    return [{ top: join(mount, controllers), path }];
  });
  const files = groups.flatMap(({ top, path }) => {
    const parts = path.split('/').filter(part => part !== '');
    return Array.from({ length: parts.length + 1 }, (_, left) =>
      join(top, ...parts.slice(0, parts.length - left), 'cpu.stat'),
    );
  });
  return files.filter(file => throttledMsIn(read(file) ?? '') !== null);
}

/** The time in ms that a `cpu.stat` counts: microseconds in version 2, nanoseconds in version 1; null where it counts none. */
export function throttledMsIn(stat: string): number | null {
  const [, name, value] = /^(throttled_usec|throttled_time) (\d+)$/m.exec(stat) ?? [];
  if (value === undefined) return null;
  return Number(value) / (name === 'throttled_usec' ? 1e3 : 1e6);
}

/** For how long some task has waited for a core, in ms, as `/proc/pressure/cpu` counts it; null where it does not. */
export function waitedMsIn(pressure: string): number | null {
  const total = /^some .*\btotal=(\d+)$/m.exec(pressure)?.[1];
  return total === undefined ? null : Number(total) / 1e3;
}
