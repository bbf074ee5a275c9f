import { duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { counted, none, number, percent } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import type { Table } from '../table.ts';
import { leastPassed, mostFalseAlarms, type PowerGoal, powerGoal } from './goals.ts';
import { titleOf } from './injected.ts';
import { rules } from './rules.ts';
import type { Scatter } from './scatter.ts';
import { isAtMost, mark, shareText, upperText } from './shares.ts';
import type { RecordingHeader } from './slot-recording.ts';
import { countOf, minutesAt, minutesOf, type Outcome, type Tally } from './tally.ts';
import { workloads } from './workloads.ts';

/** What tallies come from. */
export interface Recorded extends RecordingHeader {
  readonly starts: number;
  /** The slot pairs of each session. */
  readonly sessions: readonly number[];
  readonly scatter: Scatter;
}

const minutes = [2, 4, 8];
const accusing: readonly Outcome[] = ['caught', 'accused'];
const settled: readonly Outcome[] = [...accusing, 'warned', 'passed'];

/** The tables of a simulation, by their place in the document. */
export function simulatedTables(
  tallies: readonly Tally[],
  recorded: readonly Recorded[],
): { readonly [section: string]: Measured } {
  const unchanged = tallies.filter(({ rule }) => rule.kind === 'none');
  const changed = tallies.filter(({ rule }) => rule.kind !== 'none');
  return {
    'false-alarms': {
      tables: unchanged.length === 0 ? [] : [falseAlarms(unchanged, recorded)],
      figures: unchanged,
    },
    power: { tables: changed.length === 0 ? [] : [power(changed, recorded)], figures: changed },
    peers: { tables: [peers(tallies, recorded)], figures: null },
  };
}

function falseAlarms(tallies: readonly Tally[], recorded: readonly Recorded[]): Table {
  return {
    title: 'False alarms',
    method: `Simulated duets of a build against itself. Each restart is drawn from recorded slots (${recorded.map(recordedText).join('; ')}): the first slot pairs of one start, as those of a real restart are, the sides of each pair swapped by coin; each start of a side then differs by a log-normal factor of the given spread, on all its times. The spread is of one side: that of the log ratio of both is √2 times it.`,
    columns: [
      { title: 'workload', align: 'left' },
      { title: 'spread of starts', align: 'right' },
      { title: 'duets', align: 'right' },
      { title: 'accused', align: 'right' },
      { title: '95% bound', align: 'left' },
      { title: 'warned', align: 'right' },
      { title: 'passed', align: 'left' },
      { title: 'inconclusive', align: 'right' },
      ...decisionColumns,
    ],
    rows: tallies.map(tally => {
      const { workload, duets, spread } = tally;
      const accused = countOf(tally, accusing);
      const passed = countOf(tally, ['passed']);
      const goal = workload === 'one' ? ` ${mark(passed / duets >= leastPassed)}` : '';
      return [
        ...[titleOfWorkload(workload), number(spread), number(duets, 9), String(accused)],
        `${upperText(accused, duets)} ${mark(isAtMost(accused, duets, mostFalseAlarms))}`,
        percent(countOf(tally, ['warned']) / duets),
        `${shareText(passed, duets)}${goal}`,
        percent(countOf(tally, ['inconclusive']) / duets),
        ...decisionCells(tally),
      ];
    }),
    notes: [
      `An accusation is a fail in any endpoint or metric. Goals: a bound of at most ${percent(mostFalseAlarms)}; at least ${percent(leastPassed)} passed where an endpoint gets 150/s.`,
      'The coin makes sure that nothing changed. So the table shows whether the whole procedure (looks, cells, early ends, and the judge as it is shipped) keeps its level. A bias of place, such as for the side that starts first, shows only in real duets.',
      ...scatterNotes(recorded),
      drawingNote(recorded),
      'Shares with their 95% interval by Clopper and Pearson; the bound is one-sided. “decided” is everything but inconclusive. Minutes are of load, both sides together, without starts and warm-up.',
    ],
  };
}

function power(tallies: readonly Tally[], recorded: readonly Recorded[]): Table {
  return {
    title: 'Changes that are caught',
    method:
      'The same simulated duets, with one endpoint of head slowed, each in turn from duet to duet: all of its times, or those above its p90 alone, so that its p95 moves as much and its p50 does not.',
    columns: [
      { title: 'workload', align: 'left' },
      { title: 'head is slower by', align: 'left' },
      { title: 'spread of starts', align: 'right' },
      { title: 'duets', align: 'right' },
      { title: 'caught', align: 'left' },
      { title: 'goal', align: 'left' },
      { title: 'warned', align: 'right' },
      { title: 'passed', align: 'right' },
      { title: 'inconclusive', align: 'right' },
      { title: 'accused wrongly', align: 'right' },
      ...decisionColumns,
    ],
    rows: tallies.map(tally => {
      const { workload, duets, rule, spread, wrong } = tally;
      return [
        ...[titleOfWorkload(workload), titleOf(rule), number(spread), number(duets, 9)],
        shareText(countOf(tally, ['caught']), duets),
        goalCell(tally, powerGoal(workload, rule)),
        ...(['warned', 'passed', 'inconclusive'] as const).map(outcome =>
          percent(countOf(tally, [outcome]) / duets),
        ),
        percent(wrong / duets),
        ...decisionCells(tally),
      ];
    }),
    notes: [
      '“caught” is a fail in the endpoint and a metric that changed; “accused wrongly” is a fail in any other one, alone or beside it.',
      'All rows of a workload are of the same slots, so that they do not differ by chance as far as their intervals say.',
      drawingNote(recorded),
    ],
  };
}

/** What was caught in time, beside the goal. */
function goalCell(tally: Tally, goal: PowerGoal | null): string {
  if (goal === null) return none;
  const inTime = countOf(tally, ['caught'], goal.minutes) / tally.duets;
  const firstLook = minutesOf(tally, duetLooks[0]?.restarts ?? 0);
  const late = firstLook > goal.minutes ? `, first look after ${number(firstLook, 2)} min` : '';
  return `≥ ${percent(goal.share)} in ${goal.minutes} min: ${percent(inTime)}${late} ${mark(inTime >= goal.share)}`;
}

function peers(tallies: readonly Tally[], recorded: readonly Recorded[]): Table {
  return {
    title: 'What other rules say of the same data',
    method:
      'Two runs out of the same recording in its own order, one right behind the other within one session, base first. A run has as many slots as that side in the duet: one slot, by coin, of each of so many slot pairs in a row, through as many recorded starts as these reach over; a run longer than half a session is cut to that. All times of a run then differ by one factor of the given spread, as those of one start. Each rule is asked whether head is slower: p95 more than 10% or 20% above; Welch’s t-test and Mann and Whitney’s U test on the requests, one-sided at 5% of each endpoint, and at 0.7% divided by the number of endpoints, which is what a duet allows itself.',
    columns: [
      { title: 'workload', align: 'left' },
      { title: 'head is slower by', align: 'left' },
      { title: 'spread of starts', align: 'right' },
      { title: 'duets', align: 'right' },
      { title: 'Plimsoll', align: 'left' },
      ...rules.map(({ name }) => ({ title: name, align: 'left' as const })),
    ],
    rows: tallies.map(tally => {
      const { workload, rule, spread, duets } = tally;
      return [
        ...[titleOfWorkload(workload), titleOf(rule), number(spread), number(duets, 9)],
        shareText(countOf(tally, rule.kind === 'none' ? accusing : ['caught']), duets),
        ...rules.map(({ name }) => shareText(tally.rules[name] ?? 0, duets)),
      ];
    }),
    notes: [
      'Where nothing is slower these are false alarms, and less is better: an accusation of any endpoint counts. Elsewhere they are changes caught, and more is better: an accusation of the endpoint that changed counts.',
      'Runs that are drawn from one session share its drift: if the backend got faster while it was recorded, head looks faster, so fewer are accused and fewer caught; if it got slower, more.',
      ...recorded.map(roomNote),
      drawingNote(recorded),
    ],
  };
}

const decisionColumns: Table['columns'] = [
  { title: `decided in ${minutes.join(', ')} min`, align: 'right' },
  { title: 'minutes p50, p90', align: 'right' },
];

function decisionCells(tally: Tally): readonly string[] {
  const { duets } = tally;
  return [
    minutes.map(within => percent(countOf(tally, settled, within) / duets, 2)).join(', '),
    [0.5, 0.9].map(share => number(minutesAt(tally, share), 2)).join(', '),
  ];
}

/** What the intervals of simulated shares cover. */
export function drawingNote(recorded: readonly Recorded[]): string {
  const from = recorded
    .map(({ workload, starts, sessions }) => {
      const inSessions = sessions.length === 1 ? 'one session' : counted(sessions.length, 'session');
      return `${titleOfWorkload(workload)}: ${counted(starts, 'start')} in ${inSessions}`;
    })
    .join('; ');
  return `Intervals and bounds cover the drawing only, not what other starts would have shown (recorded: ${from}). Rows of one workload with different spreads share slots and seeds, so they do not confirm each other.`;
}

/** How many different runs there can be. */
function roomNote({ workload, pairsPerRestart, sessions }: Recorded): string {
  const needed = 2 * pairsPerRestart * (duetLooks.at(-1)?.restarts ?? 0);
  const fitting = sessions.reduce((sum, pairs) => sum + Math.floor(pairs / needed), 0);
  return `${titleOfWorkload(workload)}: the longest duet asks for two runs of ${number(needed, 9)} slot pairs together, and its sessions have ${sessions.map(pairs => number(pairs, 9)).join(', ')}: ${fitting === 0 ? 'the longest runs are cut' : `room for ${fitting} such without a slot in common`}.`;
}

/** How far drawn restarts differ as measured ones do. */
function scatterNotes(recorded: readonly Recorded[]): readonly string[] {
  return recorded.map(({ workload, starts, scatter: { measured, drawn } }) => {
    const was =
      measured === null
        ? 'not known'
        : `${number(measured.spread)} ± ${number(measured.error, 2)} (standard error)`;
    return `${titleOfWorkload(workload)}: the log ratio of p95 of restarts as they were measured (the first of each start, nothing swapped, ${counted(starts, 'start')}) has a standard deviation of ${was}; of drawn restarts, before any spread, ${number(drawn)}.`;
  });
}

/** A workload as a reader sees it. */
export function titleOfWorkload(name: string): string {
  return Object.values(workloads).find(workload => workload.name === name)?.title ?? name;
}

function recordedText({ workload, starts, pairsPerRestart, slotMs, startedAt }: Recorded): string {
  return `${titleOfWorkload(workload)}: ${counted(starts, 'start')} of ${startedAt.slice(0, 10)}, ${pairsPerRestart} pairs of ${slotMs} ms a restart`;
}
