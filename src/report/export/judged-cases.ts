import type { Verdict } from '../../model/judgement/verdict.ts';
import type { Document, ReportSubject } from '../document/document.ts';
import type { DuetSummary } from '../summary/duet-summary-schema.ts';
import type { Summary } from '../summary/summary-schema.ts';
import { plainText } from '../words/inline.ts';

/** One thing that was decided, for tools that list tests or issues. */
export interface JudgedCase {
  /** What it is called in every run, so that tools can follow it: without figures. */
  readonly name: string;
  /** `run` is whether the run is a measurement, and whatever else decided of it as a whole. */
  readonly kind: 'run' | 'budget' | 'regression' | 'duet';
  readonly verdict: Verdict;
  readonly code: string;
  readonly reason: string;
}

/** What was decided of one scenario. */
export interface JudgedSuite {
  readonly scenario: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly budgetsFile: string | null;
  readonly cases: readonly JudgedCase[];
}

/** The subjects that hold what was decided. */
export const judgedSubjects = ['run', 'comparison', 'duet'] as const;

/** Whether documents of a subject hold what was decided. */
export function isJudged(subject: ReportSubject): boolean {
  return judgedSubjects.some(judged => judged === subject);
}

/** Everything that a document says was decided, by scenario; nothing of what is not judged. */
export function judgedSuites(document: Document): readonly JudgedSuite[] {
  switch (document.subject) {
    case 'run':
    case 'comparison':
      return document.summary.runs.map(run => suiteOfRun(run, sentenceOf(document, run.scenario)));
    case 'duet': {
      const { summary } = document;
      const duets = summary.kind === 'duet' ? [summary] : summary.duets;
      return duets.map(duet => suiteOfDuet(duet, duets.length > 1));
    }
    default:
      return [];
  }
}

/** What the report says first of a scenario. */
function sentenceOf({ sentence, parts }: Document, scenario: string): string {
  const own = parts.find(({ heading }) => heading?.name.text === scenario)?.heading?.sentence;
  return plainText((own ?? sentence).said);
}

function suiteOfRun(run: Summary['runs'][number], sentence: string): JudgedSuite {
  const { scenario, startedAt, durationMs, budgetsFile, findings, verdict } = run;
  const isMeasured = run.invalidBecause.length === 0;
  const cases = [
    {
      name: 'the run is a measurement',
      kind: 'run',
      verdict: isMeasured ? 'pass' : 'invalid',
      code: run.invalidBecauseCodes[0] ?? 'measured',
      reason: isMeasured ? 'Load was sent as planned.' : run.invalidBecause.join(' '),
    } as const,
    ...findings.map(({ scope, metric, kind, status, reason, reasonCode }) => ({
      name: `${scope} ${metric} (${kind})`,
      kind,
      verdict: status,
      code: reasonCode,
      reason,
    })),
  ];
  return { scenario, startedAt, durationMs, budgetsFile, cases: accounted(cases, verdict, sentence) };
}

function suiteOfDuet(duet: DuetSummary, isOneOfSeveral: boolean): JudgedSuite {
  const { scenario, startedAt, durationMs, findings, verdict, base, head, endReason, endReasonCode } = duet;
  const sides = isOneOfSeveral ? ` (${head.name} against ${base.name})` : '';
  const cases = findings.map(({ endpoint, metric, status, reason, reasonCode }): JudgedCase => {
    return { name: `${endpoint} ${metric} (duet)`, kind: 'duet', verdict: status, code: reasonCode, reason };
  });
  const why = endReason ?? endReasonCode ?? verdict;
  return {
    scenario: `${scenario}${sides}`,
    startedAt,
    durationMs,
    budgetsFile: null,
    cases: accounted(cases, verdict, why),
  };
}

/** The cases, and one more where none of them says why the whole is no pass, such as a baseline that is missing. */
function accounted(cases: readonly JudgedCase[], verdict: Verdict, reason: string): readonly JudgedCase[] {
  if (verdict === 'pass' || cases.some(one => one.verdict === verdict)) return cases;
  return [...cases, { name: 'the verdict', kind: 'run', verdict, code: 'verdict', reason }];
}
