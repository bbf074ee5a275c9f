import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { excessOf, severityOf, type Verdict, worstOf } from '../../../model/judgement/verdict.ts';
import type { Completion } from '../../../model/run/record.ts';
import { counted, number } from '../../../words/quantity-text.ts';
import { type Inline, joined, line, listed, name, type Sentence } from '../inline.ts';
import { decisiveIn, decisiveOf, hasFailed, namedText } from './outcome.ts';
import { runSentence } from './run-sentence.ts';

/** Judged runs with the worst first; those of one verdict by how far what decided it is over, else in their order. */
export function worstRunsFirst(runs: readonly JudgedRun[]): readonly JudgedRun[] {
  return runs
    .map(run => ({ run, severity: severityOf(run.judgement), excess: greatestExcess(run) }))
    .sort((one, other) =>
      one.severity === other.severity
        ? Number(other.excess > one.excess) - Number(one.excess > other.excess)
        : one.severity - other.severity,
    )
    .map(({ run }) => run);
}

function greatestExcess(run: JudgedRun): number {
  const { verdict } = run.judgement;
  if (verdict === 'pass') return 0;
  const { budgets, regressions } = decisiveOf(run, hasFailed(run) ? 'fail' : verdict);
  return Math.max(0, ...budgets.map(excessOf), ...regressions.map(excessOf));
}

/**
 * The verdict over all runs in one sentence: of one run what was broken, by how much, or why it is no measurement; of
 * several which failed and by what, and then which are no measurement and why.
 */
export function verdictSentence(runs: readonly JudgedRun[]): Sentence {
  const [only] = runs;
  if (only && runs.length === 1) return runSentence(only);
  const { verdict } = worstOf(runs.map(({ judgement }) => judgement));
  return { verdict, cut: cutOf(runs), said: line`${saidOf(verdict, runs)}.` };
}

function saidOf(verdict: Verdict, runs: readonly JudgedRun[]): Inline {
  const all = counted(runs.length, 'scenario');
  const share = (some: readonly JudgedRun[]) =>
    some.length === runs.length ? `all ${all}` : `${number(some.length)} of ${all}`;
  const of = (verdict: Verdict) => runs.filter(({ judgement }) => judgement.verdict === verdict);
  switch (verdict) {
    case 'pass':
      return line`all ${all} held their budgets: ${named(runs)}`;
    case 'warn': {
      const warned = of('warn');
      return line`all ${all} held their budgets, ${number(warned.length)} with warnings: ${explained(warned)}`;
    }
    case 'inconclusive': {
      const open = of('inconclusive');
      return line`${share(open)} left too little evidence for a verdict: ${explained(open)}`;
    }
    case 'fail':
    case 'invalid': {
      const failed = runs.filter(hasFailed);
      const invalid = of('invalid');
      const are = invalid.length === 1 ? 'is' : 'are';
      if (failed.length === 0) return line`${share(invalid)} ${are} not a measurement: ${explained(invalid)}`;
      const others = invalid.filter(run => !failed.includes(run));
      return joined(
        [
          line`${share(failed)} ${failedHow(failed)}: ${explained(failed)}`,
          ...(others.length === 0
            ? []
            : [
                line`${number(others.length)} ${others.length === 1 ? 'is' : 'are'} not a measurement: ${explained(others)}`,
              ]),
        ],
        '; ',
      );
    }
  }
}

function failedHow(runs: readonly JudgedRun[]): string {
  const all = runs.map(run => decisiveOf(run, 'fail'));
  const hows = [
    ...(all.some(({ budgets }) => budgets.length > 0) ? ['broke a budget'] : []),
    ...(all.some(({ regressions }) => regressions.length > 0) ? ['regressed'] : []),
  ];
  return hows.length === 0 ? 'failed' : hows.join(' or ');
}

function named(runs: readonly JudgedRun[]): Inline {
  return listed(
    runs.map(({ record }) => [name(record.header.scenario)]),
    ', ',
  );
}

/** Some runs by name, each with what matters most in it. */
function explained(runs: readonly JudgedRun[]): Inline {
  return listed(
    runs.map(run => line`${name(run.record.header.scenario)} (${decisiveText(run)})`),
    ', ',
  );
}

/** What matters most in a run, and how much more of that kind there is. */
function decisiveText(run: JudgedRun): Inline {
  const { text, more } = decisiveIn(run, one => namedText(one));
  return more === 0 ? text : line`${text}, and ${number(more)} more`;
}

function cutOf(runs: readonly JudgedRun[]): string | null {
  const cutBy = (state: Completion['state']) =>
    runs.filter(({ record }) => record.measurement.completion.state === state).length;
  const parts = [
    { count: cutBy('interrupted'), how: 'interrupted' },
    { count: cutBy('aborted'), how: 'stopped by abortOn' },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, how }) => `${number(count)} of ${number(runs.length)} ${how}`);
  return parts.length === 0 ? null : `partial: ${parts.join(', ')}`;
}
