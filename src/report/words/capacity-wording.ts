import type { Capacity, CapacityEnd, MeasuredProbe, Probe } from '../../model/capacity/capacity.ts';
import type { CapacityUnit } from '../../model/judgement/budget.ts';
import type { Finding } from '../../model/judgement/verdict.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, number, percent, quantity } from '../../words/quantity-text.ts';
import { type Inline, joined, line, plainText } from './inline.ts';
import { invalidInShort } from './reasons/invalid-reason.ts';
import { findingInShort } from './wording.ts';

/** A load in its unit: `182/s`, `50 users`. */
export function levelText(level: number, unit: CapacityUnit): string {
  return unit === 'perSecond' ? quantity(level, 'perSecond') : counted(level, 'user');
}

/** What became of a probe: `held`, or the budgets that broke. */
export function outcomeText({ outcome }: Probe): Inline {
  switch (outcome.kind) {
    case 'held':
      return ['held'];
    case 'broke':
      return broken(outcome.by);
    case 'fellBehind':
      return [`fell behind: ${percent(outcome.done)} of what was due was done in time`];
    case 'blurred':
      return line`the load generator was late, so ${broken(outcome.by)} says nothing`;
    case 'failed':
    case 'generator':
      return [invalidInShort(outcome.reason)];
    case 'interrupted':
      return ['interrupted'];
  }
}

function broken(findings: readonly Finding[]): Inline {
  return joined(
    findings.slice(0, 3).map(finding => findingInShort(finding, 60)),
    ', ',
  );
}

/** The same in a line of plain text, with the time that it took to answer. */
export function probeText(probe: MeasuredProbe): string {
  const p95 = probe.p95 === null ? '' : `p95 ${quantity(probe.p95, 'ms')}, `;
  return `${p95}${plainText(outcomeText(probe))}`;
}

/** What a search found, as one sentence. */
export function capacitySentence(capacity: Capacity): Inline {
  const { end, terms, limit, probes } = capacity;
  const level = (value: number) => levelText(value, terms.unit);
  const asked = limit === null ? '' : `; its budget is ${level(limit)}`;
  return line`${endText(end, probes, level)}${asked}.`;
}

function endText(
  end: CapacityEnd,
  probes: readonly MeasuredProbe[],
  level: (value: number) => string,
): Inline {
  const brokenAt = (at: number): Inline => {
    const probe = probes.findLast(
      ({ level: tried, outcome }) => tried === at && ['broke', 'fellBehind', 'failed'].includes(outcome.kind),
    );
    return probe === undefined ? [] : outcomeText(probe);
  };
  switch (end.kind) {
    case 'found':
      return line`the budgets hold up to ${level(end.capacity)}; at ${level(end.brokeAt)}: ${brokenAt(end.brokeAt)}`;
    case 'none':
      return line`the budgets do not hold even at ${level(end.brokeAt)}: ${brokenAt(end.brokeAt)}`;
    case 'most':
      return line`the budgets hold at ${level(end.capacity)}, the most that was allowed`;
    case 'generator':
      return end.capacity === null
        ? line`nothing is known: the load generator was the limit even at ${level(end.limitedAt)}`
        : line`the budgets hold at ${level(end.capacity)} at least; at ${level(end.limitedAt)} the load generator was the limit, not the API`;
    case 'interrupted':
      return end.heldAt === null || end.heldAt === 0
        ? ['no load held before that']
        : line`the budgets held at ${level(end.heldAt)}, which was not confirmed`;
  }
}

/** What a reader should know besides. */
export function capacityNotes({ unheld, earlier, end, terms, probes }: Capacity): readonly string[] {
  const found = 'capacity' in end ? end.capacity : null;
  const change = earlier && found ? changeText(found / earlier.capacity - 1, 'relative') : null;
  const commit = earlier?.commit ? ` at ${earlier.commit.slice(0, 10)}` : '';
  return [
    ...(earlier && change
      ? [
          `The latest search before, of ${earlier.startedAt.slice(0, 16).replace('T', ' ')}${commit}, found ${levelText(earlier.capacity, terms.unit)}: a change of ${change}. Steps are ${percent(terms.precision)} wide.`,
        ]
      : []),
    ...(unheld.length > 0
      ? [`Not looked at here, since it belongs to the scenario's own load: ${unheld.join(', ')}.`]
      : []),
    ...(probes.some(
      ({ outcome: { kind }, level }, index) => kind === 'held' && isDoubted(level, probes, index),
    )
      ? [
          'A load that held at first did not hold for longer: the API is near its limit, or the machine is busy.',
        ]
      : []),
  ];
}

function isDoubted(level: number, probes: readonly MeasuredProbe[], index: number): boolean {
  return probes
    .slice(index + 1)
    .some(probe => probe.level === level && probe.confirms && probe.outcome.kind !== 'held');
}

/** How much was done to find it: `9 loads in 2 min`. */
export function capacityEffort({ probes }: Capacity): string {
  return `${number(probes.length)} ${probes.length === 1 ? 'load' : 'loads'}`;
}
