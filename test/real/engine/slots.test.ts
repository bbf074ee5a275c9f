import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { column, sampleWidth, unpackCode } from '../../../src/engine/loop/sample-log.ts';
import { outcomeCode } from '../../../src/engine/request/outcome.ts';
import { turnsOf } from '../../../src/engine/schedule/turns.ts';
import {
  measureSlots,
  readingsOf,
  type SlotMeasurement,
  type SlotOptions,
  type SlotOrder,
} from '../../../src/engine/slots/slots.ts';
import { WorkerPool } from '../../../src/engine/workers/worker-pool.ts';
import { type DuetReading, type OfBoth, type Side, sides } from '../../../src/model/duet/duet.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { Load, Step, Template } from '../../../src/model/run/scenario.ts';
import { type Micros, micros, millis } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { refusingPort } from '../../target/refusing-port.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';

const slotMs = 50;
const think: Step = { kind: 'think', min: millis(20), max: millis(40) };
const numbered: Template = { literals: ['/quick?', ''], expressions: [{ kind: 'data', set: 0, column: 0 }] };
const numbers: Plan['data'] = [
  {
    name: 'numbers',
    pick: 'random',
    columns: ['n'],
    rows: Array.from({ length: 500 }, (_, n) => [String(n)]),
  },
];

type Changes = Partial<Pick<SlotOrder, 'pairs' | 'warmUp' | 'seed'>>;

/** A restart against two ports: ten pairs after one that warms up, unless it says otherwise. */
function orderFor(plan: Plan, ports: OfBoth<number>, changes: Changes = {}): SlotOrder {
  const side = (port: number) => ({ target: { ...plan.target, port }, addresses: ['127.0.0.1'] });
  return {
    plan,
    sides: { base: side(ports.base), head: side(ports.head) },
    slotMs,
    pairs: 10,
    warmUp: { leastPairs: 1, mostPairs: 1 },
    seed: 1,
    ...changes,
  };
}

const duesOf = ({ pairs }: SlotMeasurement, endpoint = 0) =>
  pairs.flatMap(pair => sides.map(side => pair[side][endpoint]?.requests ?? 0));
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/**
 * Holds each side's median against how long its target held its answers: never less, as far as the warm-up lets one tell,
 * and more only by what generator and target were late.
 */
async function assertMedians(
  { generator }: SlotMeasurement,
  reading: DuetReading | undefined,
  targets: OfBoth<ScriptedTarget>,
  held: OfBoth<number>,
) {
  for (const side of sides) {
    const counts = await targets[side].counts();
    const times = (counts.held['/'] ?? []).slice(held[side]).sort((a, b) => a - b);
    const truthUs = 1_000 * (times[Math.floor(times.length / 2)] ?? 0);
    const lateUs = generator.sendLagP99Us[side] + 1_000 * counts.lateMs.p99;
    const p50Us = reading?.[side].p50Us ?? 0;
    const told = `${side}: ${p50Us}, not ${truthUs} and up to ${lateUs} late`;
    assert.ok(p50Us > 0.95 * truthUs && p50Us < 1.05 * truthUs + lateUs, told);
  }
}

