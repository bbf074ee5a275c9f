import { machineTime } from './machine-time.ts';
import { type ReadText, systemText, throttledMsIn, throttlingFiles, waitedMsIn } from './throttled-time.ts';

/** What a machine has kept its tasks from so far, in ms that only grow; null where the system does not tell. */
export interface StrainCounters {
  /** For which its cores worked, or would have. */
  readonly wantedMs: number | null;
  /** What the host of a virtual machine gave to others meanwhile. */
  readonly stolenMs: number | null;
  /** For which control groups were kept from their cores, all cores and all groups around this process added up. */
  readonly throttledMs: number | null;
  /** For which some task waited for a core. */
  readonly waitedMs: number | null;
}

/** Reads the counters of this machine again and again; which control groups there are is found out once. */
export function strainReader(read: ReadText = systemText): () => StrainCounters {
  const files = process.platform === 'linux' ? throttlingFiles(read) : [];
  return () => {
    const time = process.platform === 'linux' ? machineTime() : null;
    return {
      wantedMs: time === null ? null : time.busyMs + time.stolenMs,
      stolenMs: time?.stolenMs ?? null,
      throttledMs: files.reduce<number | null>((sum, file) => {
        const own = throttledMsIn(read(file) ?? '');
        return own === null ? sum : (sum ?? 0) + own;
      }, null),
      waitedMs: waitedMsIn(read('/proc/pressure/cpu') ?? ''),
    };
  };
}
