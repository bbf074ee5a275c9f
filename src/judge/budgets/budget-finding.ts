import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { Finding } from '../../model/judgement/verdict.ts';
import { type Decision, decideEmpty, decideOver, decideUnseen, decideWithin, isOver } from './decision.ts';
import { readMetric } from './metric-reading.ts';
import { evidenceOf, type Reading } from './reading.ts';

/** Holds one budget against what was measured in its scope; `today` (`YYYY-MM-DD`) decides whether a waiver holds. */
export function findingOf(budget: Budget, data: ScopeData, today: string): Finding {
  const reading = readMetric(budget.metric, data, budget.limit);
  return {
    scope: budget.scope,
    metric: budget.metric,
    observed: reading.state === 'estimate' || reading.state === 'fact' ? reading.observed : null,
    limit: budget.limit,
    warn: budget.warn,
    interval: reading.state === 'estimate' ? reading.interval : null,
    evidence: reading.state === 'empty' ? evidenceOf(0, 1) : reading.evidence,
    ...waived(budget, decide(budget, reading, data), today),
  };
}

function decide(budget: Budget, reading: Reading, data: ScopeData): Decision {
  if (reading.state === 'empty') return decideEmpty(budget, data);
  if (reading.state === 'unseen') return decideUnseen(reading, data);
  return isOver(budget, reading, data)
    ? decideOver(budget, reading, data)
    : decideWithin(budget, reading, data);
}

/** A waiver turns a failure into a warning until its day is over; after it, the failure stands. */
function waived(
  { waiver }: Budget,
  decision: Decision,
  today: string,
): Pick<Finding, 'status' | 'firm' | 'reason'> {
  if (waiver === null || decision.status !== 'fail') return decision;
  const failed = decision.reason;
  return waiver.until >= today
    ? { ...decision, status: 'warn', reason: { kind: 'waived', waiver, failed } }
    : { ...decision, reason: { kind: 'waiverExpired', waiver, failed } };
}