describe('slots', () => {
  let targets: OfBoth<ScriptedTarget>;
  let ports: OfBoth<number>;
  before(async () => {
    const [base, head] = await Promise.all([
      startTarget({ '/': { delayMs: 40 }, '/quick': {}, '/hang': { fault: { every: 1, kind: 'hang' } } }),
      startTarget({ '/': { delayMs: 48 }, '/quick': {}, '/hang': { fault: { every: 1, kind: 'hang' } } }),
    ]);
    targets = { base, head };
    ports = { base: base.port, head: head.port };
  });
  after(() => Promise.all(sides.map(side => targets[side].stop())));

  const measured = (plan: Plan, changes: Changes = {}, options: SlotOptions = {}) =>
    measureSlots(orderFor(plan, ports, changes), options);
  const planOf = (load: Load, steps: readonly Step[], overrides: Partial<Plan> = {}) =>
    planFor(ports.base, load, steps, overrides);
  const heldSoFar = async () => {
    const [base = 0, head = 0] = await Promise.all(
      sides.map(async side => (await targets[side].counts()).held['/']?.length ?? 0),
    );
    return { base, head };
  };
  const heads = async (side: Side, from = 0) =>
    (await targets[side].counts()).heads.slice(from).map(head => head.split('\r\n')[0] ?? '');

  it('tell two sides apart of which one is 20 % slower', async () => {
    const plan = planOf(openLoad(200, 1), [request('/')]);
    const before = await targets.base.counts();
    const held = await heldSoFar();
    const measurement = await measured(plan, { pairs: 20 });
    const after = await targets.base.counts();
    const [reading] = readingsOf(measurement, plan);
    await assertMedians(measurement, reading, targets, held);
    assert.deepEqual(measurement.completion, { state: 'complete' });
    assert.deepEqual(duesOf(measurement), new Array(40).fill(10));
    for (const side of sides) {
      const { requests, errors, samples } = reading?.[side] ?? {};
      assert.deepEqual([requests, errors, samples], [200, 0, 200]);
    }
    assert.equal(measurement.loadMs, 20 * 2 * slotMs);
    assert.equal(measurement.sent.base, after.requests - before.requests);
    assert.deepEqual(measurement.heard, { base: true, head: true });
    assert.equal(measurement.firstOfPairs.length, 20);
    const connections = after.connections - before.connections;
    assert.ok(
      connections <= 105,
      `${connections} connections for 210 requests: they are kept from slot to slot`,
    );
  });

  it('are one a side in each row where there are more than two', async () => {
    const plan = planOf(openLoad(200, 1), [request('/')]);
    const { sides: places, ...rest } = orderFor(plan, ports, { pairs: 8 });
    const four = {
      'base 1': places.base,
      'base 2': places.base,
      'head 1': places.head,
      'head 2': places.head,
    };
    const measurement = await measureSlots({ ...rest, sides: four }, {});
    assert.deepEqual(measurement.completion, { state: 'complete' });
    const names = Object.keys(four) as (keyof typeof four)[];
    for (const name of names) {
      const slots = measurement.pairs.map(pair => pair[name][0]);
      assert.deepEqual(
        slots.map(slot => slot?.requests),
        new Array(8).fill(10),
      );
      // Each target holds its answers for 40 or 48 ms at least.
      const shortest = Math.min(...slots.flatMap(slot => slot?.timesUs ?? []));
      assert.ok(shortest > (name.startsWith('base') ? 38_000 : 46_000), `${name}: ${shortest} µs`);
    }
    assert.equal(measurement.loadMs, 8 * 4 * slotMs);
    assert.deepEqual(Object.values(measurement.heard), [true, true, true, true]);
    const firsts = new Set(measurement.firstOfPairs);
    assert.ok(firsts.size > 1, `${[...firsts].join()} always comes first`);
  });

  it('send both sides the same requests in the same order', async () => {
    const logged = { base: (await heads('base')).length, head: (await heads('head')).length };
    const steps = [request('', { path: numbered })];
    // Over one connection, requests come in the order in which they are sent.
    const plan = planOf(openLoad(200, 1), steps, { data: numbers, connections: { max: 1 } });
    const measurement = await measured(plan);
    const base = await heads('base', logged.base);
    const head = await heads('head', logged.head);
    assert.deepEqual(duesOf(measurement), new Array(20).fill(10));
    assert.deepEqual(base, head);
    assert.equal(base.length, 110);
    assert.ok(new Set(base).size > 50, 'they differ from one another');
  });

  it('let a side be warm when its median is flat, and measure from there on', async () => {
    const plan = planOf(openLoad(800, 1), [request('/quick')]);
    const phases: string[] = [];
    const measurement = await measured(
      plan,
      { warmUp: { leastPairs: 9, mostPairs: 200 } },
      { onProgress: ({ phase, pairs, of }) => phases.push(`${phase} ${pairs} of ${of}`) },
    );
    const { warmUpPairs, warmth } = measurement;
    assert.ok(warmth === 'flat' && warmUpPairs >= 9, `${warmUpPairs} pairs`);
    assert.deepEqual(duesOf(measurement), new Array(20).fill(40));
    assert.deepEqual(phases, [
      ...Array.from({ length: warmUpPairs }, (_, pair) => `warmup ${pair + 1} of 200`),
      ...Array.from({ length: 10 }, (_, pair) => `measured ${pair + 1} of 10`),
    ]);
  });

  it('measure all the same where too few answers come to see a median', async () => {
    const plan = planOf(openLoad(100, 1), [request('/quick')]);
    // Five responses a slot: a hundred a half take forty pairs.
    for (const [mostPairs, warmUpPairs] of [
      [12, 12],
      [200, 24],
    ] as const) {
      const measurement = await measured(plan, { pairs: 4, warmUp: { leastPairs: 1, mostPairs } });
      assert.equal(measurement.warmUpPairs, warmUpPairs);
      assert.equal(measurement.warmth, 'tooFew');
      assert.deepEqual(duesOf(measurement), new Array(8).fill(5));
    }
  });

  it('let a side be warm that answers nothing but errors', async () => {
    const plan = planOf(openLoad(800, 1), [request('/nowhere')]);
    const measurement = await measured(plan, { pairs: 4, warmUp: { leastPairs: 1, mostPairs: 200 } });
    assert.equal(measurement.warmth, 'flat');
    const [reading] = readingsOf(measurement, plan);
    const { errors, samples, p50Us } = reading?.head ?? {};
    assert.deepEqual([errors, samples, p50Us], [160, 0, null]);
  });

  it('measure a closed load, whose users pause between their turns', async () => {
    const plan = planOf(closedLoad(3, 1), [request('/')]);
    const held = await heldSoFar();
    const measurement = await measured(plan, { pairs: 20 });
    const [reading] = readingsOf(measurement, plan);
    await assertMedians(measurement, reading, targets, held);
    for (const side of sides) {
      const { requests = 0, errors, samples } = reading?.[side] ?? {};
      assert.deepEqual([errors, samples], [0, requests]);
      assert.ok(requests >= 20, `${requests} of ${side}`);
    }
    // A slot of 50 ms has room for two requests, 40 ms apart, of each of three users.
    for (const due of duesOf(measurement)) assert.ok(due <= 6, `${due} in a slot`);
  });

  it('send both sides the same journeys of a closed load in the same order', async () => {
    const logged = { base: (await heads('base')).length, head: (await heads('head')).length };
    const steps = [request('', { path: numbered }), think];
    await measured(planOf(closedLoad(1, 1), steps, { data: numbers }));
    const base = await heads('base', logged.base);
    const head = await heads('head', logged.head);
    const shared = Math.min(base.length, head.length);
    assert.ok(shared >= 5, `${shared} requests`);
    assert.deepEqual(base.slice(0, shared), head.slice(0, shared));
  });

  for (const [what, load, steps] of [
    ['an open load', openLoad(100, 1), [request('/'), think, request('/quick', { endpoint: 1 })]],
    ['a closed load', closedLoad(2, 1), [request('/quick'), think, request('/', { endpoint: 1 })]],
  ] as const) {
    it(`keep every request of ${what} within a turn of its side, think times and all`, async () => {
      const plan = planOf({ ...load, stages: [{ duration: millis(600), from: 4, to: 4 }] } as Load, steps);
      const rows = await rowsOf(orderFor(plan, ports));
      for (const side of sides) {
        const turns = turnsOf({ slotUs: micros(slotMs * 1_000), seed: 1, side });
        const dues = rows[side].map(({ due }) => due);
        assert.ok(dues.length >= 4, `${dues.length} of ${side}`);
        assert.deepEqual(
          dues,
          dues.map(due => turns.inTurn(due)),
        );
        assert.ok(
          rows[side].every(({ due, sentAt }) => sentAt >= due),
          `${side} sends nothing early`,
        );
      }
    });
  }

  it('let think times and pauses pass in a side’s own time alone', async () => {
    const pause: Step = { kind: 'think', min: millis(35), max: millis(35) };
    const plan = planOf(closedLoad(1, 1), [request('/'), pause, request('/quick', { endpoint: 1 })]);
    const rows = await rowsOf(orderFor(plan, ports));
    for (const side of sides) {
      const turns = turnsOf({ slotUs: micros(slotMs * 1_000), seed: 1, side });
      assert.ok(rows[side].length > 6, `${rows[side].length} of ${side}`);
      for (const [index, { due }] of rows[side].entries()) {
        const { endedAt } = rows[side][index - 1] ?? {};
        // The first journey is due when its user is taken up.
        if (endedAt === undefined) continue;
        const gap = micros(index % 2 === 1 ? 35_000 : 0);
        const expected = turns.later(endedAt, gap);
        assert.ok(Math.abs(due - expected) < 0.01, `${side} ${index}: ${due}, not ${expected}`);
      }
    }
  });

  it('count what is due and fails as errors, and what never ends among the times, too', async () => {
    const steps = [request('/hang', { timeout: millis(100) }), request('/nowhere', { endpoint: 1 })];
    const plan = planOf(openLoad(100, 1), [request('/nowhere'), ...steps.slice(1)]);
    const [missing] = readingsOf(await measured(plan, { pairs: 4 }), plan);
    assert.deepEqual(missing?.base, {
      requests: 20,
      errors: 20,
      samples: 0,
      unanswered: 0,
      p50Us: null,
      p95Us: null,
      p99Us: null,
      tailUs: null,
    });
    const hanging = planOf(openLoad(100, 1), steps.slice(0, 1));
    const measurement = await measured(hanging, { pairs: 4 });
    const [reading] = readingsOf(measurement, hanging);
    const { requests, errors, samples, unanswered, p50Us } = reading?.head ?? {};
    assert.deepEqual([requests, errors, samples, unanswered, p50Us], [20, 20, 20, 20, null]);
    assert.deepEqual(measurement.heard, { base: false, head: false });
    const times = measurement.pairs.flatMap(pair => pair.head[0]?.timesUs ?? []);
    assert.ok(Math.min(...times) >= 100_000, 'each has at least the time that it waited');
  });

  it('end with an interrupt, and keep the pairs that were over', async () => {
    const interruption = new AbortController();
    const plan = planOf(openLoad(200, 1), [request('/')]);
    const measurement = await measured(
      plan,
      { pairs: 400 },
      {
        interrupt: interruption.signal,
        onProgress: ({ phase, pairs }) => phase === 'measured' && pairs >= 3 && interruption.abort('SIGTERM'),
      },
    );
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGTERM' });
    const { length } = measurement.pairs;
    assert.ok(length >= 3 && length < 400, `${length} pairs`);
    assert.deepEqual(duesOf(measurement), new Array(2 * length).fill(10));
    assert.equal(measurement.firstOfPairs.length, length);
  });

  it('send nothing where the interrupt came before', async () => {
    const plan = planOf(openLoad(200, 1), [request('/')]);
    const measurement = await measured(plan, {}, { interrupt: AbortSignal.abort('SIGINT') });
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGINT' });
    assert.deepEqual([measurement.pairs, measurement.sent], [[], { base: 0, head: 0 }]);
  });

  it('end where a worker dies, and say why', async () => {
    const plan = planOf(openLoad(200, 1), [request('/quick')]);
    const { completion } = await measureSlots(orderFor(plan, { base: ports.base, head: 70_000 }), {});
    assert.equal(completion.state, 'workerDied');
    assert.match(completion.state === 'workerDied' ? completion.reason : '', /port/i);
  });
});

