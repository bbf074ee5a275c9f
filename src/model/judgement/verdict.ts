import type { Scope } from './budget.ts';
import type { Evidence, Interval, Observed } from './evidence.ts';
import type { FindingReason } from './finding-reason.ts';
import type { InvalidReason } from './invalid-reason.ts';
import type { Metric } from './metric.ts';
import type { Comparison, RegressionFinding } from './regression.ts';
import type { RunNote, Undone } from './run-note.ts';

export type { Evidence, Interval, Observed } from './evidence.ts';

/** The judgement of a finding or of a run. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'invalid';

/** A verdict, and whether the evidence settles it. */
export interface FirmVerdict {
  readonly verdict: Verdict;
  /** True of a fail that is beyond doubt: it stands before what is no measurement. */
  readonly firm: boolean;
}

/** One scope and metric, held against its limit, with its evidence. */
export interface Finding {
  readonly scope: Scope;
  readonly metric: Metric;
  readonly status: Verdict;
  /** Null where nothing was measured. */
  readonly observed: Observed | null;
  readonly limit: number | null;
  readonly warn: number | null;
  readonly interval: Interval | null;
  /** True where the whole interval lies on one side of the limit. */
  readonly firm: boolean;
  readonly evidence: Evidence;
  readonly reason: FindingReason;
}

/** Whether the numbers can be blamed on the server at all. */
export type Validity =
  | { readonly state: 'valid' }
  | { readonly state: 'invalid'; readonly reasons: readonly InvalidReason[] };

/** What the judge says of one run record. */
export interface Judgement extends FirmVerdict {
  readonly validity: Validity;
  /** By the budgets. */
  readonly findings: readonly Finding[];
  /** With earlier runs. */
  readonly comparison: Comparison;
  /** True where an earlier run to compare with was required, and nothing was compared. */
  readonly lacksBaseline?: boolean;
  /** True where answers that are not as the description of the API declares them fail the run. */
  readonly hasDrifted?: boolean;
  /** What was asked for and not done; of any, a pass is a warning. */
  readonly undone: readonly Undone[];
  /** The budgets file; null where none was found. */
  readonly budgetsFile: string | null;
  /** Endpoints that no budget names. */
  readonly unbudgeted: readonly string[];
  /** What a reader should know though it decides nothing. */
  readonly notes: readonly RunNote[];
  readonly onInconclusive: 'warn' | 'fail';
}

/** From worst to best. */
const severity: readonly FirmVerdict[] = [
  { verdict: 'fail', firm: true },
  { verdict: 'invalid', firm: false },
  { verdict: 'fail', firm: false },
  { verdict: 'inconclusive', firm: false },
  { verdict: 'warn', firm: false },
  { verdict: 'pass', firm: false },
];

/** How bad a verdict is, from 0, the worst: a firm fail, then invalid, fail, inconclusive, warn, pass. */
export function severityOf({ verdict, firm }: FirmVerdict): number {
  const isFirm = firm && verdict === 'fail';
  return severity.findIndex(one => one.verdict === verdict && one.firm === isFirm);
}

/** The verdict that stands of several: the worst; `pass` of none. */
export function worstOf(standings: readonly FirmVerdict[]): FirmVerdict {
  const worst = Math.min(severity.length - 1, ...standings.map(severityOf));
  return severity[worst] as FirmVerdict;
}

const order: readonly Verdict[] = ['fail', 'invalid', 'inconclusive', 'warn', 'pass'];

/**
 * Findings as people should read them: fails, then what is invalid, inconclusive, a warning, a pass. Those of one verdict
 * begin with the one that is farthest over its limit, or has become worse by most; passes keep the order they had.
 */
export function worstFirst<Of extends Finding | RegressionFinding>(findings: readonly Of[]): readonly Of[] {
  return order.flatMap(verdict => {
    const own = findings.filter(({ status }) => status === verdict);
    return verdict === 'pass' ? own : own.sort((one, other) => descending(excessOf(one), excessOf(other)));
  });
}

/**
 * How far a finding is over: of a limit the observed value divided by it (of a floor the reverse), of a regression the
 * value divided by the baseline's. Where much of a share is good, what is missing of the whole counts: 50 % of checks where
 * 99 % are wanted is 50 times what is allowed. 0 where nothing was measured.
 */
export function excessOf(finding: Finding | RegressionFinding): number {
  const { metric, observed } = finding;
  if ('limit' in finding) {
    const { reason, limit, evidence } = finding;
    if (reason.kind === 'tooManyOver') return quotient(reason.over / evidence.samples, reason.allowed);
    if (observed === null || limit === null) return 0;
    return worseBy(metric, observed.value, limit);
  }
  if (observed === null || finding.baseline === null) return 0;
  return worseBy(metric, observed.value, finding.baseline.value);
}

function worseBy({ direction, form }: Finding['metric'], value: number, than: number): number {
  if (direction === 'atMost') return quotient(value, than);
  return form.kind === 'share' ? quotient(1 - value, 1 - than) : quotient(than, value);
}

function quotient(value: number, by: number): number {
  if (by > 0) return value / by;
  return value > 0 ? Number.POSITIVE_INFINITY : 1;
}

function descending(one: number, other: number): number {
  return one === other ? 0 : other - one;
}
