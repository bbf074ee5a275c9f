import { onTimeFigures } from '../../analysis/figures.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { LatenessCause } from '../../model/judgement/evidence.ts';
import type { Lack } from '../../model/judgement/finding-reason.ts';
import type { Finding } from '../../model/judgement/verdict.ts';
import type { ResultsOrigin } from '../../model/run/results.ts';
import { type Decision, decideEmpty, decideOver, decideUnseen, decideWithin, isOver } from './decision.ts';
import { lackOf } from './lack.ts';
import { leastOf, readMetric } from './metric-reading.ts';
import { evidenceOf, type Reading } from './reading.ts';

/** What a finding is decided by besides its budget and what was measured. */
export interface FindingTerms {
  /** `YYYY-MM-DD`: it decides whether a waiver holds. */
  readonly today: string;
  /** What made the generator late, if it was. */
  readonly cause: LatenessCause;
}

/** Holds one budget against what was measured in its scope. */
export function findingOf(budget: Budget, data: ScopeData, { today, cause }: FindingTerms): Finding {
  const lack = lackOf(budget, data);
  if (lack !== null && data.origin !== undefined && !isBrokenBelow(budget, data)) {
    return notHeld(budget, lack, data.origin);
  }
  const reading = readMetric(budget.metric, data, budget.limit);
  const finding: Finding = {
    scope: budget.scope,
    metric: budget.metric,
    observed: reading.state === 'estimate' || reading.state === 'fact' ? reading.observed : null,
    limit: budget.limit,
    warn: budget.warn,
    interval: reading.state === 'estimate' ? reading.interval : null,
    evidence: reading.state === 'empty' ? evidenceOf(0, 1) : reading.evidence,
    ...waived(budget, blamed(budget, decide(budget, reading, data), data, cause), today),
  };
  const isOpen = data.origin?.failures === 'answeredOnly' && budget.metric.countsFailures;
  if (!isOpen || !(finding.status === 'pass' || finding.status === 'warn')) return finding;
  const { observed, interval, evidence } = finding;
  return { ...notHeld(budget, { kind: 'unanswered' }, data.origin), observed, interval, evidence };
}

/** A limit that a lower quantile breaks is broken, whatever the quantile is that the results do not hold. */
function isBrokenBelow({ metric, limit, scope }: Budget, { figures }: ScopeData): boolean {
  return scope.kind !== 'stage' && (leastOf(metric, figures)?.value ?? 0) > limit;
}

/** What the results of another tool do not hold cannot be judged. */
function notHeld(budget: Budget, lack: Lack, { tool, format }: ResultsOrigin): Finding {
  const { scope, metric, limit, warn } = budget;
  return {
    scope,
    metric,
    observed: null,
    limit,
    warn,
    interval: null,
    evidence: evidenceOf(0, 1),
    status: 'inconclusive',
    firm: false,
    reason: { kind: 'notHeld', lack, origin: { tool, format } },
  };
}

/**
 * A response time that breaks its limit fails only where it breaks it without the generator's own delay as well: lateness
 * makes times longer, never shorter, so a limit that holds needs no such look.
 */
function blamed(budget: Budget, decision: Decision, data: ScopeData, cause: LatenessCause): Decision {
  const { form } = budget.metric;
  if (decision.status !== 'fail' || form.kind !== 'time' || form.of !== 'response') return decision;
  const late = data.figures.late();
  if (late === 0) return decision;
  const onTime = onTimeData(data);
  const reading = readMetric(budget.metric, onTime, budget.limit);
  if (decide(budget, reading, onTime).status === 'fail') return decision;
  const observed = reading.state === 'estimate' || reading.state === 'fact' ? reading.observed : null;
  return {
    status: 'invalid',
    firm: false,
    reason: { kind: 'brokenByLateness', late, onTime: observed, cause },
  };
}

/** The same data with each request's own delay taken off its response time; how slow requests cluster stays. */
function onTimeData(data: ScopeData): ScopeData {
  return { ...data, figures: onTimeFigures(data.figures) };
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