describe('slots of which one side', () => {
  it('is refused throughout are errors of that side', async () => {
    const target = await startTarget({ '/': {} });
    const { port, release } = await refusingPort();
    const plan = planFor(target.port, openLoad(200, 1), [request('/')]);
    const warmUp = { leastPairs: 1, mostPairs: 400 };
    const measurement = await measureSlots(orderFor(plan, { base: target.port, head: port }, { warmUp }), {});
    await Promise.all([target.stop(), release()]);
    assert.deepEqual(measurement.completion, { state: 'complete' });
    assert.deepEqual([measurement.warmth, measurement.warmUpPairs], ['tooFew', 24]);
    assert.deepEqual(duesOf(measurement), new Array(20).fill(10));
    const [reading] = readingsOf(measurement, plan);
    assert.deepEqual([reading?.base.errors, reading?.head.errors], [0, 100]);
    assert.deepEqual([reading?.head.samples, reading?.head.p50Us], [0, null]);
    assert.deepEqual(measurement.heard, { base: true, head: false });
    assert.equal(measurement.firstFailure.base, null);
    assert.match(measurement.firstFailure.head?.detail ?? '', /ECONNREFUSED/);
  });

  it('dies in between are errors of that side from there on', async () => {
    const [base, head] = await Promise.all([startTarget({ '/': {} }), startTarget({ '/': {} })]);
    const plan = planFor(base.port, openLoad(200, 1), [request('/')]);
    let dying: Promise<void> | undefined;
    const measurement = await measureSlots(
      orderFor(plan, { base: base.port, head: head.port }, { pairs: 30 }),
      {
        onProgress: ({ pairs }) => {
          if (pairs === 5) dying = head.stop();
        },
      },
    );
    await Promise.all([base.stop(), dying]);
    assert.deepEqual(measurement.completion, { state: 'complete' });
    assert.deepEqual(duesOf(measurement), new Array(60).fill(10));
    const errors = (side: Side) => measurement.pairs.map(pair => pair[side][0]?.errors ?? 0);
    assert.equal(sum(errors('base')), 0);
    assert.deepEqual(errors('head').slice(0, 5), [0, 0, 0, 0, 0]);
    assert.deepEqual(errors('head').slice(-3), [10, 10, 10]);
  });

  it('never answers are given up', async () => {
    const base = await startTarget({ '/': {} });
    const head = await startTarget({ '/': { fault: { every: 1, kind: 'hang' } } });
    const plan = planFor(base.port, openLoad(20, 1), [request('/', { timeout: millis(60_000) })]);
    const ports = { base: base.port, head: head.port };
    const warmUp = { leastPairs: 400, mostPairs: 400 };
    const measurement = await measureSlots(orderFor(plan, ports, { warmUp }), {});
    await Promise.all([base.stop(), head.stop()]);
    const { completion, heard, warmth } = measurement;
    assert.equal(completion.state, 'neverAnswered');
    assert.ok(completion.state === 'neverAnswered' && completion.afterMs >= 12_000, 'after 12 s');
    assert.deepEqual(heard, { base: true, head: false });
    assert.notEqual(warmth, 'flat');
  });
});

