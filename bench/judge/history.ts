import { parseMetric } from '../../src/analysis/metrics/table.ts';
import { historyOf, indexedValue } from '../../src/judge/history/run-history.ts';
import { number, percent } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { endpointName, madeHistory } from './made-history.ts';
import type { JudgeSetting } from './setting.ts';

const sizes = [250, 500, 1_000];
const endpoints = 20;
const repeats = 5;
/** The most seconds for the longest. */
const goal = 2;
/** How often as long the longest may take as half of it: twice, and some noise. */
const mostGrowth = 2.5;

/** How long it takes to judge histories of 20 endpoints, and how that grows with their length. */
export async function measureHistory({ machine }: JudgeSetting): Promise<Measured> {
  const rows: { readonly runs: number; readonly seconds: readonly number[]; readonly changes: number }[] = [];
  for (const runs of sizes) {
    const history = madeHistory(runs, endpoints, machine);
    const seconds: number[] = [];
    let changes = 0;
    // The first one compiles.
    for (let repeat = 0; repeat <= repeats; repeat += 1) {
      const began = performance.now();
      changes = await judge(history);
      if (repeat > 0) seconds.push((performance.now() - began) / 1_000);
    }
    rows.push({ runs, seconds, changes });
  }
  const growth = rows.map(({ seconds }, index) => median(seconds) / median(rows[index - 1]?.seconds ?? []));
  const lines = rows.map(({ runs, seconds, changes }, index) => {
    const isLast = index === rows.length - 1;
    const time = median(seconds);
    const grown = growth[index] ?? Number.NaN;
    return [
      ...[
        number(runs, 9),
        String(endpoints),
        `${number(time)} s`,
        isLast ? `< ${goal} s ${mark(time < goal)}` : '',
      ],
      index === 0 ? '' : `${number(grown)} × ${mark(grown <= mostGrowth)}`,
      String(changes),
    ];
  });
  const slowest = Math.max(...rows.flatMap(({ seconds }) => seconds.map(each => each / median(seconds))));
  return {
    tables: [
      {
        title: 'Judging a history',
        method: `From the index entries of stored runs to the history of p95 and its change points, for all endpoints one after the other. Half of the endpoints change three times. Medians of ${repeats}.`,
        columns: [
          { title: 'runs', align: 'right' },
          { title: 'endpoints', align: 'right' },
          { title: 'time', align: 'right' },
          { title: 'goal', align: 'left' },
          { title: 'of the one above', align: 'right' },
          { title: 'change points', align: 'right' },
        ],
        rows: lines,
        notes: [`The slowest repeat took ${percent(slowest - 1, 2)} longer than the median.`],
      },
    ],
    figures: rows,
  };
}

const mark = (isMet: boolean) => (isMet ? '✓' : '✗');

async function judge(runs: ReturnType<typeof madeHistory>): Promise<number> {
  const metric = parseMetric('p95');
  const [run] = runs;
  if (!metric || !run) throw new Error('no metric p95, or no run');
  let changes = 0;
  for (let index = 0; index < endpoints; index += 1) {
    const options = {
      of: run.entry.header,
      hasFile: () => true,
      endpoint: endpointName(index),
      metric,
      distances: null,
      everyMachine: false,
      everyBranch: true,
    };
    const history = await historyOf(
      { runs, skipped: [] },
      options,
      run => indexedValue(run, options) ?? null,
    );
    changes += history.changes.length;
  }
  return changes;
}
