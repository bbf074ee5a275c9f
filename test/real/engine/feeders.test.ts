import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDataSet } from '../../../src/config/source/data-file.ts';
import { measure } from '../../../src/engine/measure.ts';
import { permuted } from '../../../src/stats/random.ts';
import { base, inWorkspace, messageOf, mistakesOf, planOf } from '../config/workspace.ts';
import { startValueServer } from './value-server.ts';

const csv = (rows: number) => `v\n${Array.from({ length: rows }, (_, index) => `${index}\n`).join('')}`;

async function sent(
  t: Parameters<typeof startValueServer>[0],
  {
    pick,
    rows,
    load,
    workers = 1,
    rest,
  }: { pick: string; rows: number; load: string; workers?: number; rest?: string },
) {
  const { url, received } = await startValueServer(t, (_, response) => response.end());
  const plan = await planOf(
    `target: ${url}
load: ${load}
data: { d: { file: d.csv, pick: ${pick} } }
${rest ?? "steps: ['GET /{{d.v}}', 'GET /again/{{d.v}}']"}
`,
    { files: { 'd.csv': csv(rows) } },
  );
  const measurement = await measure(plan, {
    addresses: ['127.0.0.1'],
    staffing: { workers, pacing: 'economical' },
  });
  const all = received.map(one => one.url);
  return { ...measurement, all, first: all.filter(path => !path.startsWith('/again')) };
}

const counted = (iterations: number, users = 4) =>
  `{ model: closed, users: ${users}, iterations: ${iterations}, maxDuration: 20s }`;

describe('rows that are shuffled', () => {
  it('come once in each pass, in another order, however many workers there are', async t => {
    const one = await sent(t, { pick: 'shuffle', rows: 20, load: counted(40, 1) });
    const passes = [one.first.slice(0, 20), one.first.slice(20)];
    for (const pass of passes) assert.equal(new Set(pass).size, 20);
    assert.notDeepEqual(passes[0], passes[1]);
    assert.notDeepEqual(
      passes[0],
      [...(passes[0] ?? [])].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
    );
    const two = await sent(t, { pick: 'shuffle', rows: 20, load: counted(40), workers: 2 });
    assert.deepEqual([...two.all].sort(), [...one.all].sort());
  });

  it('are a permutation of any number of rows', () => {
    for (const count of [1, 2, 3, 7, 16, 17, 1_000]) {
      const order = Array.from({ length: count }, (_, value) => permuted(value, count, 7, 1_000));
      assert.deepEqual(
        [...order].sort((a, b) => a - b),
        Array.from({ length: count }, (_, value) => value),
      );
    }
  });
});

describe('rows that are used once', () => {
  it('go to one journey each, over two workers', async t => {
    const { first, load } = await sent(t, { pick: 'unique', rows: 50, load: counted(50), workers: 2 });
    assert.equal(first.length, 50);
    assert.equal(new Set(first).size, 50);
    assert.equal(load.dry, undefined);
  });

  for (const [model, load] of [
    ['a closed', counted(1_000)],
    ['an open', '{ model: open, stages: [{ duration: 20s, rate: 200/s }] }'],
  ] as const) {
    it(`end ${model} load where they run out, after the last journey`, async t => {
      const started = Date.now();
      const run = await sent(t, { pick: 'unique', rows: 30, load, workers: 2 });
      assert.ok(Date.now() - started < 15_000, 'long before its time');
      assert.deepEqual(
        [...run.all].sort(),
        Array.from({ length: 30 }, (_, row) => [`/${row}`, `/again/${row}`])
          .flat()
          .sort(),
      );
      assert.deepEqual(run.load.dry, { set: 'd', rows: 30 });
      assert.ok(run.load.offered === null || run.load.offered >= 30, `offered ${run.load.offered}`);
      assert.equal(run.completion.state, 'complete');
    });
  }

  it('leave journeys alone that need none', async t => {
    const { all, load } = await sent(t, {
      pick: 'unique',
      rows: 5,
      load: counted(40),
      rest: "journeys: [{ steps: ['GET /{{d.v}}'] }, { steps: [GET /other] }]",
    });
    assert.ok(all.filter(path => path === '/other').length > 5, `${all.length} requests`);
    assert.ok(all.length < 40, `${all.length} requests`);
    assert.deepEqual(load.dry, { set: 'd', rows: 5 });
  });
});

describe('a data file', () => {
  it('may begin with a byte order mark, which belongs to no name', async () => {
    const plan = await planOf(`${base}data: { d: { file: d.csv } }\nsteps: ['GET /{{d.id}}']\n`, {
      files: { 'd.csv': '\uFEFFid\r\n7\r\n' },
    });
    assert.deepEqual([plan.data[0]?.columns, plan.data[0]?.rows], [['id'], [['7']]]);
  });

  it('is refused with a row of another length, at its line and without its values', async () => {
    const mistake = await mistakesOf(`${base}data: { d: { file: d.csv } }\nsteps: ['GET /{{d.id}}']\n`, {
      files: { 'd.csv': 'id,token\n1,s3cret\n2\n' },
    });
    assert.match(
      mistake,
      /d\.csv:3: .*\[data\.invalid-row\]\n {2}found {5}1 value\n {2}expected {2}2 values/,
    );
  });

  it('is refused where it holds more values than threads have room for', async () => {
    const mistake = await inWorkspace({ 'd.csv': csv(100) }, cwd =>
      messageOf(readDataSet('d', 'random', `${cwd}/d.csv`, cwd, 50)),
    );
    assert.match(mistake, /d\.csv: .*\[file\.too-large\]\n.*more than 50 values\n.*at most 50 values/);
  });
});
