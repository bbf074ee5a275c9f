import { analyse } from '../../analysis/analysis.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { regressionsIn } from '../../model/judgement/regression.ts';
import { type Finding, type Verdict, worstVerdict } from '../../model/judgement/verdict.ts';
import type { Completion } from '../../model/run/record.ts';
import { counted, limitQuantity, number, observation, quantity } from '../../words/quantity-text.ts';
import {
  clause,
  type Inline,
  joined,
  line,
  listed,
  mostNamed,
  name,
  prose,
  type Sentence,
} from './inline.ts';
import { invalidReason } from './reasons/invalid-reason.ts';
import { refusalText } from './reasons/refusal.ts';
import { undoneText } from './reasons/run-note.ts';
import { regressionsOfNote, regressionText } from './regression-wording.ts';
import { cutShort, findingsOfNote, isFirm, metricText, observedText, scopeText } from './wording.ts';

/** The verdict over all runs in one sentence, which says what was broken, by how much, or why it is no measurement. */
export function verdictSentence(runs: readonly JudgedRun[]): Sentence {
  const [only] = runs;
  if (only && runs.length === 1) return runSentence(only);
  const verdict = worstVerdict(runs.map(({ judgement }) => judgement.verdict));
  const concerned = runs.filter(({ judgement }) => judgement.verdict === verdict);
  const names = listed(
    concerned.map(({ record }) => [name(record.header.scenario)]),
    ', ',
  );
  const cutBy = (state: Completion['state']) =>
    runs.filter(({ record }) => record.measurement.completion.state === state).length;
  const cuts = [
    { count: cutBy('interrupted'), how: 'interrupted' },
    { count: cutBy('aborted'), how: 'stopped by abortOn' },
  ].filter(({ count }) => count > 0);
  const partial = cuts.map(({ count, how }) => `${number(count)} of ${number(runs.length)} ${how}`);
  const cut = cuts.length > 0 ? `partial: ${partial.join(', ')}` : null;
  const all = counted(runs.length, 'scenario');
  const count = concerned.length === runs.length ? `all ${all}` : `${number(concerned.length)} of ${all}`;
  const said: { readonly [key in Verdict]: string } = {
    pass: `all ${all} held their budgets`,
    warn: `all ${all} held their budgets, ${number(concerned.length)} with warnings`,
    fail: `${count} ${concerned.some(hasRegressed) ? 'broke a budget or regressed' : 'broke a budget'}`,
    inconclusive: `${count} left too little evidence for a verdict`,
    invalid: `${count} ${concerned.length === 1 ? 'is' : 'are'} not a measurement`,
  };
  return { verdict, cut, said: line`${said[verdict]}: ${names}.` };
}

/** The verdict over one run in one sentence. */
export function runSentence(run: JudgedRun): Sentence {
  const { judgement, record } = run;
  const { completion } = record.measurement;
  const isTold = completion.state === 'neverAnswered' || completion.state === 'notStarted';
  const cut = isTold ? null : cutShort(completion, record.header.durationMs);
  const said = line`${name(record.header.scenario)} ${outcome(run)}.`;
  return { verdict: judgement.verdict, cut, said };
}

/** Why a run is not a measurement, as far as its sentence only counts the reasons, or names a firm fail instead. */
export function reasonsUnsaid({ judgement: { verdict, validity } }: JudgedRun): readonly string[] {
  if (validity.state !== 'invalid') return [];
  return validity.reasons.slice(verdict === 'invalid' ? mostNamed : 0).map(invalidReason);
}

