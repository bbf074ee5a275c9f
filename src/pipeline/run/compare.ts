import { bySubject, type FileFinder, isSameSubject } from '../../analysis/subject.ts';
import { judgeComparison } from '../../judge/judge.ts';
import { problem } from '../../model/error.ts';
import { exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Refusal, Unfit } from '../../model/judgement/regression-reason.ts';
import { refusalText } from '../../report/words/reasons/refusal.ts';
import { startSpreadIn } from '../../store/records/calibration-file.ts';
import type { Baselines } from '../baselines/baselines.ts';
import { compareWithNamed, reliableRecord } from '../baselines/comparison.ts';
import { fileFinder } from '../baselines/file-finder.ts';
import { headerOfNamed, type NamedRun, type NamedRuns, runsNamed } from '../baselines/named-runs.ts';
import { type BudgetsOfRecords, budgetsOfRecord } from './judge-file.ts';

/** By which rules runs are compared. */
export interface CompareTerms extends BudgetsOfRecords {
  /** Whether different versions of a scenario are compared too, for warnings. */
  readonly anyway: boolean;
  /** The folder of calibrations; none are looked for where it is left out. */
  readonly calibrations?: string | undefined;
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
  const pairs = pairsOf(from, to.runs, await fileFinder(baselines));
  if (pairs.length === 0) {
    throw problem('compare.not-comparable', {
      where: `${request.base}, ${request.head}`,
      found: `runs of ${scenariosOf(from.runs)}, and of ${scenariosOf(to.runs)}`,
      expected: 'runs of one scenario',
    });
  }
  const judged: JudgedRun[] = [];
  const where = `${request.base}, ${request.head}`;
  const { calibrations } = baselines;
  for (const { base, heads } of pairs) {
    const pair = { base, ...(await newestUsable(heads, request)) };
    judged.push(await comparePair(pair, where, { ...request, calibrations }));
  }
  return judged;
}

/** Earlier runs, and the one that is held against them. */
export interface Pair {
  readonly base: NamedRuns;
  readonly head: NamedRun;
  /** Newer runs than that which cannot be relied on, and why. */
  readonly passedOver?: readonly Unfit[];
}

/** Runs of one subject on both sides, newest first. */
interface Candidates {
  readonly base: NamedRuns;
  readonly heads: readonly NamedRun[];
}

/** Two lone runs are a pair whatever they measured; so are runs of one scenario, where no others are of its subject. */
function pairsOf(
  { runs: from, skipped }: NamedRuns,
  to: readonly NamedRun[],
  hasFile: FileFinder,
): readonly Candidates[] {
  if (from.length === 1 && to.length === 1) return [{ base: { runs: from, skipped }, heads: to }];
  const subjects = bySubject(to, headerOfNamed, hasFile);
  return subjects.flatMap(heads => {
    const [newest] = heads;
    if (!newest) return [];
    const like = from.filter(run => isSameSubject(headerOfNamed(run), headerOfNamed(newest), hasFile));
    const isOnly = subjects.every(
      ([other]) => other === newest || !other || nameOf(other) !== nameOf(newest),
    );
    const base = like.length > 0 || !isOnly ? like : from.filter(run => nameOf(run) === nameOf(newest));
    return base.length > 0 ? [{ base: { runs: base, skipped }, heads }] : [];
  });
}

/** The newest run that is a measurement, and the newer ones that are none; the newest of all where none is. */
async function newestUsable(
  heads: readonly NamedRun[],
  terms: CompareTerms,
): Promise<Pick<Pair, 'head' | 'passedOver'>> {
  const passedOver: Unfit[] = [];
  const [newest] = heads;
  if (!newest) throw new Error('there is no run to compare');
  if (heads.length === 1) return { head: newest };
  for (const head of heads) {
    const found = await reliableRecord(head.stored, head.read, record => budgetsOfRecord(record, terms));
    if (!('kind' in found)) return { head, passedOver };
    passedOver.push(found);
  }
  return { head: newest };
}

/** Holds a run against earlier ones; errors stand at `where`. */
export async function comparePair(
  { base, head, passedOver = [] }: Pair,
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
  const { anyway, calibrations } = terms;
  const comparison = await compareWithNamed(
    record,
    budgets,
    { ...base, runs: others },
    {
      otherWorkload: anyway ? 'weak' : 'refuse',
      startSpread: calibrations === undefined ? null : await startSpreadIn(calibrations, record.header),
    },
  );
  if (comparison.state === 'refused' && comparison.reason.kind !== 'noMeasurement') {
    throw problem('compare.not-comparable', {
      where,
      found: refusalText(comparison.reason),
      expected: 'two complete runs of the same version of a scenario',
      instead: wayOut(comparison.reason),
    });
  }
  const notes = passedOver.map(why => ({ kind: 'passedOver', why }) as const);
  const told =
    comparison.state === 'compared' ? { ...comparison, notes: [...notes, ...comparison.notes] } : comparison;
  const judgement = judgeComparison(record, budgets, told);
  const exitCode = exitCodeOf(judgement.verdict, record.measurement.completion, judgement.onInconclusive);
  return { record, judgement, exitCode };
}

function wayOut({ kind }: Refusal): string {
  const sameScenario = 'measure both by the same scenario';
  if (kind === 'otherWorkload') return `${sameScenario}; --anyway compares them for warnings alone`;
  return kind === 'nothingInCommon' ? sameScenario : 'measure again';
}

const nameOf = (run: NamedRun) => headerOfNamed(run).scenario;
const scenariosOf = (runs: readonly NamedRun[]) => [...new Set(runs.map(nameOf))].join(', ');