interface Row {
  readonly due: Micros;
  readonly sentAt: Micros;
  readonly endedAt: Micros;
}

/** Every request of two workers that have turns of the order's seed, in the order of their ends; all are ok. */
async function rowsOf({ plan, sides: places, seed }: SlotOrder): Promise<OfBoth<readonly Row[]>> {
  const rows: OfBoth<Row[]> = { base: [], head: [] };
  const orders = sides.map(side => ({
    plan: { ...plan, target: places[side].target },
    addresses: places[side].addresses,
    pacing: 'economical' as const,
    worker: 0,
    workers: 1,
    turns: { slotUs: micros(slotMs * 1_000), seed, side },
  }));
  const workerPool = new WorkerPool(orders, {
    samples({ rows: numbers, length }, worker) {
      for (let at = 0; at < length * sampleWidth; at += sampleWidth) {
        const read = (position: number) => micros(numbers[at + position] ?? Number.NaN);
        assert.equal(unpackCode(read(column.code)).outcome, outcomeCode.ok);
        rows[sides[worker] as Side].push({
          due: read(column.due),
          sentAt: read(column.sentAt),
          endedAt: read(column.endedAt),
        });
      }
    },
    failure: () => {},
    settled: () => {},
    died: reason => assert.fail(reason),
  });
  await workerPool.run();
  return rows;
}
