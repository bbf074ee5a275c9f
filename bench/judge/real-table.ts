import { isDeepStrictEqual } from 'node:util';
import { counted, none, number, percent } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { type DuetLine, duetsFile } from './duet-line.ts';
import { changes, givenTo, injections, nameOf, titleOf } from './injected.ts';
import { readLines } from './json-lines.ts';
import { judgeDigest } from './judge-digest.ts';
import { isSameMachine, machineKind } from './machine-kind.ts';
import { sharing } from './overlap.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText, upperText } from './shares.ts';
import { workloads } from './workloads.ts';

/** The table of all real duets of this judge on machines like this one; null where there is none. */
export async function realTable(
  setting: Pick<JudgeSetting, 'machine' | 'results' | 'say'>,
): Promise<Measured | null> {
  const stored = readLines<DuetLine>(duetsFile(setting), setting.say);
  if (stored.length === 0) return null;
  const groups = [];
  for (const workload of Object.values(workloads)) {
    const judge = await judgeDigest(workload);
    const lines = stored.filter(
      line =>
        line.workload === workload.name &&
        line.judge === judge &&
        isGivenNow(line) &&
        isSameMachine(line.machine, setting.machine),
    );
    for (const rule of injections) {
      const of = lines.filter(line => nameOf(line.rule) === nameOf(rule));
      if (of.length > 0) groups.push({ title: workload.title, rule, lines: of });
    }
  }
  const lines = groups.flatMap(group => group.lines);
  const left = stored.length - lines.length;
  if (left > 0)
    setting.say(`${counted(left, 'real duet')} of another judge, injection or machine not counted`);
  if (lines.length === 0) return null;
  const unchanged = lines.filter(({ rule }) => rule.kind === 'none');
  const days = lines.map(({ startedAt }) => startedAt.slice(0, 10)).sort();
  const commits = new Set(
    lines.map(
      ({ commit, machine: { git } }) =>
        `${commit?.slice(0, 7) ?? 'unknown'}${git?.dirty ? ' with changes' : ''}`,
    ),
  );
  return {
    tables: [
      {
        title: 'Real duets',
        method: `Whole duets of \`plimsoll duet\` on two commits, which serve the reference backend, or another server, behind a delaying proxy: both sides are started afresh for every restart, and the head’s proxy delays one endpoint by what is given. All since ${days[0]} by the present looks, layout and limits (commits ${[...commits].join(', ')}) on machines like this one: ${machineKind(setting.machine)}.`,
        columns: [
          { title: 'workload', align: 'left' },
          { title: 'head is slower by', align: 'left' },
          { title: 'measured p50, p95', align: 'right' },
          { title: 'duets', align: 'right' },
          { title: 'disturbed', align: 'right' },
          { title: 'caught', align: 'right' },
          { title: 'share', align: 'left' },
          { title: 'accused wrongly', align: 'right' },
          { title: 'warn', align: 'right' },
          { title: 'pass', align: 'right' },
          { title: 'open', align: 'right' },
          { title: 'no end', align: 'right' },
          { title: 'restarts', align: 'right' },
          { title: 'load min', align: 'right' },
          { title: 'wall min', align: 'right' },
        ],
        rows: groups.map(({ title, rule, lines: of }) => {
          const ended = of.filter(({ end }) => end === 'decided');
          const count = (verdict: DuetLine['verdict']) =>
            String(ended.filter(line => line.verdict === verdict).length);
          const caught = ended.filter(isCaught).length;
          const middle = (read: (line: DuetLine) => number) => number(median(ended.map(read)), 2);
          return [
            ...[
              title,
              titleOf(rule),
              (['p50', 'p95'] as const).map(metric => movedText(ended, metric)).join(', '),
            ],
            ...[
              String(of.length),
              String(sharing(of, stored)),
              ...(rule.kind === 'none' ? [none, ''] : [String(caught), shareText(caught, of.length)]),
            ],
            ...[String(of.filter(isWrong).length), count('warn'), count('pass')],
            String(ended.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'invalid').length),
            String(of.length - ended.length),
            middle(({ restarts }) => restarts),
            ...[middle(({ loadMinutes }) => loadMinutes), middle(({ wallMinutes }) => wallMinutes)],
          ];
        }),
        notes: [
          ...(unchanged.length === 0 ? [] : [falseAlarmNote(unchanged, stored)]),
          'The proxy sees about 55% of the time that the client waits, so it delays by more than the first column says. “measured” is the result: how much head’s p50 and p95 of that endpoint were above base’s, as the median of the duets.',
          '“caught” is a fail in that endpoint and a metric that changed, as a share of all duets. “disturbed” counts those that ran beside another duet on the same machine, whose starts and load scatter the times of both sides. “accused wrongly” is a fail anywhere else, alone or beside it. “open” is inconclusive or invalid, “no end” broken, interrupted or not measured. Restarts and minutes are medians of those that ended; wall time includes installing, starting and warming up.',
        ],
      },
    ],
    figures: lines,
  };
}

const isGivenNow = ({ rule, given = rule }: DuetLine) => isDeepStrictEqual(given, givenTo(rule));

type Accused = DuetLine['accused'][number];

const isOfChange = ({ rule, changed }: DuetLine, { endpoint, metric }: Accused) =>
  endpoint === changed && changes(rule, metric);

const isCaught = (line: DuetLine) => line.accused.some(cell => isOfChange(line, cell));

const isWrong = (line: DuetLine) => line.accused.some(cell => !isOfChange(line, cell));

function movedText(lines: readonly DuetLine[], metric: keyof DuetLine['moved']): string {
  const moved = median(lines.flatMap(line => line.moved[metric] ?? []));
  return Number.isNaN(moved) ? none : `${moved > 0 ? '+' : ''}${percent(moved, 2)}`;
}

/** Of those that told anything: a duet without an end accused nobody because of that. */
function falseAlarmNote(unchanged: readonly DuetLine[], stored: readonly DuetLine[]): string {
  const told = unchanged.filter(line => line.end === 'decided' || isWrong(line));
  const accused = told.filter(isWrong).length;
  const bound = told.length === 0 ? '' : `, so ${upperText(accused, told.length)} at 95%`;
  const alone = told.filter(line => sharing([line], stored) === 0);
  const accusedAlone = alone.filter(isWrong).length;
  return `Without a change, all workloads together: ${accused} of ${counted(told.length, 'duet')} accused${bound}, and ${accusedAlone} of the ${counted(alone.length, 'duet')} that ran beside no other; 12 without an accusation alone show ${upperText(0, 12)}. Whether it is 1% or less, only the simulation can show.`;
}
