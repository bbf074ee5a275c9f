import type { CalibrationUnit } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { DuetUnit, Side } from '../../model/duet/duet.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import { cellsOf, type DuetCell } from '../duet/effects.ts';

/** The units of a calibration by what was injected, all turned so that the side that is delayed is head. */
export interface Recorded {
  readonly cells: readonly DuetCell[];
  readonly endpoints: readonly string[];
  /** Start by start, its phases without delay. */
  readonly unchanged: readonly (readonly DuetUnit[])[];
  readonly changed: readonly RecordedChange[];
}

/** What one rule did, start by start. */
export interface RecordedChange {
  readonly rule: DelayRule;
  readonly units: readonly DuetUnit[];
}

/** Sorts what was recorded by rule; of starts that lack a phase of the first one, nothing is used. */
export function recordedOf(units: readonly CalibrationUnit[], budgets: readonly Budget[]): Recorded {
  const rules = [...new Map(units[0]?.phases.map(({ rule }) => [keyOf(rule), rule])).values()].sort(
    (one, other) => rankOf(one) - rankOf(other),
  );
  const whole = units.filter(({ phases }) =>
    rules.every(rule => phases.some(phase => keyOf(phase.rule) === keyOf(rule))),
  );
  const phasesOf = ({ phases, delayed }: CalibrationUnit, rule: DelayRule) =>
    phases
      .filter(phase => keyOf(phase.rule) === keyOf(rule))
      .map(({ unit }) => (delayed === 'head' ? unit : swapped(unit)));
  const cells = cellsOf(
    whole.flatMap(({ phases }) => phases.map(({ unit }) => unit)),
    budgets,
  );
  return {
    cells,
    endpoints: [...new Set(cells.map(({ endpoint }) => endpoint))],
    unchanged: whole.map(unit => phasesOf(unit, { kind: 'none' })),
    changed: rules
      .filter(({ kind }) => kind !== 'none')
      .map(rule => ({ rule, units: whole.flatMap(unit => phasesOf(unit, rule).slice(0, 1)) })),
  };
}

/** The same unit, had its sides had each other's names. */
export function swapped(unit: DuetUnit): DuetUnit {
  const other: { readonly [side in Side]: Side } = { base: 'head', head: 'base' };
  const cpu = unit.cpuUsPerRequest;
  return {
    ...unit,
    first: other[unit.first],
    endpoints: unit.endpoints.map(({ endpoint, base, head }) => ({ endpoint, base: head, head: base })),
    cpuUsPerRequest: cpu === null ? null : { base: cpu.head, head: cpu.base },
    sendLagP99Us: { base: unit.sendLagP99Us.head, head: unit.sendLagP99Us.base },
  };
}

/** Changes of all answers first, then those of the tail, each by size. */
function rankOf(rule: DelayRule): number {
  return rule.kind === 'none' ? 0 : (rule.kind === 'tail' ? 1e6 : 1) + rule.factor;
}

function keyOf(rule: DelayRule): string {
  return rule.kind === 'none' ? rule.kind : `${rule.kind} ${rule.factor}`;
}
