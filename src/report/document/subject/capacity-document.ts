import type { Capacity, MeasuredProbe } from '../../../model/capacity/capacity.ts';
import { none, percent, quantity, span } from '../../../words/quantity-text.ts';
import { capacitySummaryOf } from '../../summary/capacity-summary.ts';
import {
  capacityEffort,
  capacityNotes,
  capacitySentence,
  levelText,
  outcomeText,
} from '../../words/capacity-wording.ts';
import { line, name, prose } from '../../words/inline.ts';
import type { Chart } from '../chart.ts';
import { type Document, paragraph, section } from '../document.ts';
import { count, figure, left, right, type Table, table, textCell } from '../table.ts';

/** The report of a search: the highest load that holds, the curve up to it, and every load that was tried. */
export function capacityDocument(capacity: Capacity): Document {
  const { header, standing, end } = capacity;
  const notes = capacityNotes(capacity).map(note => ({ text: [prose(note, 1_000)] }));
  return {
    subject: 'capacity',
    sentence: {
      verdict: standing.verdict,
      cut: end.kind === 'interrupted' ? 'interrupted' : null,
      said: line`${name(header.scenario, 60)}: ${capacitySentence(capacity)}`,
    },
    parts: [
      {
        heading: null,
        sections: [
          section(
            ...(capacity.probes.length > 1 ? [curveOf(capacity)] : []),
            probeTable(capacity),
            ...(notes.length > 0 ? [{ kind: 'list', items: notes, style: 'points' } as const] : []),
            paragraph([
              `${capacityEffort(capacity)} in ${span(header.durationMs)}, each for ${span(capacity.terms.stepMs)} after ${span(capacity.terms.warmupMs)} of warm-up.`,
            ]),
            { kind: 'code', is: 'command', text: header.command },
          ),
        ],
      },
    ],
    summary: capacitySummaryOf(capacity),
  };
}

/** By rising load, the last of several at one load. */
function curveOf({ probes, terms }: Capacity): Chart {
  const byLevel = new Map(probes.filter(isOfApi).map(probe => [probe.level, probe]));
  const rising = [...byLevel.values()].sort((one, other) => one.level - other.level);
  const firstBroken = rising.findIndex(({ outcome }) => outcome.kind !== 'held');
  return {
    kind: 'chart',
    x: { kind: 'ordered', what: 'load', labels: rising.map(({ level }) => levelText(level, terms.unit)) },
    series: [
      { name: ['p95'], unit: 'ms', values: rising.map(({ p95 }) => p95), limits: [] },
      { name: ['errorRate'], unit: 'ratio', values: rising.map(({ errorRate }) => errorRate), limits: [] },
    ],
    marks: firstBroken < 0 ? [] : [{ from: firstBroken, to: rising.length, what: 'does not hold' }],
  };
}

const isOfApi = ({ outcome: { kind } }: MeasuredProbe) =>
  !['generator', 'blurred', 'interrupted'].includes(kind);

function probeTable({ probes, terms }: Capacity): Table {
  const ms = (value: number | null) => figure(value === null ? none : quantity(value, 'ms'), value, 'ms');
  const rows = probes.map(probe => ({
    cells: [
      textCell(`${levelText(probe.level, terms.unit)}${probe.confirms ? ', longer' : ''}`),
      count(probe.requests),
      figure(probe.rps === null ? none : quantity(probe.rps, 'perSecond'), probe.rps, 'perSecond'),
      ms(probe.p50),
      ms(probe.p95),
      ms(probe.p99),
      figure(probe.errorRate === null ? none : percent(probe.errorRate), probe.errorRate, 'ratio'),
      textCell(...outcomeText(probe)),
    ],
  }));
  const columns = [
    left('load'),
    right('requests', { goes: 1 }),
    right('rps', { goes: 2 }),
    right('p50', { goes: 3 }),
    right('p95'),
    right('p99', { goes: 4 }),
    right('errors'),
    left('outcome', { fills: true }),
  ];
  return table(columns, rows);
}
