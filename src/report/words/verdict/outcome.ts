import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { type RegressionFinding, regressionsIn } from '../../../model/judgement/regression.ts';
import type { Finding, Verdict } from '../../../model/judgement/verdict.ts';
import { counted, limitQuantity, number, observation } from '../../../words/quantity-text.ts';
import { type Inline, line, listed, prose } from '../inline.ts';
import { invalidInShort } from '../reasons/invalid-reason.ts';
import { undoneText } from '../reasons/run-note.ts';
import { regressionsOfNote, regressionText } from '../regression-wording.ts';
import { findingsOfNote, metricText, observedText, scopeText } from '../wording.ts';

/** The findings of one status that have a say in a run's verdict, each kind worst first. */
export interface Decisive {
  readonly budgets: readonly Finding[];
  readonly regressions: readonly RegressionFinding[];
}

/** What has this status in a run. */
export function decisiveOf(run: JudgedRun, verdict: Verdict): Decisive {
  return {
    budgets: findingsOfNote(run).filter(({ status }) => status === verdict),
    regressions: regressionsOfNote(run.judgement).filter(({ status }) => status === verdict),
  };
}

/** Whether anything failed in a run, be it that its verdict is invalid since that is not firm. */
export function hasFailed(run: JudgedRun): boolean {
  const { budgets, regressions } = decisiveOf(run, 'fail');
  return run.judgement.verdict === 'fail' || budgets.length > 0 || regressions.length > 0;
}

/** What decided a run's verdict, as `textOf` words a finding, and how much more of that there is; nothing of a pass. */
export function decisiveIn(
  run: JudgedRun,
  textOf: (first: Decisive) => Inline,
): { readonly text: Inline; readonly more: number } {
  const { verdict, validity, undone } = run.judgement;
  if (verdict === 'pass') return { text: [], more: 0 };
  const isFailed = hasFailed(run);
  if (verdict === 'invalid' && validity.state === 'invalid' && !isFailed) {
    const [first, ...others] = validity.reasons.map(invalidInShort);
    return { text: [first ?? 'cut short'], more: others.length };
  }
  const { budgets, regressions } = decisiveOf(run, isFailed ? 'fail' : verdict);
  const count = budgets.length + regressions.length;
  if (verdict === 'warn' && undone[0]) {
    return { text: [prose(undoneText(undone[0]), 200)], more: count + undone.length - 1 };
  }
  if (count === 0) {
    if (run.judgement.hasDrifted) return { text: ['drift'], more: 0 };
    const isStopped = run.record.measurement.completion.state === 'aborted';
    return { text: [isStopped ? 'stopped by abortOn' : 'not compared'], more: 0 };
  }
  const first = {
    budgets: budgets.slice(0, 1),
    regressions: budgets.length > 0 ? [] : regressions.slice(0, 1),
  };
  return { text: textOf(first), more: count - 1 };
}

/** A few findings in one part of a sentence, and how many more there are. */
export function namedText({ budgets, regressions }: Decisive): Inline {
  return listed([...budgets.map(findingText), ...regressions.map(regressionText)], '; ');
}

/** So many of all budgets: `2 of 8 budgets`. */
export function shareOfBudgets({ judgement }: JudgedRun, some: readonly Finding[]): string {
  return `${number(some.length)} of ${counted(judgement.findings.length, 'budget')}`;
}

/** So many of all comparisons. */
export function shareOfCompared({ judgement }: JudgedRun, some: readonly RegressionFinding[]): string {
  return `${number(some.length)} of ${counted(regressionsIn(judgement.comparison).length, 'comparison')}`;
}

/** What could not be judged in a run that is a measurement: for want of data, or since requests went out late. */
export function unjudgedParts(run: JudgedRun): readonly Inline[] {
  const { budgets, regressions } = decisiveOf(run, 'invalid');
  const isLate = ({ reason }: Finding) => reason.kind === 'brokenByLateness';
  const late = budgets.filter(isLate);
  const empty = budgets.filter(finding => !isLate(finding));
  const parts: Inline[] = [];
  if (empty.length > 0) {
    const share = shareOfBudgets(run, empty);
    parts.push(line`${share} ${empty.length === 1 ? 'has' : 'have'} no data: ${listedFindings(empty)}`);
  }
  if (late.length > 0) {
    parts.push(line`${shareOfBudgets(run, late)} broke ${onlyLate}: ${listedFindings(late)}`);
  }
  if (regressions.length > 0) {
    const share = shareOfCompared(run, regressions);
    const named = namedText({ budgets: [], regressions });
    parts.push(line`${share} ${regressions.length === 1 ? 'is' : 'are'} worse ${onlyLate}: ${named}`);
  }
  return parts;
}

const onlyLate = 'only because requests went out late';

function listedFindings(budgets: readonly Finding[]): Inline {
  return namedText({ budgets, regressions: [] });
}

/** A finding in one part of a sentence: `GET /api/bills p95 was 142 ms, limit 100 ms`. */
function findingText(finding: Finding): Inline {
  const { scope, metric, limit, observed, reason } = finding;
  const subject = line`${scopeText(scope)} ${metricText(metric)}`;
  if (observed === null) return line`${subject} was not measured`;
  const { direction, unit } = metric;
  const bound = limit === null ? null : limitQuantity(limit, unit);
  const held =
    bound === null ? '' : direction === 'atMost' ? `, limit ${bound}` : `, at least ${bound} wanted`;
  const onTime =
    reason.kind === 'brokenByLateness' && reason.onTime !== null
      ? ` (${observation(reason.onTime, unit, limit)} on time)`
      : '';
  return line`${subject} was ${observedText(finding)}${held}${onTime}`;
}
