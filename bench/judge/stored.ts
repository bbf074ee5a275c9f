import { number, percent } from '../../src/words/quantity-text.ts';
import type { Measured } from '../sections/section.ts';
import { type DrawnComparison, drawComparison, type StoredSetting } from './drawn-runs.ts';
import type { JudgeSetting } from './setting.ts';
import { shareText } from './shares.ts';

const usualTrials = 400;
const runs = [1, 2, 4, 7, 8, 20];
const unchanged = { factor: 1, errors: null, startSpread: null };

/** What is simulated of times: a spread from run to run, and by how much the new run is slower. */
const timeSettings: readonly StoredSetting[] = [
  ...[0.02, 0.03, 0.1, 0.26].flatMap(spread => runs.map(of => ({ ...unchanged, runs: of, spread }))),
  ...[0.1, 0.26].map(spread => ({
    ...{ ...unchanged, runs: 1, spread },
    startSpread: { value: Math.SQRT2 * spread, upper: Math.SQRT2 * spread * 1.37, starts: 20 },
  })),
  ...[0.02, 0.03].flatMap(spread => [7, 8, 20].map(of => ({ ...unchanged, runs: of, spread, factor: 1.1 }))),
  ...[0.03, 0.1].flatMap(spread => [1, 4, 8].map(of => ({ ...unchanged, runs: of, spread, factor: 1.5 }))),
];

/** What is simulated of error rates: one that differs from run to run, and by how much the new run's is greater. */
const errorSettings: readonly StoredSetting[] = [
  ...[0, 0.5, 1].flatMap(spread =>
    [1, 7, 8, 20].map(of => ({
      ...{ ...unchanged, runs: of, spread: 0.03 },
      errors: { rate: 0.01, spread, factor: 1 },
    })),
  ),
  ...[0, 0.5].flatMap(spread =>
    [7, 8, 20].map(of => ({
      ...{ ...unchanged, runs: of, spread: 0.03 },
      errors: { rate: 0.01, spread, factor: 5 },
    })),
  ),
];

type Verdict = 'fail' | 'warn' | 'passFirm' | 'pass' | 'inconclusive';

/** How runs came out that were held against so many stored ones, and what simple rules said of them. */
interface StoredTally extends StoredSetting {
  readonly trials: number;
  readonly verdicts: { readonly [verdict in Verdict]: number };
  readonly rules: { readonly [rule: string]: number };
}

/** Rules of others for p95: against the last run, and against the mean of all by their deviation. */
const timeRules: { readonly [rule: string]: (of: DrawnComparison) => boolean } = {
  'p95 +10%': ({ run, stored }) => run.p95 > 1.1 * (stored[0]?.p95 ?? Number.NaN),
  'p95 +25%': ({ run, stored }) => run.p95 > 1.25 * (stored[0]?.p95 ?? Number.NaN),
  'mean + 3 SD': ({ run, stored }) => {
    const values = stored.map(({ p95 }) => p95);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return values.length > 1 && run.p95 > mean + 3 * Math.sqrt(squares / (values.length - 1));
  },
};

const errorRules: { readonly [rule: string]: (of: DrawnComparison) => boolean } = {
  'over 1%': ({ run }) => run.errorRate > 0.01,
  'more by 0.5 pp': ({ run, stored }) => run.errorRate > (stored[0]?.errorRate ?? 0) + 0.005,
};

