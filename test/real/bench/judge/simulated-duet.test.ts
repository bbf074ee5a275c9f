import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { drawRestart, readingsIn, type Setting } from '../../../../bench/judge/drawn-restart.ts';
import { compared, rules } from '../../../../bench/judge/rules.ts';
import { scatterOf } from '../../../../bench/judge/scatter.ts';
import { drawRuns, quantileIn, runsIn } from '../../../../bench/judge/sequential-runs.ts';
import { playDuet } from '../../../../bench/judge/simulated-duet.ts';
import { simulate } from '../../../../bench/judge/simulation.ts';
import {
  type RecordedEndpoint,
  type SlotRecording,
  withUnitsOf,
  writeRecording,
} from '../../../../bench/judge/slot-recording.ts';
import { changedEndpoint } from '../../../../bench/judge/workloads.ts';
import { countedRecording, madeRecording } from './made-recording.ts';

const recording = madeRecording();
const { endpoints } = recording.header;
const changed = endpoints.indexOf(changedEndpoint);
const innocent: Setting = { spread: 0, rule: { kind: 'none' } };
const slower = (kind: 'scale' | 'tail', factor: number): Setting => ({ spread: 0, rule: { kind, factor } });
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, and not ${expected}`);

describe('a restart drawn from a recording', () => {
  const restart = drawRestart(recording, 7);
  const readings = (setting: Setting) => readingsIn(restart, endpoints, setting, changedEndpoint);
  /** By how much a setting moves a quantile of head: its ratio to what is there without it. */
  const moved = (setting: Setting, endpoint: number, quantile: 'p50Us' | 'p95Us' | 'p99Us') =>
    (readings(setting)[endpoint]?.head[quantile] ?? Number.NaN) /
    (readings(innocent)[endpoint]?.head[quantile] ?? Number.NaN);

  it('has all requests of its slots, and is the same for the same seed', () => {
    const [first] = readings(innocent);
    assert.deepEqual(
      [first?.base, first?.head].map(side => [side?.requests, side?.errors, side?.samples]),
      [
        [18 * 31, 18, 18 * 30],
        [18 * 31, 18, 18 * 30],
      ],
    );
    assert.deepEqual(drawRestart(recording, 7), restart);
    assert.notDeepEqual(drawRestart(recording, 8), restart);
  });
  it('is slower on all quantiles of one endpoint of head where all is scaled', () => {
    const setting = slower('scale', 0.1);
    for (const quantile of ['p50Us', 'p95Us', 'p99Us'] as const) {
      near(moved(setting, changed, quantile), 1.1);
      near(moved(setting, 1 - changed, quantile), 1);
    }
    assert.deepEqual(readings(setting)[changed]?.base, readings(innocent)[changed]?.base);
  });
  it('is slower above p90 alone where the tail is', () => {
    const setting = slower('tail', 0.25);
    near(moved(setting, changed, 'p50Us'), 1);
    near(moved(setting, changed, 'p95Us'), 1.25);
    near(moved(setting, changed, 'p99Us'), 1.25);
  });
  it('differs from start to start by a factor on all times of a side', () => {
    const factors = (['p50Us', 'p95Us'] as const).map(
      quantile =>
        (readings({ ...innocent, spread: 0.05 })[0]?.base[quantile] ?? 0) /
        (readings(innocent)[0]?.base[quantile] ?? 1),
    );
    near(factors[0] ?? 0, Math.exp(0.05 * restart.starts.base));
    near(factors[1] ?? 0, Math.exp(0.05 * restart.starts.base));
  });
  it('is the beginning of a start, as a real one', () => {
    const from = (pairs: number) => {
      const recorded = withUnitsOf(countedRecording(['one']), pairs);
      const drawn = Array.from({ length: 50 }, (_, seed) => drawRestart(recorded, seed));
      return [...new Set(drawn.map(({ endpoints: [of] }) => (of?.base.p50Us ?? 0) - 1_000))];
    };
    // The median of 18 pairs is the ninth, of 27 the fourteenth.
    assert.deepEqual(from(18), [8]);
    assert.deepEqual(from(27), [13]);
  });
  it('favours neither side, and its starts are normal', () => {
    const restarts = Array.from({ length: 2_000 }, (_, seed) => drawRestart(recording, seed));
    const heads = restarts.filter(
      ({ endpoints: [of] }) => (of?.head.p95Us ?? 0) > (of?.base.p95Us ?? 0),
    ).length;
    const bases = restarts.filter(
      ({ endpoints: [of] }) => (of?.head.p95Us ?? 0) < (of?.base.p95Us ?? 0),
    ).length;
    assert.ok(
      Math.abs(heads - bases) < 4 * Math.sqrt(heads + bases),
      `${heads} slower heads, ${bases} bases`,
    );
    const starts = restarts.flatMap(restart => [restart.starts.base, restart.starts.head]);
    const mean = starts.reduce((sum, start) => sum + start, 0) / starts.length;
    const variance = starts.reduce((sum, start) => sum + start ** 2, 0) / starts.length;
    assert.ok(Math.abs(mean) < 0.07 && Math.abs(variance - 1) < 0.1, `mean ${mean}, variance ${variance}`);
  });
});

describe('two runs drawn from a recording', () => {
  it('follow one another and are as long as asked', () => {
    const { base, head } = drawRuns(recording, 36, 3);
    assert.deepEqual(
      [...base, ...head].map(({ length }) => length),
      [36 * 30, 36 * 30, 36 * 30, 36 * 30],
    );
  });
  it('stay in one session, head right behind base', () => {
    const [one, other] = ['2026-11-21T12:00:00.000Z', '2026-11-22T12:00:00.000Z'];
    const recorded = countedRecording([one, one, other, other, other]);
    const first = new Set<number>();
    for (let seed = 0; seed < 200; seed += 1) {
      const { base, head } = drawRuns(recorded, 30, seed);
      const pairs = [...(base[0] ?? []), ...(head[0] ?? [])].map(time => time - 1_000);
      const from = pairs[0] ?? Number.NaN;
      first.add(from);
      assert.deepEqual(
        pairs,
        Array.from({ length: 60 }, (_, index) => from + index),
      );
      assert.equal(from < 72, from + 59 < 72, `from ${from} into the other session`);
    }
    assert.ok(Math.max(...first) >= 72 && Math.min(...first) < 72, 'only one session was drawn from');
    assert.ok(Math.max(...first) <= 180 - 60, 'drawn past the end');
  });
  it('are cut to half of the longest session, so that they share no slot', () => {
    const [one, other] = ['2026-11-21T12:00:00.000Z', '2026-11-22T12:00:00.000Z'];
    const { base, head } = drawRuns(countedRecording([one, other, other]), 1_000, 3);
    assert.deepEqual([base[0]?.length, head[0]?.length], [36, 36]);
    assert.deepEqual([base[0]?.[0], head[0]?.at(-1)], [1_000 + 36, 1_000 + 107]);
  });
  it('are slower as restarts are', () => {
    const runs = drawRuns(recording, 36, 3);
    const { head } = runsIn(runs, { base: 0, head: 0 }, slower('tail', 0.25), changed);
    const p95 = (run: readonly Float64Array[], endpoint: number) =>
      quantileIn(run[endpoint] ?? new Float64Array(), 0.95);
    near(p95(head, changed) / p95(runs.head, changed), 1.25);
    near(p95(head, 1 - changed) / p95(runs.head, 1 - changed), 1);
  });
});

describe('the rules of others', () => {
  it('are stricter at the level of a duet, and the stricter the more endpoints there are', () => {
    const accusing = (pValue: number, endpoints: number) =>
      rules
        .filter(rule => rule.accuses({ p95Ratio: 1, welch: pValue, mannWhitney: pValue }, endpoints))
        .map(({ name }) => name);
    const usual = ['Welch', 'Mann–Whitney'];
    const strict = ['Welch, 0.7% in all', 'Mann–Whitney, 0.7% in all'];
    assert.deepEqual(accusing(0.06, 1), []);
    assert.deepEqual(accusing(0.02, 1), usual);
    assert.deepEqual(accusing(0.005, 1), [...usual, ...strict]);
    assert.deepEqual(accusing(0.005, 4), usual);
  });
  it('see what two runs show', () => {
    const times = Float64Array.from({ length: 100 }, (_, index) => 1_000 + index);
    const { p95Ratio, welch, mannWhitney } = compared(
      times,
      times.map(time => 1.2 * time),
    );
    near(p95Ratio, 1.2);
    assert.ok(welch < 1e-9 && mannWhitney < 1e-9, `${welch}, ${mannWhitney}`);
  });
});

describe('the scatter of restarts', () => {
  it('is told of restarts as they were measured and as they are drawn', () => {
    const factors = [1.1, 1 / 1.1];
    const { header, sessions } = madeRecording(2);
    const starts = factors.map(factor =>
      Array.from({ length: 36 }, () => {
        const slot = (timeUs: number) =>
          header.endpoints.map(() => ({ requests: 1, errors: 0, timesUs: [timeUs] }));
        return { base: slot(1_000), head: slot(1_000 * factor) };
      }),
    );
    const { measured, drawn } = scatterOf({ header, starts, sessions });
    near(measured?.spread ?? Number.NaN, Math.SQRT2 * Math.log(1.1));
    // The coin gives both sides slots of either kind: p95 is the slower kind on both.
    assert.ok(drawn < 0.01, `${drawn} of drawn restarts`);
  });
});

describe('a simulation', () => {
  const withRecording = async (act: (file: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-simulation-'));
    try {
      writeRecording(join(folder, 'slots.gz'), recording);
      await act(join(folder, 'slots.gz'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const settings = [innocent, slower('scale', 0.25)];
  const order = { pairsPerRestart: null, settings, onProgress: () => {} };

  it('counts what its processes played, each duet once', async () =>
    await withRecording(async file => {
      const { signal } = new AbortController();
      const tallies = await simulate({ ...order, recording: file, duets: 6, signal });
      const all = Array.from({ length: 6 }, (_, duet) => playDuet(recording, duet, settings));
      const expected = settings.map((_, index) => all.map(played => played[index]?.outcome).sort());
      const counted = tallies.map(({ outcomes }) =>
        outcomes.flatMap(({ outcome, duets }) => Array.from({ length: duets }, () => outcome)).sort(),
      );
      assert.deepEqual(counted, expected);
    }));
  it('ends when it is told to', async () =>
    await withRecording(async file => {
      const stop = new AbortController();
      const endless = simulate({ ...order, recording: file, duets: 1e9, signal: stop.signal });
      stop.abort('SIGINT');
      await assert.rejects(endless, error => error === 'SIGINT');
    }));
});

describe('a simulated duet', () => {
  const withoutSecond = (slot: readonly RecordedEndpoint[]) =>
    slot.map((each, index) => (index === 1 ? { ...each, timesUs: [] } : each));
  const play = (duets: number, setting: Setting) =>
    Array.from({ length: duets }, (_, duet) => playDuet(recording, duet, [setting])[0]);

  it('comes out alike each time', () => {
    const settings = [innocent, slower('scale', 0.05)];
    assert.deepEqual(playDuet(recording, 5, settings), playDuet(recording, 5, settings));
  });
  it('catches what is far slower at its first look, as the rules of others do', () => {
    for (const played of play(5, slower('scale', 0.5))) {
      assert.deepEqual([played?.outcome, played?.restarts, played?.isWrong], ['caught', 10, false]);
      assert.deepEqual(
        played?.rules,
        rules.map(({ name }) => name),
      );
    }
  });
  it('changes another endpoint than the duet before', () => {
    const onlyFirst: SlotRecording = {
      ...recording,
      starts: recording.starts.map(pairs =>
        pairs.map(({ base, head }) => ({ base: withoutSecond(base), head: withoutSecond(head) })),
      ),
    };
    const caught = [0, 1, 2, 3].map(
      duet => playDuet(onlyFirst, duet, [slower('scale', 0.5)])[0]?.outcome === 'caught',
    );
    assert.deepEqual(caught, [true, false, true, false]);
  });
  it('passes what did not change', () => {
    const outcomes = play(20, innocent).map(played => played?.outcome);
    assert.ok(outcomes.filter(outcome => outcome === 'passed').length >= 18, outcomes.join());
  });
});
