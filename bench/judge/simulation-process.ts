/** A process of the simulation: takes its order, plays its share of the duets, and tells how far it is and what came out. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Setting } from './drawn-restart.ts';
import { playDuet } from './simulated-duet.ts';
import { readRecording, withUnitsOf } from './slot-recording.ts';
import { emptyTally, type Tally, tallyOf } from './tally.ts';

/** What a process is to play: every `of`-th duet, from `share` on. */
export interface SimulationOrder {
  readonly recording: string;
  /** Of a restart; null for those of the recording. */
  readonly pairsPerRestart: number | null;
  readonly settings: readonly Setting[];
  readonly duets: number;
  readonly share: number;
  readonly of: number;
}

/** What it tells. */
export type SimulationNews =
  | { readonly kind: 'played'; readonly duets: number }
  | { readonly kind: 'done'; readonly tallies: readonly Tally[] };

const batch = 10;

async function play(order: SimulationOrder): Promise<void> {
  const { settings, duets, share, of } = order;
  const recorded = readRecording(order.recording);
  const recording = order.pairsPerRestart === null ? recorded : withUnitsOf(recorded, order.pairsPerRestart);
  const { workload, pairsPerRestart, slotMs } = recording.header;
  let tallies = settings.map(setting => emptyTally(workload, setting, 2 * pairsPerRestart * slotMs));
  let played = 0;
  for (let duet = share; duet < duets; duet += of) {
    const results = playDuet(recording, duet, settings);
    tallies = tallies.map((tally, index) => tallyOf(tally, results.slice(index, index + 1)));
    played += 1;
    if (played % batch !== 0) continue;
    tell({ kind: 'played', duets: batch });
    // Sees that nobody waits for it any more.
    await turn();
  }
  tell({ kind: 'done', tallies });
  process.disconnect?.();
}

function tell(news: SimulationNews): void {
  process.send?.(news);
}

process.once('message', order => play(order as SimulationOrder));
process.once('disconnect', () => process.exit());
