import type { Calibration } from '../../../model/duet/calibration.ts';
import { none, percent, span } from '../../../words/quantity-text.ts';
import { calibrationSummaryOf } from '../../summary/calibration-summary.ts';
import {
  calibrationEffort,
  calibrationNotes,
  calibrationSentence,
  rateRange,
  rateText,
  ruleText,
  shiftText,
  simulatedPower,
  spreadRange,
} from '../../words/calibration-wording.ts';
import { contestantText } from '../../words/duet-wording.ts';
import { line, name, prose } from '../../words/inline.ts';
import { type Document, folded, section, title } from '../document.ts';
import { count, figure, left, right, type Table, type TableCell, table, textCell } from '../table.ts';
import { turnsSection } from './provenance.ts';

/** The report of a calibration: what it means, what is caught when, what was injected, and how starts differ. */
export function calibrationDocument(calibration: Calibration): Document {
  const { header, contestant } = calibration;
  const effort = [calibrationEffort(calibration)];
  const notes = calibrationNotes(calibration).map(note => ({ text: [prose(note, 2_000)] }));
  return {
    subject: 'calibration',
    sentence: title(line`${name(header.scenario)}: ${prose(calibrationSentence(calibration), 1_000)}`),
    parts: [
      {
        heading: null,
        sections: [
          section(powerTable(calibration)),
          folded('What the injected delays did', shiftTable(calibration)),
          folded('How far starts differ', spreadTable(calibration)),
          section({
            kind: 'list',
            style: 'points',
            items: [{ text: effort, only: 'page' }, ...notes],
          }),
          turnsSection('calibration', header, {
            shared: [{ name: 'build', value: contestantText(contestant) }],
            told: [{ name: 'measured', value: effort }],
          }),
        ],
      },
    ],
    summary: calibrationSummaryOf(calibration),
  };
}

type Share = Parameters<typeof rateRange>[0];

const shareOf = ({ hits, of }: Share): number | null => (of === 0 ? null : hits / of);

/** A rate with its interval. */
function ranged(rate: Share): TableCell {
  return figure(rateRange(rate), shareOf(rate), 'ratio');
}

/** The same, without the interval on a screen. */
function rated(rate: Share): TableCell {
  return { ...figure(rateRange(rate), shareOf(rate), 'ratio'), onScreen: rateText(rate) };
}

function powerTable({ findings }: Calibration): Table {
  const columns = [
    left('injected'),
    right('restarts'),
    right('load'),
    right('caught'),
    right('warned'),
    right('passed'),
    right('open', { goes: 2 }),
    right('others accused', { onScreen: 'others', goes: 1 }),
    right('were starts worse', { goes: 3 }),
  ];
  const rows = simulatedPower(findings).flatMap(({ rule, looks, cautious }) =>
    looks.map(({ restarts, loadMs, caught, warned, passed, open, accused }, look) => ({
      cells: [
        textCell(look === 0 ? ruleText(rule) : ''),
        count(restarts),
        figure(span(loadMs), loadMs, 'ms'),
        ranged(caught),
        ...[warned, passed, open, accused].map(rated),
        look === looks.length - 1 ? rated(cautious) : textCell(''),
      ],
    })),
  );
  return table(columns, rows);
}

function shiftTable({ findings: { power } }: Calibration): Table {
  const columns = [
    left('endpoint'),
    left('injected'),
    right('p50 moved', { goes: 1 }),
    right('p95 moved'),
    right('caught'),
  ];
  const rows = power.flatMap(({ rule, shifts, endpoints }) =>
    shifts.map(({ endpoint, p50, p95 }) => {
      const caught = endpoints.find(one => one.endpoint === endpoint)?.caught;
      return {
        cells: [
          textCell(name(endpoint)),
          textCell(ruleText(rule)),
          ...[p50, p95].map(shift => figure(shiftText(shift), shift?.value ?? null, 'relative')),
          caught ? rated(caught) : textCell(none),
        ],
      };
    }),
  );
  return table(columns, rows);
}

function spreadTable({ findings: { spreads } }: Calibration): Table {
  const columns = [
    left('endpoint'),
    left('metric'),
    right('starts'),
    right('starts differ by'),
    right('measuring scatters'),
  ];
  const rows = spreads.map(spread => ({
    cells: [
      textCell(name(spread.endpoint)),
      textCell(spread.metric),
      figure(String(spread.starts), spread.starts, 'count'),
      figure(spreadRange(spread), spread.value, 'relative'),
      figure(spread.within === null ? none : percent(spread.within, 2), spread.within, 'relative'),
    ],
  }));
  return table(columns, rows);
}
