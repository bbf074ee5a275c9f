import type { DuetFinding, DuetJudgement, JudgedDuet } from '../../model/duet/duet-judgement.ts';
import { counts } from '../../model/judgement/regression.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, number } from '../../words/quantity-text.ts';
import { duetNote } from './duet-note.ts';
import {
  contestantName,
  duetCutShort,
  duetFindingsOfNote,
  headName,
  isWaiting,
  rowOfDuet,
  sizeText,
} from './duet-wording.ts';
import { clause, type Inline, joined, line, listed, name, type Sentence } from './inline.ts';
import { movedText, shownRange } from './regression-wording.ts';
import { metricText } from './wording.ts';

/** The verdict over a duet in one sentence: what is slower and by how much, or why that is not known. */
export function duetSentence(duet: JudgedDuet): Sentence {
  const { record, judgement } = duet;
  const { base, head } = record.contestants;
  const cut = judgement.verdict === 'invalid' ? null : duetCutShort(record);
  const sides = line`${contestantName(head)} against ${contestantName(base)}`;
  const said = line`${name(record.header.scenario)}, ${sides}: ${outcome(duet)}.`;
  return { verdict: judgement.verdict, cut, said };
}

/** The verdict over several heads in one sentence: the worst first, each verdict with the heads that have it. */
export function headsSentence(duets: readonly JudgedDuet[]): Sentence {
  const [first] = duets as [JudgedDuet, ...JudgedDuet[]];
  const { header, contestants } = first.record;
  const verdicts = [...new Set(duets.map(({ judgement }) => judgement.verdict))];
  const parts = verdicts.map(verdict => {
    const of = duets.filter(({ judgement }) => judgement.verdict === verdict);
    const names = joined(
      of.map(duet => [headName(duet)]),
      ', ',
    );
    return line`${verdictOfHeads[verdict]}: ${names}`;
  });
  const sides = line`${counted(duets.length, 'head')} against ${contestantName(contestants.base)}`;
  const cut = duets.some(({ record }) => record.end.state === 'interrupted') ? 'partial: interrupted' : null;
  return {
    verdict: first.judgement.verdict,
    cut,
    said: line`${name(header.scenario)}, ${sides}: ${joined(parts, '; ')}.`,
  };
}

const verdictOfHeads: { readonly [verdict in DuetJudgement['verdict']]: string } = {
  fail: 'slower, or failing more often',
  invalid: 'not measured',
  inconclusive: 'open',
  warn: 'slower within the tolerance, or perhaps by its start alone',
  pass: 'no slower',
};

function outcome(duet: JudgedDuet): Inline {
  const { verdict, policy } = duet.judgement;
  const decisive = duetFindingsOfNote(duet).filter(({ status }) => status === verdict);
  const tolerance = changeText(policy.tolerance, 'relative').slice(1);
  switch (verdict) {
    case 'invalid':
      return line`no comparison: ${brokenText(duet)}`;
    case 'fail':
      return worseText(decisive);
    case 'warn': {
      if (decisive.some(({ reason }) => reason.kind === 'mayBeInstances')) {
        return line`${worseText(decisive)} in these instances, which is not established of their builds`;
      }
      const most = startsOf(decisive);
      return most === null
        ? line`${worseText(decisive)}, surely by less than ${tolerance}`
        : line`${worseText(decisive)}, but up to ${most} may be the start of these ${areTwo(decisive) ? 'two ' : ''}instances alone`;
    }
    case 'inconclusive':
      return openText(duet, decisive);
    case 'pass': {
      const { findings } = duet.judgement;
      const count = counted(findings.filter(counts).length, 'comparison');
      const restarts = counted(duet.record.restarts.length, duet.record.layout.repeat);
      return [`nothing got slower by ${tolerance} or fails 1 pp more often: ${count} over ${restarts}`];
    }
  }
}

/** What starts alone may make, where that is why a finding warns and does not fail. */
function startsOf(findings: readonly DuetFinding[]): string | null {
  const [first] = findings.flatMap(({ reason }) => (reason.kind === 'mayBeStart' ? [reason.margin] : []));
  return first === undefined ? null : changeText(first.most, 'relative');
}

function areTwo(findings: readonly DuetFinding[]): boolean {
  return findings.some(({ reason }) => reason.kind === 'mayBeStart' && reason.margin.instances === undefined);
}

function brokenText({ record, judgement }: JudgedDuet): Inline {
  const after = counted(record.restarts.length, record.layout.repeat);
  if (record.end.state === 'broken') {
    return line`it broke off after ${after}, since ${clause(record.end.reason)}`;
  }
  const [first] = judgement.notes;
  return [first === undefined ? `it ended after ${after}` : clause(duetNote(first))];
}

/** p95 first: it is what most budgets speak of. */
const order = ['p95', 'p50', 'p99'];

/** What got worse, endpoint by endpoint: `GET /a is 12% slower at p95 (10 ms → 11.2 ms) and 9% at p50 (…)`. */
function worseText(findings: readonly DuetFinding[]): Inline {
  const endpoints = [...new Set(findings.map(({ endpoint }) => endpoint))];
  const parts = endpoints.map(endpoint => {
    const own = findings.filter(finding => finding.endpoint === endpoint);
    const times = own
      .filter(({ metric }) => metric.comparison?.as === 'relative')
      .sort((one, other) => order.indexOf(one.metric.name) - order.indexOf(other.metric.name))
      .map((finding, index) => {
        const size = finding.change === null ? 'much' : sizeText(finding.change);
        return `${size}${index === 0 ? ' slower' : ''} at ${finding.metric.name} (${movedText(rowOfDuet(finding))})`;
      });
    const errors = own
      .filter(({ metric }) => metric.countsFailures)
      .map(
        finding =>
          `fails ${finding.change === null ? '' : `${sizeText(finding.change)} `}more often (${movedText(rowOfDuet(finding))})`,
      );
    const others = own
      .filter(({ metric }) => metric.comparison?.as === 'difference' && !metric.countsFailures)
      .map(({ metric, change, ...finding }) => {
        const size = change === null ? '' : `${sizeText(change)} `;
        const worse = metric.direction === 'atLeast' ? 'lower' : 'higher';
        return `has a ${size}${worse} ${metric.prose} (${movedText(rowOfDuet({ metric, change, ...finding }))})`;
      });
    const said = [...(times.length > 0 ? [`is ${inWords(times)}`] : []), ...errors, ...others];
    return line`${name(endpoint)} ${said.join(' and ')}`;
  });
  return listed(parts, '; ');
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function openText(duet: JudgedDuet, open: readonly DuetFinding[]): Inline {
  const { record, judgement } = duet;
  const restarts = counted(record.restarts.length, record.layout.repeat);
  if (isWaiting(duet))
    return [`${restarts} ${record.restarts.length === 1 ? 'is' : 'are'} too few for a verdict`];
  const all = counted(judgement.findings.filter(counts).length, 'comparison');
  const named = open.map(finding => {
    const row = rowOfDuet(finding);
    const range = finding.change?.interval ? ` (${shownRange(row)})` : ' (not seen)';
    return line`${name(finding.endpoint)} ${metricText(finding.metric)}${range}`;
  });
  const count = `${number(open.length)} of ${all} ${open.length === 1 ? 'is' : 'are'}`;
  return line`${count} open after ${restarts}: ${listed(named, '; ')}`;
}
