import type { Scope } from '../model/judgement/budget.ts';
import type { RunRecord } from '../model/run/record.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type Slice, slicesOf } from './slices.ts';

/** What was measured in one scope: the figures over its whole length, and its slices, which intervals are drawn from. */
export interface ScopeData {
  readonly figures: Figures;
  /** Decoded on demand. */
  readonly slices: () => readonly Slice[];
  /** Journeys that ended before their last step; over the whole run. */
  readonly abandoned: number;
}

/** Looks a scope's data up; each scope is worked out once. */
export type ScopeReader = (scope: Scope) => ScopeData;

/** A reader of one record's scopes. */
export function scopeReader({ measurement }: RunRecord): ScopeReader {
  const known = new Map<string, ScopeData>();
  return scope => {
    const key = JSON.stringify(scope);
    const found = known.get(key);
    if (found) return found;
    let slices: readonly Slice[] | undefined;
    const data: ScopeData = {
      figures: figuresOf(measurement, scope),
      slices: () => {
        slices ??= slicesOf(measurement, scope);
        return slices;
      },
      abandoned: measurement.load.abandoned,
    };
    known.set(key, data);
    return data;
  };
}
