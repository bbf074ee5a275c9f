import { counted, number } from '../../src/model/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { changes, injections, nameOf, titleOf } from './injected.ts';
import { readLines } from './json-lines.ts';
import { machineKind } from './machine-kind.ts';
import { type DuetLine, duetsFile } from './real.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText, upperText } from './shares.ts';
import { changedEndpoint, workloads } from './workloads.ts';

/** The table of all real duets on machines like this one; null where there is none. */
export function realTable(setting: Pick<JudgeSetting, 'machine' | 'results'>): Measured | null {
  const kind = machineKind(setting.machine);
  const lines = readLines<DuetLine>(duetsFile(setting)).filter(
    ({ machine }) => machineKind(machine) === kind,
  );
  const groups = Object.values(workloads).flatMap(workload =>
    injections.flatMap(rule => {
      const of = lines.filter(line => line.workload === workload.name && nameOf(line.rule) === nameOf(rule));
      return of.length === 0 ? [] : [{ title: workload.title, rule, lines: of }];
    }),
  );
  if (groups.length === 0) return null;
  const unchanged = lines.filter(({ rule }) => rule.kind === 'none');
  const days = lines.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  return {
    tables: [
      {
        title: 'Real duets',
        method: `Whole duets of \`plimsoll duet\` on two commits, which serve the reference backend behind a delaying proxy: both sides are started afresh for every unit, and the head’s proxy delays one endpoint by what is given. All since ${days[0]} on machines like this one: ${kind}.`,
        columns: [
          { title: 'workload', align: 'left' },
          { title: 'head is slower by', align: 'left' },
          { title: 'duets', align: 'right' },
          { title: 'fail', align: 'right' },
          { title: 'share', align: 'left' },
          { title: 'warn', align: 'right' },
          { title: 'pass', align: 'right' },
          { title: 'other', align: 'right' },
          { title: 'other cells', align: 'right' },
          { title: 'units', align: 'right' },
          { title: 'load min', align: 'right' },
          { title: 'wall min', align: 'right' },
        ],
        rows: groups.map(({ title, rule, lines: of }) => {
          const count = (verdict: string) => of.filter(line => line.verdict === verdict).length;
          const failed = count('fail');
          const wrong = of.filter(({ accused }) =>
            accused.some(cell => cell.endpoint !== changedEndpoint || !changes(rule, cell.metric)),
          );
          const middle = (read: (line: DuetLine) => number) => number(median(of.map(read)), 2);
          return [
            ...[title, titleOf(rule), String(of.length), String(failed), shareText(failed, of.length)],
            ...[String(count('warn')), String(count('pass'))],
            String(of.length - failed - count('warn') - count('pass')),
            String(wrong.length),
            middle(({ units }) => units),
            ...[middle(({ loadMinutes }) => loadMinutes), middle(({ wallMinutes }) => wallMinutes)],
          ];
        }),
        notes: [
          ...(unchanged.length === 0 ? [] : [falseAlarmNote(unchanged)]),
          '“other” is inconclusive or invalid; “other cells” are duets that failed in an endpoint or a metric that did not change. Units and minutes are medians; wall time includes installing, starting and warming up.',
        ],
      },
    ],
    figures: lines,
  };
}

function falseAlarmNote(unchanged: readonly DuetLine[]): string {
  const accused = unchanged.filter(line => line.accused.length > 0).length;
  return `Without a change, all workloads together: ${accused} of ${counted(unchanged.length, 'duet')} accused, so ${upperText(accused, unchanged.length)} at 95%; 12 without an accusation alone show ${upperText(0, 12)}. That it is 1% or less, the simulation has to show.`;
}
