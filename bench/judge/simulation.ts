import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Setting } from './drawn-restart.ts';
import type { SimulationNews, SimulationOrder } from './simulation-process.ts';
import { type Tally, together } from './tally.ts';

/** What is to be simulated. */
export interface Simulation
  extends Pick<SimulationOrder, 'recording' | 'pairsPerRestart' | 'settings' | 'duets'> {
  /** Told how many duets have been played. */
  readonly onProgress: (duets: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Plays duets on a recording in one process a core; the same whatever their number. They end with this process, and
 * when the signal says so.
 */
export async function simulate(simulation: Simulation): Promise<readonly Tally[]> {
  const of = availableParallelism();
  let played = 0;
  const shares = Array.from({ length: of }, (_, share) =>
    playShare(simulation, share, of, duets => {
      played += duets;
      simulation.onProgress(played);
    }),
  );
  const tallies = await Promise.all(shares);
  return tallies.reduce((one, other) => one.map((tally, index) => together(tally, other[index] ?? tally)));
}

async function playShare(
  { recording, pairsPerRestart, settings, duets, signal }: Simulation,
  share: number,
  of: number,
  onPlayed: (duets: number) => void,
): Promise<readonly Tally[]> {
  const file = fileURLToPath(new URL('simulation-process.ts', import.meta.url));
  const child = fork(file, { execArgv: ['--import', import.meta.resolve('tsx')], signal });
  let tallies: readonly Tally[] | null = null;
  child.on('message', (news: SimulationNews) => {
    if (news.kind === 'played') onPlayed(news.duets);
    else tallies = news.tallies;
  });
  child.send({ recording, pairsPerRestart, settings, duets, share, of } satisfies SimulationOrder);
  const [code] = (await once(child, 'exit').catch(error => {
    signal.throwIfAborted();
    throw error;
  })) as [number | null];
  if (tallies === null) throw new Error(`a process of the simulation ended with ${code}`);
  return tallies;
}

/** Every spread with every injection. */
export function settingsOf(
  spreads: readonly number[],
  injections: readonly Setting['rule'][],
): readonly Setting[] {
  return injections.flatMap(rule => spreads.map(spread => ({ spread, rule })));
}
