import type { EffectPower, LookRates } from '../../model/duet/calibration.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { chiSquareQuantile } from '../../stats/intervals/chi-square.ts';
import { confidence } from '../budgets/reading.ts';
import type { DrawnOutcome } from './drawn-duet.ts';
import { rateOf } from './rate.ts';
import type { Recorded, RecordedChange } from './recorded.ts';
import { type LogShift, shiftsOf } from './shift.ts';

/** A simulated duet with a change in one endpoint. */
export interface ChangedDuet extends DrawnOutcome {
  readonly endpoint: string;
}

/** What the simulated duets of one change come to: as recorded, and with the starts as different as they may be. */
export function powerOf(
  recorded: Recorded,
  { rule }: RecordedChange,
  shifts: readonly (LogShift | null)[],
  { duets, cautious }: { readonly duets: readonly ChangedDuet[]; readonly cautious: readonly ChangedDuet[] },
): EffectPower {
  const loads = recorded.unchanged.flatMap(phases => phases.map(({ loadMs }) => loadMs));
  const loadMs = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  const caughtOf = (of: readonly ChangedDuet[]) =>
    rateOf(of.filter(({ kind }) => kind === 'caught').length, of.length);
  const unitsOf = ({ look }: ChangedDuet) => duetLooks[look]?.restarts ?? 0;
  return {
    rule,
    shifts: shiftsOf(recorded, shifts),
    looks: duetLooks.map((_, look) => ratesAt(look, duets, loadMs)),
    endpoints: recorded.endpoints.map(endpoint => ({
      endpoint,
      caught: caughtOf(duets.filter(duet => duet.endpoint === endpoint)),
    })),
    cautious: caughtOf(cautious),
    meanLoadMs: (loadMs * duets.reduce((sum, duet) => sum + unitsOf(duet), 0)) / Math.max(1, duets.length),
  };
}

/** By what factor the standard deviation of so many values may be greater than it came out, at 95 % confidence. */
export function wideningOf(starts: number): number {
  return starts < 2 ? 1 : Math.sqrt((starts - 1) / chiSquareQuantile(1 - confidence, starts - 1));
}

function ratesAt(look: number, duets: readonly ChangedDuet[], loadMs: number): LookRates {
  const { restarts = 0 } = duetLooks[look] ?? {};
  const over = duets.filter(duet => duet.look <= look);
  const countOf = (kind: ChangedDuet['kind']) => over.filter(duet => duet.kind === kind).length;
  const rate = (kind: ChangedDuet['kind']) => rateOf(countOf(kind), duets.length);
  return {
    restarts,
    loadMs: restarts * loadMs,
    caught: rate('caught'),
    accused: rate('accused'),
    warned: rate('warned'),
    passed: rate('passed'),
    open: rateOf(countOf('open') + duets.length - over.length, duets.length),
  };
}