/** Simulates runs of one build, held against stored ones. */
export async function measureStored({ duets, signal, say }: JudgeSetting): Promise<Measured> {
  const trials = duets ?? usualTrials;
  const settings = [...timeSettings, ...errorSettings];
  const tallies: StoredTally[] = [];
  for (const [index, setting] of settings.entries()) {
    signal.throwIfAborted();
    tallies.push(tallyOf(setting, trials));
    if (index % 10 === 9) say(`stored runs: ${index + 1} of ${settings.length} settings`);
    await new Promise(resolve => setImmediate(resolve));
  }
  const ofTimes = tallies.filter(({ errors }) => errors === null);
  const ofErrors = tallies.filter(({ errors }) => errors !== null);
  const counts = [
    { title: 'failed', align: 'left' },
    { title: 'warned', align: 'left' },
    { title: 'passed firmly', align: 'left' },
    { title: 'passed in all', align: 'left' },
    { title: 'inconclusive', align: 'left' },
    { title: 'other rules', align: 'left' },
  ] as const;
  return {
    tables: [
      {
        title: 'Runs held against stored runs, by their times',
        method:
          'Simulated runs of 1,200 requests of one endpoint, log-normal times, whose level differs from run to run by a log-normal factor of the given spread. The verdict is that of p50 and p95, and of p99 where it accuses.',
        columns: [
          { title: 'stored runs', align: 'right' },
          { title: 'spread between runs', align: 'right' },
          { title: 'calibrated', align: 'left' },
          { title: 'the new run is slower by', align: 'right' },
          ...counts,
        ],
        rows: ofTimes.map(tally => [
          String(tally.runs),
          number(tally.spread),
          tally.startSpread === null ? '' : 'yes',
          tally.factor === 1 ? 'none' : percent(tally.factor - 1),
          ...rowOf(tally),
        ]),
        notes: [
          '“calibrated” runs differ as far as the starts of a calibration did, whose bound is 1.37 times what they differed by, as of 20 starts.',
        ],
      },
      {
        title: 'Runs held against stored runs, by their error rates',
        method:
          'The same of the error rate alone: 1% of the requests fail, times a log-normal factor that differs from run to run by the given spread.',
        columns: [
          { title: 'stored runs', align: 'right' },
          { title: 'spread of rates', align: 'right' },
          { title: 'the new run fails', align: 'right' },
          ...counts,
        ],
        rows: ofErrors.map(tally => [
          String(tally.runs),
          number(tally.errors?.spread ?? 0),
          tally.errors?.factor === 1 ? 'as often' : `${number(tally.errors?.factor ?? 1)} times as often`,
          ...rowOf(tally),
        ]),
        notes: [
          'Rules of others are of the last stored run, or of the mean and the standard deviation of all of them.',
        ],
      },
    ],
    figures: tallies,
  };
}

function rowOf({ verdicts, trials, rules }: StoredTally): readonly string[] {
  const { fail, warn, passFirm, pass, inconclusive } = verdicts;
  const others = Object.entries(rules).map(([rule, hits]) => `${rule}: ${number((100 * hits) / trials, 2)}%`);
  return [
    ...[fail, warn, passFirm, passFirm + pass, inconclusive].map(hits => shareText(hits, trials)),
    others.join(', '),
  ];
}

function tallyOf(setting: StoredSetting, trials: number): StoredTally {
  const verdicts = { fail: 0, warn: 0, passFirm: 0, pass: 0, inconclusive: 0 };
  const accusing = setting.errors === null ? timeRules : errorRules;
  const rules = Object.fromEntries(Object.keys(accusing).map(rule => [rule, 0]));
  for (let trial = 0; trial < trials; trial += 1) {
    const drawn = drawComparison(setting, trial);
    verdicts[verdictOf(drawn, setting)] += 1;
    for (const [rule, accuses] of Object.entries(accusing)) {
      if (accuses(drawn)) rules[rule] = (rules[rule] ?? 0) + 1;
    }
  }
  return { ...setting, trials, verdicts, rules };
}

function verdictOf({ findings }: DrawnComparison, { errors }: StoredSetting): Verdict {
  const own = findings.filter(
    ({ metric, required, status }) =>
      metric.countsFailures === (errors !== null) && (required || status === 'fail' || status === 'warn'),
  );
  const has = (status: string) => own.some(finding => finding.status === status);
  if (has('fail')) return 'fail';
  if (has('inconclusive')) return 'inconclusive';
  if (has('warn')) return 'warn';
  return own.every(({ firm }) => firm) ? 'passFirm' : 'pass';
}
