import { number } from '../../src/words/quantity-text.ts';
import { runPeer } from '../peer-run.ts';
import { label } from '../peers/peer.ts';
import type { Setting } from '../setting.ts';
import { startNginx } from '../targets/nginx.ts';
import type { Measured } from './section.ts';

const connectionCounts = [64, 1_000, 5_000];
const usualSeconds = 4;
const everyMs = 50;

interface Footprint {
  readonly connections: number;
  readonly peakBytes: number | null;
  /** Connections that nginx accepted. */
  readonly accepted: number;
  /** Why there is no report; null where there is one. */
  readonly problem: string | null;
}

/** The most memory that each generator holds at 64, 1,000 and 5,000 connections. */
export async function measureMemory(setting: Setting): Promise<Measured> {
  const seconds = setting.seconds ?? usualSeconds;
  const found: { name: string; version: string; footprints: readonly Footprint[] }[] = [];
  const nginx = await startNginx();
  try {
    for (const peer of setting.all) {
      const footprints: Footprint[] = [];
      for (const connections of connectionCounts) {
        const before = await nginx.seen();
        const load = {
          url: nginx.url,
          method: 'GET',
          seconds,
          connections,
          timeoutSeconds: 10,
          rate: null,
        } as const;
        const run = await runPeer(peer, load, { watchMemoryMs: everyMs });
        if (run === null) continue;
        const accepted = (await nginx.seen()).connections - before.connections - 1;
        const problem = run.state === 'failed' ? run.problem : null;
        footprints.push({ connections, peakBytes: run.ended?.peakBytes ?? null, accepted, problem });
        setting.say(`memory ${peer.name} at ${connections}: ${shown(footprints.at(-1))}`);
      }
      if (footprints.length > 0) found.push({ name: peer.name, version: peer.version, footprints });
    }
  } finally {
    await nginx.stop();
  }
  return {
    tables: [
      {
        title: 'Memory',
        method: `The kernel's high-water mark of resident memory, read every ${everyMs} ms, in one closed loop of ${seconds} s against nginx.`,
        columns: [
          { title: 'generator', align: 'left' },
          ...connectionCounts.map(
            count => ({ title: `${number(count)} connections`, align: 'right' }) as const,
          ),
        ],
        rows: found.map(({ name, version, footprints }) => [
          label({ name, version }),
          ...connectionCounts.map(count =>
            shown(footprints.find(({ connections }) => connections === count)),
          ),
        ]),
        notes: found.some(({ footprints }) => footprints.some(each => !isFull(each)))
          ? ['† It did not open that many connections, or ended without a report.']
          : [],
      },
    ],
    figures: found,
  };
}

function isFull({ connections, accepted, problem }: Footprint): boolean {
  return accepted >= connections && problem === null;
}

function shown(footprint: Footprint | undefined): string {
  if (!footprint || footprint.peakBytes === null) return '–';
  return `${number(footprint.peakBytes / 1e6)} MB${isFull(footprint) ? '' : ' †'}`;
}
