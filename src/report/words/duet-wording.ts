import { type Contestant, type DuetRecord, urlsOf } from '../../model/duet/duet.ts';
import type { DuetFinding, JudgedDuet } from '../../model/duet/duet-judgement.ts';
import { counts } from '../../model/judgement/regression.ts';
import type { Verdict } from '../../model/judgement/verdict.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, number, span } from '../../words/quantity-text.ts';
import { type Inline, type InlineSpan, joined, line, name } from './inline.ts';
import { duetReason } from './reasons/duet-reason.ts';
import { type ComparedRow, confoundedQualifier } from './regression-wording.ts';
import type { Qualifier } from './wording.ts';

const optional: Qualifier = { sign: '°', word: 'optional', meaning: 'the duet is green without it' };

/** A duet's finding as the tables of comparisons show it. */
export function rowOfDuet(finding: DuetFinding): ComparedRow {
  const { endpoint, base, head, status, required, confounded } = finding;
  const observed = (value: number | null) => (value === null ? null : { value, atLeast: false });
  return {
    ...finding,
    scope: { kind: 'endpoint', endpoint },
    baseline: observed(base),
    observed: observed(head),
    reason: duetReason(finding),
    qualifiers: [
      ...(status === 'inconclusive' && !required ? [optional] : []),
      ...(confounded ? [confoundedQualifier] : []),
    ],
  };
}

/** Whether nothing was looked at yet. */
export function isWaiting({ judgement }: Pick<JudgedDuet, 'judgement'>): boolean {
  return judgement.findings.every(({ evidence }) => evidence.pValue === null);
}

/** The findings that a reader must see, worst first: those that have a say in the verdict; none before the first look. */
export function duetFindingsOfNote(duet: Pick<JudgedDuet, 'judgement'>): readonly DuetFinding[] {
  if (isWaiting(duet)) return [];
  const order: readonly Verdict[] = ['fail', 'inconclusive', 'warn'];
  const all = duet.judgement.findings.filter(counts);
  return order.flatMap(status => all.filter(finding => finding.status === status));
}

/** What got better by the floor or more, as far as its own interval tells; each has its reason. */
export function gainsOf({ judgement }: Pick<JudgedDuet, 'judgement'>): readonly DuetFinding[] {
  return judgement.findings.filter(
    ({ status, change }) =>
      status === 'pass' &&
      change?.kind === 'relative' &&
      change.value <= -judgement.policy.floor &&
      (change.interval?.high ?? 0) < 0,
  );
}

/** What a side is: a ref with its commit, or a URL. */
export function contestantText(side: Contestant): Inline {
  if (side.kind === 'url')
    return joined(
      urlsOf(side).map(url => [name(url)]),
      ', ',
    );
  const commit = name(side.commit.slice(0, 10));
  return side.commit.startsWith(side.ref) ? [commit] : line`${name(side.ref)} (${commit})`;
}

/** What the head of a duet is called, where there are several. */
export function headName({ record }: Pick<JudgedDuet, 'record'>): InlineSpan {
  const { head } = record.contestants;
  return name(head.kind === 'ref' ? head.ref : head.url, 60);
}

/** What a side is called in a sentence. */
export function contestantName(side: Contestant): Inline {
  if (side.kind === 'ref') return [name(side.ref)];
  const more = urlsOf(side).length - 1;
  return more === 0 ? [name(side.url)] : line`${name(side.url)} and ${number(more)} more`;
}

/** How many restarts there were and of what, under which load, for how long they were loaded and how long they took. */
export function effortText(record: DuetRecord): string {
  const { restarts, layout, header } = record;
  const { load } = layout;
  const rate = load.model === 'open' ? `${number(load.rate)} journeys/s` : counted(load.users, 'user');
  const instances = record.contestants.base.kind === 'url' ? urlsOf(record.contestants.base).length : 1;
  const turns =
    instances === 1
      ? `${counted(layout.pairsPerRestart, 'pair')} of ${span(layout.slotMs)} slots each`
      : `${counted(layout.pairsPerRestart, 'turn')} of ${span(layout.slotMs)} for each of ${number(instances)} + ${number(instances)} instances`;
  const loadMs = restarts.reduce((sum, restart) => sum + restart.loadMs, 0);
  return [
    `${counted(restarts.length, layout.repeat)} of ${turns}`,
    `${load.model} load of ${rate}`,
    `loaded for ${span(loadMs)} in ${span(header.durationMs)} of wall time`,
  ].join(', ');
}

/** How a duet that did not come to its end was cut short; null of one that was decided. */
export function duetCutShort({ end, restarts, layout }: DuetRecord): string | null {
  if (end.state === 'decided') return null;
  const after = `after ${counted(restarts.length, layout.repeat)}`;
  return end.state === 'interrupted'
    ? `partial: interrupted by ${end.signal} ${after}`
    : `partial: broke off ${after}`;
}

/** The size of a change without its sign: `12.1%`, `2.1 pp`. */
export function sizeText({ value, kind }: NonNullable<DuetFinding['change']>): string {
  return changeText(value, kind).slice(1);
}
