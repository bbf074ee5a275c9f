import { analyse } from '../../../analysis/analysis.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { type Comparison, regressionsIn } from '../../../model/judgement/regression.ts';
import type { Finding, Validity } from '../../../model/judgement/verdict.ts';
import { counted, number, observation, quantity } from '../../../words/quantity-text.ts';
import { baselineSentence } from '../baseline-sentence.ts';
import { driftedText } from '../drift-text.ts';
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
} from '../inline.ts';
import { invalidReason } from '../reasons/invalid-reason.ts';
import { refusalText } from '../reasons/refusal.ts';
import { undoneText } from '../reasons/run-note.ts';
import { cutShort, isFirm } from '../wording.ts';
import { decisiveOf, namedText, shareOfBudgets, shareOfCompared, unjudgedParts } from './outcome.ts';

/** The verdict over one run in one sentence, which says what was broken, by how much, or why it is no measurement. */
export function runSentence(run: JudgedRun): Sentence {
  const { judgement, record } = run;
  const { completion } = record.measurement;
  const isTold = completion.state === 'neverAnswered' || completion.state === 'notStarted';
  const cut = isTold ? null : cutShort(completion, record.header.durationMs);
  const said = line`${name(record.header.scenario)} ${outcome(run)}.`;
  return { verdict: judgement.verdict, cut, said };
}

/** Why a run is not a measurement, as far as its sentence only counts the reasons. */
export function reasonsUnsaid({ judgement }: JudgedRun): readonly string[] {
  return judgement.validity.state === 'invalid'
    ? judgement.validity.reasons.slice(mostNamed).map(invalidReason)
    : [];
}

function outcome(run: JudgedRun): Inline {
  switch (run.judgement.verdict) {
    case 'fail':
      return failed(run);
    case 'invalid':
      return unmeasured(run);
    case 'inconclusive':
      return open(run);
    case 'warn':
      return warned(run);
    case 'pass':
      return passed(run);
  }
}

/** What failed comes first, then what was not measured besides. */
function failed(run: JudgedRun): Inline {
  const { validity, findings, lacksBaseline = false } = run.judgement;
  const { budgets, regressions } = decisiveOf(run, 'fail');
  const others = [...(lacksBaseline ? [uncomparedText(run)] : []), ...driftedPart(run)];
  if (budgets.length === 0 && regressions.length === 0) {
    const [first, ...more] = others;
    if (first === undefined) return line`broke no budget until it was stopped: ${what(run)}`;
    return joined([line`${held(findings)}${first}`, ...more, ...unjudgedParts(run)], '; ');
  }
  const said = budgets.length === 0 ? line`${held(findings)}${brokenText(run, '')}` : brokenText(run, '');
  if (validity.state === 'invalid') {
    return line`${said}; otherwise it is not a measurement: ${reasons(run, validity)}`;
  }
  return joined([said, ...others, ...unjudgedParts(run)], '; ');
}

/** That answers were not as the description of the API declares them, where that fails. */
function driftedPart({ judgement, record }: JudgedRun): readonly Inline[] {
  const { description } = record.measurement;
  return judgement.hasDrifted && description !== undefined ? [driftedText(description)] : [];
}

/** That nothing was compared, where that is required, and why. */
function uncomparedText({ judgement: { comparison } }: JudgedRun): Inline {
  return line`was not compared, which is required: ${prose(clauseOf(comparison), 800)}`;
}

/** Why there is no comparison, in the middle of a sentence. */
function clauseOf(comparison: Comparison): string {
  if (comparison.state === 'refused') return refusalText(comparison.reason);
  const { selection } = comparison;
  if (selection === null) return 'the command asks for no baseline';
  return baselineSentence(selection)
    .replace(/^No baseline: /, '')
    .replace(/\.$/, '');
}

/** What it broke and in what it regressed; `how` follows the number of budgets. */
function brokenText(run: JudgedRun, how: string): Inline {
  const { budgets, regressions } = decisiveOf(run, 'fail');
  const broke = line`broke ${shareOfBudgets(run, budgets)}${how}: ${namedText({ budgets, regressions: [] })}`;
  const regressed = line`regressed in ${shareOfCompared(run, regressions)}: ${namedText({ budgets: [], regressions })}`;
  if (regressions.length === 0) return broke;
  return budgets.length === 0 ? regressed : line`${broke}; and ${regressed}`;
}

