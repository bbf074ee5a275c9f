import { counted, number, percent } from '../../src/model/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import type { Table } from '../table.ts';
import { leastPassed, mostFalseAlarms, powerGoal } from './goals.ts';
import { titleOf } from './injected.ts';
import { rules } from './rules.ts';
import { isAtMost, mark, shareText, upperText } from './shares.ts';
import type { RecordingHeader } from './slot-recording.ts';
import { countOf, minutesAt, type Outcome, type Tally } from './tally.ts';
import { workloads } from './workloads.ts';

/** What tallies come from. */
export interface Recorded extends RecordingHeader {
  readonly starts: number;
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
    power: { tables: changed.length === 0 ? [] : [power(changed)], figures: changed },
    peers: { tables: [peers(tallies)], figures: null },
  };
}

function falseAlarms(tallies: readonly Tally[], recorded: readonly Recorded[]): Table {
  return {
    title: 'False alarms',
    method: `Simulated duets of a build against itself. Each unit is drawn from recorded slots of the reference backend (${recorded.map(recordedText).join('; ')}): slot pairs in a row out of one start, the sides of each swapped by coin; each start of a side then differs by a log-normal factor of the given spread, on all its times.`,
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
      'Shares with their 95% interval by Clopper and Pearson; the bound is one-sided. “decided” is everything but inconclusive. Minutes are of load, both sides together, without starts and warm-up.',
    ],
  };
}

function power(tallies: readonly Tally[]): Table {
  return {
    title: 'Changes that are caught',
    method:
      'The same simulated duets, with one endpoint of head slowed: all of its times, or those above its p90 alone, by which its p95 moves as much and its p50 does not.',
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
      const goal = powerGoal(workload, rule);
      const inTime = goal && countOf(tally, ['caught'], goal.minutes) / duets;
      return [
        ...[titleOfWorkload(workload), titleOf(rule), number(spread), number(duets, 9)],
        shareText(countOf(tally, ['caught']), duets),
        goal === null || inTime === null
          ? '–'
          : `≥ ${percent(goal.share)} in ${goal.minutes} min: ${percent(inTime)} ${mark(inTime >= goal.share)}`,
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
    ],
  };
}

function peers(tallies: readonly Tally[]): Table {
  return {
    title: 'What other rules say of the same data',
    method:
      'Two runs, base and then head, out of the same recording in its own order, each as long as all slots of that side in the duet, one start each with the same spread. Each rule is asked whether head is slower: p95 more than 10% or 20% above; Welch’s t-test and Mann and Whitney’s U test on the requests, one-sided at 5%.',
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

function titleOfWorkload(name: string): string {
  return Object.values(workloads).find(workload => workload.name === name)?.title ?? name;
}

function recordedText({ workload, starts, pairsPerUnit, slotMs, startedAt }: Recorded): string {
  return `${titleOfWorkload(workload)}: ${counted(starts, 'start')} of ${startedAt.slice(0, 10)}, ${pairsPerUnit} pairs of ${slotMs} ms a unit`;
}
