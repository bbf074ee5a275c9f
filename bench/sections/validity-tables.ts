import type { Verdict } from '../../src/model/judgement/verdict.ts';
import { number, percent } from '../../src/words/quantity-text.ts';
import { quantileOf } from '../median.ts';
import type { Table } from '../table.ts';

/** What was said of one run, and whether the server did hold what it was held against. */
export interface Said {
  readonly verdict: Verdict;
  readonly holds: boolean;
}

/** One run on a machine in a known state against a server of known behaviour. */
export interface SpoiltRun {
  readonly machine: string;
  readonly server: string;
  /** Of the command, which had no budgets. */
  readonly exitCode: number | null;
  readonly without: Said;
  readonly with: Said;
  readonly requests: number;
  /** How many of them went out later than so many ms. */
  readonly late: { readonly 50: number; readonly 100: number };
  readonly othersShare: number | null;
}

/** How the runs were made. */
export interface ValidityMethod {
  readonly count: number;
  readonly seconds: number;
  readonly rate: number;
  readonly limitMs: number;
}

/** So many requests without an error prove that at most 1 % fail, by the interval that budgets use. */
const enough = 368;

const verdicts: readonly Verdict[] = ['pass', 'warn', 'inconclusive', 'fail', 'invalid'];

/** How often each verdict was given, beside the truth. */
export function verdictTable(runs: readonly SpoiltRun[], method: ValidityMethod): Table {
  const { count, seconds, rate, limitMs } = method;
  const rows = distinct(runs, ({ machine, server }) => `${machine}, ${server}`).flatMap(of =>
    (['without', 'with'] as const).map(budgets => {
      const said = of.map(run => run[budgets]);
      const [first] = of;
      return [
        ...[first?.machine ?? '', first?.server ?? '', budgets, truthOf(said)],
        ...verdicts.map(verdict => share(said.filter(one => one.verdict === verdict).length)),
        share(said.filter(isWrong).length),
        budgets === 'with' ? '' : exitCodesOf(of),
      ];
    }),
  );
  return {
    title: 'Verdicts',
    method: `\`plimsoll run --url … --rate ${rate}/s --duration ${seconds}s\` without a second attempt, ${count} ${count === 1 ? 'run' : 'runs'} a row, against a server that answers as the row says. Generator, server and busy loops share two cores. Each run was made without a budgets file, so that 1% of errors is allowed. Its record was judged again with budgets: p95 ≤ ${limitMs} ms, and 2% of errors.`,
    columns: [
      ...['machine', 'server', 'budgets', 'truth'].map(title => ({ title, align: 'left' as const })),
      ...[...verdicts, 'wrong'].map(title => ({ title, align: 'right' as const })),
      { title: 'exit codes', align: 'left' },
    ],
    rows,
    notes: [
      'The truth is by the server: what it answered, and with budgets the p95 of how long it held its answers. On a busy machine it is late itself, so a run may truly break a limit. It does not see how long a request waits until its process gets a core: that wait can break a limit too, and counts as wrong here.',
      '“wrong” counts passes of what breaks a limit, and fails of what holds them all. Neither an invalid nor an inconclusive run claims anything.',
      ...(rate * seconds >= enough
        ? []
        : [
            `Without budgets, ${number(rate * seconds)} requests without an error do not prove that at most 1% fail: it takes ${enough}. That is inconclusive, and exits with 0.`,
          ]),
    ],
  };
}

/** How late requests went out on each machine, and what other bounds would have made invalid. */
export function latenessTable(runs: readonly SpoiltRun[], { count, seconds, rate }: ValidityMethod): Table {
  const bounds = [
    { most: 0.05, byMs: 50 },
    { most: 0.1, byMs: 50 },
    { most: 0.05, byMs: 100 },
    { most: 0.1, byMs: 100 },
  ] as const;
  const rows = distinct(runs, ({ machine }) => machine).map(of => {
    const all = sum(of, run => run.requests);
    const shareLater = (byMs: 50 | 100) => percent(sum(of, run => run.late[byMs]) / Math.max(1, all), 2);
    const worst = (byMs: 50 | 100) =>
      percent(Math.max(...of.map(run => run.late[byMs] / Math.max(1, run.requests))), 2);
    const others = of.flatMap(({ othersShare }) => (othersShare === null ? [] : [othersShare]));
    return [
      of[0]?.machine ?? '',
      others.length === 0 ? '–' : percent(quantileOf(others, 0.5), 2),
      number(all, 9),
      ...[shareLater(50), worst(50), shareLater(100), worst(100)],
      ...bounds.map(({ most, byMs }) => share(of.filter(run => isPast(run, most, byMs)).length)),
    ];
  });
  return {
    title: 'Lateness',
    method: `How late Plimsoll sent, by its own record, in the same runs: all servers together, ${number(3 * count)} runs of ${seconds} s at ${rate}/s a row.`,
    columns: [
      { title: 'machine', align: 'left' },
      ...[
        'others used',
        'requests',
        '> 50 ms late',
        'worst run',
        '> 100 ms late',
        'worst run',
        ...bounds.map(({ most, byMs }) => `invalid by ${percent(most)} > ${byMs} ms`),
      ].map(title => ({ title, align: 'right' as const })),
    ],
    rows,
    notes: [
      '“others used” is the median share of both cores that everything but Plimsoll used, by its record: the loops, and the server.',
      'The last four columns count the runs that would be invalid if so large a share of requests may be so late. The last one is the bound in use.',
    ],
  };
}

/** Whether so many requests of a run were late that a bound makes it invalid; one late request never does. */
function isPast({ requests, late }: SpoiltRun, most: number, byMs: 50 | 100): boolean {
  return late[byMs] > Math.max(1, most * requests);
}

function isWrong({ verdict, holds }: Said): boolean {
  return verdict === 'fail' ? holds : (verdict === 'pass' || verdict === 'warn') && !holds;
}

function truthOf(said: readonly Said[]): string {
  const broken = said.filter(({ holds }) => !holds).length;
  if (broken === 0) return 'holds';
  return broken === said.length ? 'breaks' : `breaks in ${broken}`;
}

function exitCodesOf(runs: readonly SpoiltRun[]): string {
  return distinct(runs, ({ exitCode }) => String(exitCode))
    .map(of => `${of[0]?.exitCode}: ${of.length}`)
    .sort()
    .join(', ');
}

function share(count: number): string {
  return count === 0 ? '–' : String(count);
}

/** What belongs together, in the order in which it first came. */
function distinct<Of>(all: readonly Of[], key: (one: Of) => string): readonly (readonly Of[])[] {
  const groups = new Map<string, Of[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups.values()];
}

function sum<Of>(all: readonly Of[], pick: (one: Of) => number): number {
  return all.reduce((total, one) => total + pick(one), 0);
}