/** Even what failed without certainty comes before what was not measured. */
function unmeasured(run: JudgedRun): Inline {
  const { validity, comparison } = run.judgement;
  const { budgets, regressions } = decisiveOf(run, 'fail');
  const hasFailed = budgets.length > 0 || regressions.length > 0;
  const said = hasFailed ? brokenText(run, ', not firmly') : null;
  if (validity.state === 'invalid') {
    const why = reasons(run, validity);
    return said === null
      ? line`is not a measurement: ${why}`
      : line`${said}; otherwise it is not a measurement: ${why}`;
  }
  const parts = unjudgedParts(run);
  if (said !== null) return joined([said, ...parts], '; ');
  if (parts.length > 0) return line`is not a measurement: ${joined(parts, '; ')}`;
  return line`was not compared: ${comparison.state === 'refused' ? prose(refusalText(comparison.reason)) : 'there is nothing to compare with'}`;
}

function open(run: JudgedRun): Inline {
  const { budgets, regressions } = decisiveOf(run, 'inconclusive');
  const [share, ofCompared] = [shareOfBudgets(run, budgets), shareOfCompared(run, regressions)];
  const [named, changes] = [namedText({ budgets, regressions: [] }), namedText({ budgets: [], regressions })];
  if (regressions.length === 0) return line`gave too little evidence on ${share}: ${named}`;
  return budgets.length === 0
    ? line`gave too little evidence on ${ofCompared}: ${changes}`
    : line`gave too little evidence on ${share}: ${named}; and on ${ofCompared}: ${changes}`;
}

function warned(run: JudgedRun): Inline {
  const { findings, undone } = run.judgement;
  const { budgets, regressions } = decisiveOf(run, 'warn');
  const [share, ofCompared] = [shareOfBudgets(run, budgets), shareOfCompared(run, regressions)];
  const [named, changes] = [namedText({ budgets, regressions: [] }), namedText({ budgets: [], regressions })];
  if (undone.length > 0) {
    const undoneParts = listed(
      undone.map(each => [prose(undoneText(each))]),
      '; ',
    );
    const warnings = [undoneParts, named, changes].filter(part => part.length > 0);
    return line`${findings.length > 0 ? 'held its limits' : 'was held against no budget'}, but ${joined(warnings, '; ')}`;
  }
  if (regressions.length === 0) {
    return line`held its limits, but ${share} ${budgets.length === 1 ? 'warns' : 'warn'}: ${named}`;
  }
  if (budgets.length > 0) {
    return line`held its limits, but ${share} and ${ofCompared} warn: ${named}; ${changes}`;
  }
  const warn = regressions.length === 1 ? 'warns' : 'warn';
  return findings.length > 0
    ? line`held its limits, but ${ofCompared} ${warn}: ${changes}`
    : line`regressed in nothing for certain, but ${ofCompared} ${warn}: ${changes}`;
}

function passed(run: JudgedRun): Inline {
  const { findings, comparison } = run.judgement;
  if (comparison.state === 'compared') {
    const compared = counted(regressionsIn(comparison).length, 'comparison');
    return line`${held(findings)}regressed in none of ${compared}: ${what(run)}`;
  }
  if (findings.length === 0) return line`was held against no budget: ${what(run)}`;
  return line`held ${findings.length === 1 ? 'its' : 'all'} ${counted(findings.length, 'budget')}${notFirm(findings)}: ${what(run)}`;
}

function held(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  if (findings.some(({ status }) => status === 'inconclusive' || status === 'invalid')) {
    return `broke none of ${counted(findings.length, 'budget')}, and `;
  }
  return `held ${findings.length === 1 ? 'its' : 'all'} ${counted(findings.length, 'budget')}${notFirm(findings)}, and `;
}

function reasons({ record }: JudgedRun, validity: Extract<Validity, { state: 'invalid' }>): Inline {
  const { completion } = record.measurement;
  if (validity.reasons.length === 0) {
    return [cutShort(completion, record.header.durationMs) ?? 'no reason is known'];
  }
  return listed(
    validity.reasons.map(reason => [clause(invalidReason(reason))]),
    '; ',
  );
}

/** What the passed run was: how many requests, at what rate, how fast, and with how many errors. */
function what({ record }: JudgedRun): string {
  const { figures, response } = analyse(record).of({ kind: 'total' });
  return [
    `${counted(figures.requests, 'request')}${figures.rps === null ? '' : ` at ${quantity(figures.rps, 'perSecond')}`}`,
    response.p95 === null ? '' : `p95 ${observation(response.p95, 'ms')}`,
    figures.summary?.errors === null
      ? ''
      : figures.errors === 0
        ? 'no errors'
        : counted(figures.errors, 'error'),
  ]
    .filter(part => part !== '')
    .join(', ');
}

function notFirm(findings: readonly Finding[]): string {
  const count = findings.filter(finding => !isFirm(finding)).length;
  return count === 0 ? '' : ` (${number(count)} not firm)`;
}
