import type { Calibration } from '../../model/duet/calibration.ts';
import { fenced, markdownCode, markdownText, printable } from '../../safety/untrusted-text.ts';
import { none, percent, span } from '../../words/quantity-text.ts';
import {
  calibrationEffort,
  calibrationNotes,
  calibrationSentence,
  rateRange,
  ruleText,
  shiftText,
  simulatedPower,
  spreadRange,
} from '../words/calibration-wording.ts';
import { contestantText } from '../words/duet-wording.ts';
import { fingerprintRows } from '../words/fingerprint-text.ts';
import { folded, table } from './markdown-blocks.ts';

/** The report of a calibration in GitHub's Markdown. */
export function calibrationMarkdown(calibration: Calibration): string {
  const { header, findings } = calibration;
  const sections = [
    `**${markdownCode(header.scenario)}: ${markdownText(calibrationSentence(calibration), 1_000)}**`,
    powerTable(calibration),
    [calibrationEffort(calibration), ...calibrationNotes(calibration)]
      .map(note => `- ${markdownText(note, 2_000)}`)
      .join('\n'),
    findings.power.length === 0 ? '' : folded('What the injected delays did', shiftTable(calibration)),
    findings.spreads.length === 0 ? '' : folded('How far starts differ', spreadTable(calibration)),
    provenance(calibration),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

const left = (title: string) => ({ title });
const right = (title: string) => ({ title, align: 'right' }) as const;

function powerTable({ findings }: Calibration): string {
  const power = simulatedPower(findings);
  if (power.length === 0) return '';
  const titles = [
    'restarts',
    'load',
    'caught',
    'warned',
    'passed',
    'open',
    'others accused',
    'were starts worse',
  ];
  const rows = power.flatMap(({ rule, looks, cautious }) =>
    looks.map(({ restarts, loadMs, caught, warned, passed, open, accused }, look) => [
      look === 0 ? ruleText(rule) : '',
      String(restarts),
      span(loadMs),
      ...[caught, warned, passed, open, accused].map(rateRange),
      look === looks.length - 1 ? rateRange(cautious) : '',
    ]),
  );
  return table([left('injected'), ...titles.map(right)], rows);
}

function shiftTable({ findings: { power } }: Calibration): string {
  const rows = power.flatMap(({ rule, shifts, endpoints }) =>
    shifts.map(({ endpoint, p50, p95 }) => {
      const caught = endpoints.find(one => one.endpoint === endpoint)?.caught;
      const moved = [p50, p95].map(shiftText);
      return [markdownCode(endpoint), ruleText(rule), ...moved, caught ? rateRange(caught) : none];
    }),
  );
  const titles = ['p50 moved', 'p95 moved', 'caught'];
  return table([left('endpoint'), left('injected'), ...titles.map(right)], rows);
}

function spreadTable({ findings: { spreads } }: Calibration): string {
  const rows = spreads.map(spread => [
    markdownCode(spread.endpoint),
    spread.metric,
    String(spread.starts),
    spreadRange(spread),
    spread.within === null ? none : percent(spread.within, 2),
  ]);
  const titles = ['starts', 'starts differ by', 'measuring scatters'];
  return table([left('endpoint'), left('metric'), ...titles.map(right)], rows);
}

function provenance({ header, contestant }: Calibration): string {
  const rows = [
    ['build', contestantText(contestant, markdownCode)],
    ['scenario', markdownCode(header.file ?? header.scenario)],
    ['started', markdownCode(header.startedAt)],
    ...fingerprintRows(header.fingerprint, markdownCode),
    ['workload', markdownCode(header.digest.slice(0, 12))],
    ['seed', String(header.seed)],
    ['calibration', markdownCode(header.id)],
  ];
  return folded(
    'Where it was measured, and the command that repeats it',
    rows.map(([what, value]) => `- ${what}: ${value}`).join('\n'),
    fenced([printable(header.command, 2_000)], 'sh'),
  );
}
