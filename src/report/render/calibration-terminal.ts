import pc from 'picocolors';
import type { Calibration } from '../../model/duet/calibration.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { none, percent, span } from '../../words/quantity-text.ts';
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
} from '../words/calibration-wording.ts';
import { contestantText } from '../words/duet-wording.ts';
import { fingerprintRows } from '../words/fingerprint-text.ts';
import { blocks, type Screen, screenOf } from './terminal-screen.ts';
import { type Column, textTable, wrapped } from './text-table.ts';

/** The report of a calibration for a terminal: what it means, what is caught when, what was injected, and how starts differ. */
export function calibrationTerminal(
  calibration: Calibration,
  { color, width }: { readonly color: boolean; readonly width?: number },
): string {
  const { header, contestant } = calibration;
  const screen = screenOf(pc.createColors(color), width);
  const facts = [
    ['build', contestantText(contestant, printable)],
    ['measured', calibrationEffort(calibration)],
    ...fingerprintRows(header.fingerprint, printable),
    ['again', printable(header.command, 2_000)],
  ] as const;
  const sentence = `${printable(header.scenario)}: ${calibrationSentence(calibration)}`;
  return `${blocks([
    wrapped(sentence, screen.width).map(line => screen.colors.bold(line)),
    powerTable(calibration, screen),
    shiftTable(calibration, screen),
    spreadTable(calibration, screen),
    calibrationNotes(calibration).flatMap(note => wrapped(note, screen.width, '  ', '• ')),
    facts.flatMap(([what, text]) =>
      wrapped(`${what}: ${text}`, screen.width, '  ').map(line => screen.colors.dim(line)),
    ),
  ])}\n`;
}

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string, goes?: number): Column => ({
  title,
  align: 'right',
  ...(goes === undefined ? {} : { goes }),
});

function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  screen: Screen,
): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(row => row.map(text => ({ text })));
  return textTable(columns, cells, screen.width, screen.colors.dim);
}

function powerTable({ findings }: Calibration, screen: Screen): readonly string[] {
  const columns = [
    left('injected'),
    right('restarts'),
    right('load'),
    right('caught'),
    right('warned'),
    right('passed'),
    right('open', 2),
    right('others', 1),
    right('were starts worse', 3),
  ];
  const rows = simulatedPower(findings).flatMap(({ rule, looks, cautious }) =>
    looks.map(({ restarts, loadMs, caught, warned, passed, open, accused }, look) => [
      look === 0 ? ruleText(rule) : '',
      String(restarts),
      span(loadMs),
      rateRange(caught),
      ...[warned, passed, open, accused].map(rateText),
      look === looks.length - 1 ? rateText(cautious) : '',
    ]),
  );
  return table(columns, rows, screen);
}

function shiftTable({ findings }: Calibration, screen: Screen): readonly string[] {
  const columns = [
    left('endpoint'),
    left('injected'),
    right('p50 moved', 1),
    right('p95 moved'),
    right('caught'),
  ];
  const rows = findings.power.flatMap(({ rule, shifts, endpoints }) =>
    shifts.map(({ endpoint, p50, p95 }) => {
      const caught = endpoints.find(one => one.endpoint === endpoint)?.caught;
      const moved = [p50, p95].map(shiftText);
      return [printable(endpoint), ruleText(rule), ...moved, caught ? rateText(caught) : none];
    }),
  );
  return table(columns, rows, screen);
}

function spreadTable({ findings }: Calibration, screen: Screen): readonly string[] {
  const columns = [
    left('endpoint'),
    left('metric'),
    right('starts'),
    right('starts differ by'),
    right('measuring scatters'),
  ];
  const rows = findings.spreads.map(spread => [
    printable(spread.endpoint),
    spread.metric,
    String(spread.starts),
    spreadRange(spread),
    spread.within === null ? none : percent(spread.within, 2),
  ]);
  return table(columns, rows, screen);
}