function outcome(run: JudgedRun): Inline {
  const { verdict, validity, findings, comparison } = run.judgement;
  const decisive = findingsOfNote(run).filter(({ status }) => status === verdict);
  const share = `${number(decisive.length)} of ${counted(findings.length, 'budget')}`;
  const named = listed(decisive.map(findingText), '; ');
  const compared = regressionsIn(comparison);
  const regressed = regressionsOfNote(run.judgement).filter(({ status }) => status === verdict);
  const ofCompared = `${number(regressed.length)} of ${counted(compared.length, 'comparison')}`;
  const changes = listed(regressed.map(regressionText), '; ');
  const undone = listed(
    run.judgement.undone.map(each => [prose(undoneText(each))]),
    '; ',
  );
  const both = decisive.length > 0 && regressed.length > 0;
  switch (verdict) {
    case 'invalid':
      if (validity.state === 'invalid')
        return line`is not a measurement: ${reasons(run, validity.reasons.map(invalidReason))}`;
      if (decisive.length === 0)
        return line`was not compared: ${comparison.state === 'refused' ? prose(refusalText(comparison.reason)) : 'there is nothing to compare with'}`;
      return line`is not a measurement: ${share} ${decisive.length === 1 ? 'has' : 'have'} no data: ${named}`;
    case 'fail':
      if (both) return line`broke ${share}: ${named}; and regressed in ${ofCompared}: ${changes}`;
      if (regressed.length > 0) return line`${held(findings)}regressed in ${ofCompared}: ${changes}`;
      if (decisive.length === 0) return line`broke no budget until it was stopped: ${what(run)}`;
      return line`broke ${share}: ${named}`;
    case 'inconclusive':
      if (both) return line`gave too little evidence on ${share}: ${named}; and on ${ofCompared}: ${changes}`;
      if (regressed.length > 0) return line`gave too little evidence on ${ofCompared}: ${changes}`;
      return line`gave too little evidence on ${share}: ${named}`;
    case 'warn':
      if (undone.length > 0) {
        const warnings = [undone, named, changes].filter(part => part.length > 0);
        return line`${findings.length > 0 ? 'held its limits' : 'was held against no budget'}, but ${joined(warnings, '; ')}`;
      }
      if (both) return line`held its limits, but ${share} and ${ofCompared} warn: ${named}; ${changes}`;
      if (regressed.length > 0) {
        const warn = regressed.length === 1 ? 'warns' : 'warn';
        return findings.length > 0
          ? line`held its limits, but ${ofCompared} ${warn}: ${changes}`
          : line`regressed in nothing for certain, but ${ofCompared} ${warn}: ${changes}`;
      }
      return line`held its limits, but ${share} ${decisive.length === 1 ? 'warns' : 'warn'}: ${named}`;
    case 'pass':
      if (comparison.state === 'compared') {
        return line`${held(findings)}regressed in none of ${counted(compared.length, 'comparison')}: ${what(run)}`;
      }
      if (findings.length === 0) return line`was held against no budget: ${what(run)}`;
      return line`held ${findings.length === 1 ? 'its' : 'all'} ${counted(findings.length, 'budget')}${notFirm(findings)}: ${what(run)}`;
  }
}

function held(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  if (findings.some(({ status }) => status === 'inconclusive')) {
    return `broke none of ${counted(findings.length, 'budget')}, and `;
  }
  return `held ${findings.length === 1 ? 'its' : 'all'} ${counted(findings.length, 'budget')}${notFirm(findings)}, and `;
}

function hasRegressed({ judgement }: JudgedRun): boolean {
  return regressionsOfNote(judgement).some(({ status }) => status === 'fail');
}

function reasons({ record }: JudgedRun, given: readonly string[]): Inline {
  const { completion } = record.measurement;
  if (given.length === 0) return [cutShort(completion, record.header.durationMs) ?? 'no reason is known'];
  return listed(
    given.map(reason => [clause(reason)]),
    '; ',
  );
}

/** What the passed run was: how many requests, at what rate, how fast, and with how many errors. */
function what({ record }: JudgedRun): string {
  const { figures, response } = analyse(record).of({ kind: 'total' });
  return [
    `${counted(figures.requests, 'request')}${figures.rps === null ? '' : ` at ${quantity(figures.rps, 'perSecond')}`}`,
    response.p95 === null ? '' : `p95 ${observation(response.p95, 'ms')}`,
    figures.errors === 0 ? 'no errors' : counted(figures.errors, 'error'),
  ]
    .filter(part => part !== '')
    .join(', ');
}

function notFirm(findings: readonly Finding[]): string {
  const count = findings.filter(finding => !isFirm(finding)).length;
  return count === 0 ? '' : ` (${number(count)} not firm)`;
}

function findingText(finding: Finding): Inline {
  const { scope, metric, limit, observed } = finding;
  const subject = line`${scopeText(scope)} ${metricText(metric)}`;
  if (observed === null) return line`${subject} was not measured`;
  const bound =
    limit === null
      ? ''
      : `, ${metric.direction === 'atMost' ? 'limit' : 'at least'} ${limitQuantity(limit, metric.unit)}${
          metric.direction === 'atMost' ? '' : ' wanted'
        }`;
  return line`${subject} was ${observedText(finding)}${bound}`;
}
