import { judgeComparison } from '../../judge/judge.ts';
import { problem } from '../../model/error.ts';
import { exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Refusal } from '../../model/judgement/regression-reason.ts';
import { refusalText } from '../../report/words/reasons/refusal.ts';
import type { Baselines } from '../baselines/baselines.ts';
import { compareWithNamed } from '../baselines/comparison.ts';
import { type NamedRun, type NamedRuns, runsNamed } from '../baselines/named-runs.ts';
import { type BudgetsOfRecords, budgetsOfRecord } from './judge-file.ts';

/** By which rules runs are compared. */
export interface CompareTerms extends BudgetsOfRecords {
  /** Whether different versions of a scenario are compared too, for warnings. */
  readonly anyway: boolean;
}

/** What is compared, and by which rules. */
export interface CompareRequest extends CompareTerms {
  /** A record file, a commit that was measured, or the id of a kept run. */
  readonly base: string;
  readonly head: string;
  /** The folder for reports, whose records count as kept runs. */
  readonly out: string;
}

/**
 * Compares kept runs: of each scenario that both sides have, the newest run of `head` with all of `base`. Throws where a
 * side means no run, where they have no scenario in common, and where two runs cannot be compared.
 */
export async function compareNamed(
  baselines: Baselines,
  request: CompareRequest,
): Promise<readonly JudgedRun[]> {
  const [from, to] = [
    await runsNamed(request.base, baselines, request.out),
    await runsNamed(request.head, baselines, request.out),
  ];
  const pairs = pairsOf(from, to.runs);
  if (pairs.length === 0) {
    throw problem('compare.not-comparable', {
      where: `${request.base}, ${request.head}`,
      found: `runs of ${scenariosOf(from.runs)}, and of ${scenariosOf(to.runs)}`,
      expected: 'runs of one scenario',
    });
  }
  const judged: JudgedRun[] = [];
  const where = `${request.base}, ${request.head}`;
  for (const pair of pairs) judged.push(await comparePair(pair, where, request));
  return judged;
}

/** Earlier runs, and the one that is held against them. */
export interface Pair {
  readonly base: NamedRuns;
  readonly head: NamedRun;
}

/** Two lone runs are a pair whatever their scenarios are called. */
function pairsOf({ runs: from, skipped }: NamedRuns, to: readonly NamedRun[]): readonly Pair[] {
  const [head] = to;
  if (head && from.length === 1 && to.length === 1) return [{ base: { runs: from, skipped }, head }];
  return [...new Set(to.map(scenarioOf))].flatMap(scenario => {
    const newest = to.find(run => scenarioOf(run) === scenario);
    const base = from.filter(run => scenarioOf(run) === scenario);
    return newest && base.length > 0 ? [{ base: { runs: base, skipped }, head: newest }] : [];
  });
}

/** Holds a run against earlier ones; errors stand at `where`. */
export async function comparePair(
  { base, head }: Pair,
  where: string,
  terms: CompareTerms,
): Promise<JudgedRun> {
  const { id } = head.stored.entry.header;
  const others = base.runs.filter(({ stored }) => stored.entry.header.id !== id);
  if (others.length === 0) {
    throw problem('compare.same-run', {
      where,
      found: `the same run twice: ${id}`,
      expected: 'two runs',
    });
  }
  const record = await head.read();
  const budgets = await budgetsOfRecord(record, terms);
  const comparison = await compareWithNamed(
    record,
    budgets,
    { ...base, runs: others },
    terms.anyway ? 'weak' : 'refuse',
  );
  if (comparison.state === 'refused' && comparison.reason.kind !== 'noMeasurement') {
    throw problem('compare.not-comparable', {
      where,
      found: refusalText(comparison.reason),
      expected: 'two complete runs of the same version of a scenario',
      instead: wayOut(comparison.reason),
    });
  }
  const judgement = judgeComparison(record, budgets, comparison);
  const exitCode = exitCodeOf(judgement.verdict, record.measurement.completion, judgement.onInconclusive);
  return { record, judgement, exitCode };
}

function wayOut({ kind }: Refusal): string {
  const sameScenario = 'measure both by the same scenario';
  if (kind === 'otherWorkload') return `${sameScenario}; --anyway compares them for warnings alone`;
  return kind === 'nothingInCommon' ? sameScenario : 'measure again';
}

const scenarioOf = ({ stored }: NamedRun) => stored.entry.header.scenario;
const scenariosOf = (runs: readonly NamedRun[]) => [...new Set(runs.map(scenarioOf))].join(', ');
