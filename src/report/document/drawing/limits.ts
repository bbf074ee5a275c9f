import { type Scope, scopeName } from '../../../model/judgement/budget.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { limitQuantity } from '../../../words/quantity-text.ts';

/** A limit as drawings show it. */
export interface DrawnLimit {
  readonly scope: Scope;
  readonly metric: string;
  readonly value: number;
  /** `p95 ≤ 100 ms`. */
  readonly what: string;
}

/** The limits on a scope, in the order of its findings; on the total also those on a stage. */
export function limitsOn(scope: Scope, { judgement }: JudgedRun): readonly DrawnLimit[] {
  const name = scopeName(scope);
  return judgement.findings.flatMap(({ scope: of, metric, limit }): readonly DrawnLimit[] => {
    const isOfStage = scope.kind === 'total' && of.kind === 'stage';
    if (limit === null || (scopeName(of) !== name && !isOfStage) || (of.kind !== scope.kind && !isOfStage))
      return [];
    const sign = metric.direction === 'atMost' ? '≤' : '≥';
    const stage = isOfStage ? `${scopeName(of)}: ` : '';
    const what = `${stage}${metric.name} ${sign} ${limitQuantity(limit, metric.unit)}`;
    return [{ scope: of, metric: metric.name, value: limit, what }];
  });
}
