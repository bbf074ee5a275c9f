import type { JudgedRun, Repeats } from '../model/judgement/judged-run.ts';
import { type Finding, type Judgement, worstFirst } from '../model/judgement/verdict.ts';
import { verdictOf } from './judge.ts';

type Played = Pick<JudgedRun, 'record' | 'judgement'>;

/** What stands of a load that was played several times: which run speaks for it, with what each finding comes to. */
export interface RepeatsJudgement {
  readonly index: number;
  readonly judgement: Judgement;
  readonly repeats: Repeats;
}

/**
 * Judges a load that was played several times: of each budget the finding with the median value stands, of an even number the
 * worse of the two in the middle, so that every finding is one that was measured. Runs that are no measurement do not count;
 * where half of them are none, the whole is none. Figures and the comparison with earlier runs are those of the run
 * that the worst finding is from.
 */
export function judgeRepeats(runs: readonly Played[], asked: number): RepeatsJudgement {
  const judged = runs.filter(isMeasurement);
  const spreads = spreadsOf(judged);
  const repeats: Repeats = {
    asked,
    runs: runs.map(({ record, judgement }) => ({
      id: record.header.id,
      verdict: judgement.verdict,
      isJudged: judged.some(one => one.record === record),
    })),
    spreads: spreads.map(({ finding: { scope, metric, limit }, values }) => ({
      scope,
      metric,
      limit,
      values,
    })),
  };
  const last = runs.length - 1;
  const unjudged = runs.findLastIndex(run => !judged.includes(run));
  if (judged.length * 2 <= runs.length) {
    const index = unjudged < 0 ? last : unjudged;
    return { index, judgement: (runs[index] as Played).judgement, repeats };
  }
  const findings = worstFirst(spreads.map(({ finding }) => finding));
  const [worst] = findings;
  const middle =
    judged.find(({ judgement }) => judgement.findings.some(one => one === worst)) ?? (judged[0] as Played);
  const { judgement } = middle;
  return {
    index: runs.indexOf(middle),
    judgement: { ...judgement, findings, ...verdictOf({ ...judgement, findings, isStopped: false }) },
    repeats,
  };
}

function isMeasurement({ record, judgement }: Played): boolean {
  return judgement.validity.state === 'valid' && record.measurement.completion.state === 'complete';
}

/** Of each budget, in the order of the first run, the finding that stands and all values that were observed. */
function spreadsOf(runs: readonly Played[]) {
  const keyOf = ({ scope, metric }: Finding) => JSON.stringify([scope, metric.name]);
  const [first] = runs;
  return (first?.judgement.findings ?? []).flatMap(of => {
    const alike = runs.flatMap(({ judgement }) => judgement.findings.filter(one => keyOf(one) === keyOf(of)));
    const finding = alike[middleOf(alike, badness)];
    return finding === undefined
      ? []
      : [{ finding, values: alike.map(({ observed }) => observed?.value ?? null) }];
  });
}

/** The position of the median; of an even number the greater of the two in the middle. */
function middleOf<Of>(all: readonly Of[], measureOf: (one: Of) => number): number {
  const order = all.map((one, index) => ({ index, value: measureOf(one) })).sort((a, b) => a.value - b.value);
  return order[Math.floor(order.length / 2)]?.index ?? 0;
}

/** How bad a value is; one that was not observed is the worst. */
function badness({ observed, metric }: Finding): number {
  if (observed === null) return Number.POSITIVE_INFINITY;
  return metric.direction === 'atMost' ? observed.value : -observed.value;
}
