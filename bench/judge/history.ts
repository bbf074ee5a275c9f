import { parseMetric } from '../../src/analysis/metrics/table.ts';
import { historyOf, indexedValue } from '../../src/judge/history/run-history.ts';
import { agreedChanges } from '../../src/stats/changes/agreed-changes.ts';
import { changePoints } from '../../src/stats/changes/change-points.ts';
import { leastCostCuts } from '../../src/stats/changes/least-cost-cuts.ts';
import { rankCuts } from '../../src/stats/changes/rank-cuts.ts';
import { number, percent } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import type { Measured } from '../sections/section.ts';
import { endpointName, madeHistory } from './made-history.ts';
import { madeSeries, type SeriesNoise, type SeriesSetting, titleOfNoise } from './made-series.ts';
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
      foundTable(),
    ],
    figures: rows,
  };
}

const seriesOfSetting = 60;
/** How many runs a cut may lie beside the change that it finds. */
const near = 3;

const noises: readonly SeriesNoise[] = [
  { kind: 'normal' },
  { kind: 'heavy' },
  { kind: 'wild' },
  { kind: 'correlated', by: 0.3 },
];
const steps = (...of: readonly (readonly [at: number, by: number])[]) => of.map(([at, by]) => ({ at, by }));
const courses: readonly (Omit<SeriesSetting, 'noise'> & { readonly title: string })[] = [
  { title: 'none', runs: 30, steps: [] },
  { title: 'none', runs: 100, steps: [] },
  { title: 'none', runs: 300, steps: [] },
  { title: '+10% for half of the runs', runs: 60, steps: steps([30, 0.1]) },
  { title: '+10% for the last 10', runs: 100, steps: steps([90, 0.1]) },
  { title: '+15% for 10 runs', runs: 100, steps: steps([50, 0.15], [60, -0.15]) },
  { title: '+30% for the last 5', runs: 60, steps: steps([55, 0.3]) },
  { title: 'three changes', runs: 200, steps: steps([50, 0.12], [100, -0.1], [160, 0.22]) },
];
const terms = { part: 4, significance: 0.02 };
const detectors: readonly ((values: readonly number[]) => readonly number[])[] = [
  values => changePoints(values).map(({ index }) => index),
  values => rankCuts(values, terms),
  values => leastCostCuts(values, terms),
  values => agreedChanges(values).map(({ index }) => index),
];

/** How often changes that are known are found, by each detector and by two of three. */
function foundTable(): Measured['tables'][number] {
  const counts = (): { found: number; missed: number; wrong: number }[] =>
    detectors.map(() => ({ found: 0, missed: 0, wrong: 0 }));
  const all = counts();
  const rows = noises.flatMap(noise =>
    courses.map(({ title, ...course }) => {
      const own = counts();
      const falsely = detectors.map(() => 0);
      for (let trial = 0; trial < seriesOfSetting; trial += 1) {
        const values = madeSeries({ ...course, noise }, trial);
        for (const [index, detector] of detectors.entries()) {
          const cuts = detector(values);
          const found = course.steps.filter(({ at }) => cuts.some(cut => Math.abs(cut - at) <= near)).length;
          const wrong = cuts.filter(cut => !course.steps.some(({ at }) => Math.abs(cut - at) <= near)).length;
          if (wrong > 0) falsely[index] = (falsely[index] ?? 0) + 1;
          for (const count of [own[index], all[index]]) {
            if (!count) continue;
            count.found += found;
            count.missed += course.steps.length - found;
            count.wrong += wrong;
          }
        }
      }
      const cells = own.map(({ found, missed }, index) => {
        const alarms = percent((falsely[index] ?? 0) / seriesOfSetting, 2);
        return course.steps.length === 0 ? alarms : `${percent(found / (found + missed), 2)}, ${alarms}`;
      });
      return [title, titleOfNoise(noise), String(course.runs), ...cells];
    }),
  );
  const summary = all.map(({ found, missed, wrong }) => {
    const [precision, recall] = [found / (found + wrong), found / (found + missed)];
    return `${number(precision, 3)}, ${number(recall, 3)}, ${number((2 * precision * recall) / (precision + recall), 3)}`;
  });
  return {
    title: 'Changes that are found',
    method: `Made series whose changes are known, a spread of 5% from run to run, ${seriesOfSetting} of each kind: the share of changes that a cut lies within ${near} runs of, and the share of series with a cut anywhere else. By each detector alone, and by two of three, as a history is judged.`,
    columns: [
      { title: 'changes', align: 'left' },
      { title: 'noise', align: 'left' },
      { title: 'runs', align: 'right' },
      { title: 'energy distance alone', align: 'right' },
      { title: 'ranks alone', align: 'right' },
      { title: 'squares alone', align: 'right' },
      { title: 'two of three', align: 'right' },
    ],
    rows: [...rows, ['all: precision, recall, F1', '', '', ...summary]],
    notes: ['Before two of three had to agree, the energy distance alone decided.'],
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
