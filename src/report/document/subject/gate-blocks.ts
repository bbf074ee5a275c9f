import type { GateChange, GateReport } from '../../../model/gate.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { line, prose } from '../../words/inline.ts';
import { gateBaseText, gateChange } from '../../words/reasons/gate-change.ts';
import { type Block, type Item, paragraph } from '../document.ts';

/** The most changes that are listed of each kind. */
const mostChanges = 15;

/** What a checkout says otherwise than the base that judges it: what does not count, then what does. */
export function gateBlocks(gate: GateReport | null | undefined): readonly Block[] {
  if (!gate) return [];
  const { base, changes } = gate;
  const of = (stands: GateChange['stands']) => changes.filter(change => change.stands === stands);
  const [ofGate, ofRun] = [of('base'), of('head')];
  const judged = line`The gate of ${prose(gateBaseText(base), 100)} judges. `;
  return [
    ...listed(ofGate, gate, [...judged, 'These changes to it count only where they ask for more:']),
    ...listed(ofRun, gate, [
      ...(ofGate.length === 0 ? judged : []),
      'These changes decide what is measured and how. They count, and only a review can judge them:',
    ]),
  ];
}

function listed(
  changes: readonly GateChange[],
  { base }: GateReport,
  title: Parameters<typeof paragraph>[0],
): readonly Block[] {
  if (changes.length === 0) return [];
  const items = changes
    .slice(0, mostChanges)
    .map((change): Item => ({ text: [prose(gateChange(change, base), 400)] }));
  return [
    paragraph(title),
    { kind: 'list', style: 'points', items, omitted: Math.max(0, changes.length - mostChanges) },
  ];
}

/** What all runs of a report have in common, and what each has besides. */
export function sharedGate(runs: readonly JudgedRun[]): GateReport | null {
  const [first] = runs;
  if (!first?.gate) return null;
  const isShared = (change: GateChange) => runs.every(({ gate }) => gate?.changes.some(isSame(change)));
  return { ...first.gate, changes: first.gate.changes.filter(isShared) };
}

/** What a run has besides what it shares with others. */
export function ownGate({ gate }: JudgedRun, shared: GateReport | null): GateReport | null {
  if (!gate) return null;
  return { ...gate, changes: gate.changes.filter(change => !shared?.changes.some(isSame(change))) };
}

const isSame = (one: GateChange) => (other: GateChange) => JSON.stringify(one) === JSON.stringify(other);
