import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { capacitySummaryJsonSchema } from '../../../src/report/summary/capacity-summary.ts';
import { freePort } from '../../target/free-port.ts';
import { place } from './command-line.ts';

/** An API that refuses everybody while more than so many are connected, however fast the machine is. */
async function limited(t: TestContext, users: number): Promise<string> {
  let open = 0;
  const server = createServer((_, response) => {
    response.statusCode = open <= users ? 200 : 429;
    setTimeout(() => response.end('{}'), 5);
  }).listen(0, '127.0.0.1');
  server.on('connection', socket => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface CapacityJson {
  readonly verdict: string;
  readonly capacity: number | null;
  readonly end: { readonly kind: string; readonly brokeAt?: number };
  readonly earlier: { readonly capacity: number } | null;
  readonly probes: readonly {
    readonly level: number;
    readonly requests: number;
    readonly outcome: string;
    readonly file: string;
  }[];
}

const scenario = (target: string, load = '{ model: open, stages: [{ duration: 1s, rate: 5/s }] }') =>
  `name: letters\ntarget: ${target}\nload: ${load}\nsteps: [GET /letters]\n`;

describe('plimsoll capacity', () => {
  test('finds what an API holds, judges it by the budget, and tells what the search before found', async t => {
    const at = await place(t);
    const url = await limited(t, 5);
    const closed = '{ model: closed, warmup: 100ms, stages: [{ duration: 1s, users: 1 }] }';
    await at.write('scenarios/letters.yaml', scenario(url, closed));
    await at.write('budgets.json', {
      defaults: { p95: '8s', errorRate: '5%' },
      scenarios: { letters: { total: { rps: '4/s' }, capacity: '50 users' } },
    });
    const out = join(at.folder, 'reports');
    const args = ['capacity', 'letters', '--from', '4', '--to', '16', '--step', '1s', '--out', out];
    const first = await at.run(args);
    const told = JSON.parse(await at.read('reports/capacity.json')) as CapacityJson;
    const isOfSchema = new Ajv2020({ validateFormats: false }).compile(capacitySummaryJsonSchema());
    assert.ok(isOfSchema(told), JSON.stringify(isOfSchema.errors));
    // Where the machine is busy with something else, the generator may be the limit at first.
    if (told.end.kind !== 'found') return t.skip('this machine is too busy to measure anything');
    assert.deepEqual(told.end, { kind: 'found', capacity: 5, brokeAt: 6 });
    assert.deepEqual([first.code, told.verdict], [1, 'fail'], first.stdout);
    assert.match(first.stdout, /^✗ FAIL: letters: the budgets hold up to 5\s+users; at 6\s+users:\s+total/);
    assert.match(first.stdout, /its\s+budget\s+is\s+50\s+users/);
    assert.match(first.stdout, /Not looked at here.*rps of total/);
    assert.match(await at.read('reports/capacity.md'), /errorRate/);
    for (const { file, requests } of told.probes) {
      assert.ok(requests > 0, file);
      assert.equal((await at.run(['report', file])).code === 2, false, file);
    }
    // Probes are no runs of the scenario.
    assert.deepEqual(await readdir(join(out, 'runs')), []);
    const again = await at.run([
      ...args.slice(0, 2),
      '--from',
      '1',
      '--to',
      '1',
      ...args.slice(6),
      '--json',
      '-',
    ]);
    assert.equal((JSON.parse(again.stdout) as CapacityJson).earlier?.capacity, told.capacity);
  });

  test('says that an API does not answer, and never calls that slow: exit 3', async t => {
    const at = await place(t);
    const port = await freePort();
    const { code, stdout } = await at.run([
      ...['capacity', `http://127.0.0.1:${port}/`, '--from', '2/s', '--step', '1s'],
      ...['--out', join(at.folder, 'reports')],
    ]);
    assert.equal(code, 3, stdout);
    assert.match(stdout, /INVALID: url: the budgets do not hold even at 1\/s/);
  });

  test('refuses what cannot be searched, before anything is sent', async t => {
    const at = await place(t);
    await at.write('open.yaml', scenario('http://127.0.0.1:9'));
    const closed = '{ model: closed, stages: [{ duration: 1s, users: 2 }] }';
    await at.write('closed.yaml', scenario('http://127.0.0.1:9', closed));
    await at.write('users.json', { scenarios: { letters: { capacity: '50 users' } } });
    await at.write('wrong.json', { scenarios: { letters: { capacity: '50' } } });
    for (const [args, expected] of [
      ['open.yaml --from 50', /^--from: .*\[command\.invalid-value\]\n[\s\S]*a rate from 1\/s/],
      ['open.yaml --from 0.5/s', /^--from: .*\[command\.invalid-value\]/],
      ['open.yaml --from 50/s --to 20/s', /^--from, --to: .*\[command\.conflicting-flags\]/],
      ['closed.yaml --from 5/s', /^--from: [\s\S]*a number of users/],
      ['open.yaml --step 10ms', /^--step: [\s\S]*from 1s to 10m/],
      ['open.yaml --step soon', /soon/],
      ['open.yaml --budgets users.json', /^users\.json.*capacity: .*\[budgets\.other-load\]\n.*50 users/],
      ['open.yaml --budgets wrong.json', /^wrong\.json:.*capacity/],
      ['http://192.0.2.1/', /--allow-host 192\.0\.2\.1/],
    ] as const) {
      const { code, stderr, stdout } = await at.run(['capacity', ...args.split(' ')]);
      assert.deepEqual([code, stdout], [2, ''], `${args}: ${stderr}`);
      assert.match(stderr, expected, args);
    }
  });
});
