import { type Ended, runChild } from './child.ts';
import { busySeconds } from './core-time.ts';
import { generatorCore, targetCore } from './cores.ts';
import type { Load, Peer, Report } from './peers/peer.ts';
import { temporaryFolder } from './temporary.ts';

/** How much longer than its load a generator may live. */
const graceSeconds = 60;

/** One run of one generator: what it cost, and what it reported or why there is no report. */
export type PeerRun<Kept> =
  | {
      readonly state: 'reported';
      readonly ended: Ended;
      readonly report: Report;
      /** The share of the generator's core that everything else took meanwhile, right to about a percent; of no meaning where it was free. */
      readonly othersShare: number;
      /** What `keep` took out of the run's folder; null without it. */
      readonly kept: Kept | null;
    }
  | {
      readonly state: 'failed';
      /** Null where it had to be ended. */
      readonly ended: Ended | null;
      readonly problem: string;
    };

/** Where a generator may run, and how it is watched. */
export interface RunOptions<Kept> {
  /** True where it may use the target's core too. */
  readonly isFree?: boolean;
  readonly watchMemoryMs?: number;
  /** Reads the run's folder before it is removed. */
  readonly keep?: (folder: string) => Kept;
}

/** Sends one load with one generator, on its own core unless told otherwise and in a folder of its own; null where it cannot send such a load. */
export async function runPeer<Kept = null>(
  peer: Peer,
  load: Load,
  { isFree = false, watchMemoryMs, keep }: RunOptions<Kept> = {},
): Promise<PeerRun<Kept> | null> {
  const folder = temporaryFolder('bench');
  let ended: Ended | null = null;
  try {
    const command = peer.command(load, folder.path);
    if (command === null) return null;
    const before = busySeconds(generatorCore);
    ended = await runChild(command, {
      cwd: folder.path,
      cores: isFree ? `${targetCore},${generatorCore}` : generatorCore,
      atMostSeconds: load.seconds + load.timeoutSeconds + graceSeconds,
      ...(watchMemoryMs === undefined ? {} : { watchMemoryMs }),
    });
    const others = busySeconds(generatorCore) - before - ended.cpuSeconds;
    const othersShare = Math.max(0, others / ended.seconds);
    const report = peer.read({ stdout: ended.stdout, folder: folder.path });
    return { state: 'reported', ended, report, othersShare, kept: keep?.(folder.path) ?? null };
  } catch (error) {
    return { state: 'failed', ended, problem: problemOf(ended, error) };
  } finally {
    folder.remove();
  }
}

/** The line that says why, of what it printed; else what went wrong in running or reading it. */
function problemOf(ended: Ended | null, error: unknown): string {
  const said = ended === null ? [] : `${ended.stderr}\n${ended.stdout}`.split('\n');
  const telling = said.find(line => /error|reset|timeout|assert|refused/i.test(line))?.trim();
  return telling ?? (error instanceof Error ? error.message : String(error));
}
