import type { CalibrationRestart } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { Restart, Side } from '../../model/duet/duet.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import { cellsOf, type DuetCell } from '../duet/effects.ts';

/** The restarts of a calibration by what was injected, all turned so that the side that is delayed is head. */
export interface Recorded {
  readonly cells: readonly DuetCell[];
  readonly endpoints: readonly string[];
  /** Start by start, its phases without delay. */
  readonly unchanged: readonly (readonly Restart[])[];
  readonly changed: readonly RecordedChange[];
}

/** What one rule did, start by start. */
export interface RecordedChange {
  readonly rule: DelayRule;
  readonly restarts: readonly Restart[];
}

/** Sorts what was recorded by rule; of starts that lack a phase of the first one, nothing is used. */
export function recordedOf(restarts: readonly CalibrationRestart[], budgets: readonly Budget[]): Recorded {
  const rules = [...new Map(restarts[0]?.phases.map(({ rule }) => [keyOf(rule), rule])).values()].sort(
    (one, other) => rankOf(one) - rankOf(other),
  );
  const whole = restarts.filter(({ phases }) =>
    rules.every(rule => phases.some(phase => keyOf(phase.rule) === keyOf(rule))),
  );
  const phasesOf = ({ phases, delayed }: CalibrationRestart, rule: DelayRule) =>
    phases
      .filter(phase => keyOf(phase.rule) === keyOf(rule))
      .map(({ restart }) => (delayed === 'head' ? restart : swapped(restart)));
  const cells = cellsOf(
    whole.flatMap(({ phases }) => phases.map(({ restart }) => restart)),
    budgets,
  );
  return {
    cells,
    endpoints: [...new Set(cells.map(({ endpoint }) => endpoint))],
    unchanged: whole.map(restart => phasesOf(restart, { kind: 'none' })),
    changed: rules
      .filter(({ kind }) => kind !== 'none')
      .map(rule => ({ rule, restarts: whole.flatMap(restart => phasesOf(restart, rule).slice(0, 1)) })),
  };
}

/** The same restart, had its sides had each other's names. */
export function swapped(restart: Restart): Restart {
  const other: { readonly [side in Side]: Side } = { base: 'head', head: 'base' };
  const cpu = restart.cpuUsPerRequest;
  return {
    ...restart,
    first: other[restart.first],
    endpoints: restart.endpoints.map(({ endpoint, base, head }) => ({ endpoint, base: head, head: base })),
    cpuUsPerRequest: cpu === null ? null : { base: cpu.head, head: cpu.base },
    sendLagP99Us: { base: restart.sendLagP99Us.head, head: restart.sendLagP99Us.base },
  };
}

/** Changes of all answers first, then those of the tail, each by size. */
function rankOf(rule: DelayRule): number {
  return rule.kind === 'none' ? 0 : (rule.kind === 'tail' ? 1e6 : 1) + rule.factor;
}

function keyOf(rule: DelayRule): string {
  return rule.kind === 'none' ? rule.kind : `${rule.kind} ${rule.factor}`;
}
