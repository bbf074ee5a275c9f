import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { freePort } from '../../target/free-port.ts';
import { type CountingServer, startCountingServer } from './counting-server.ts';

const total = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const firstOf = ({ failureSamples: [first] }: Measurement) =>
  first && { kind: first.kind, phase: first.phase, detail: first.detail };

function planTo(target: Partial<Plan['target']>, load: Load, port = 80): Plan {
  const plan = planFor(port, load, [request('/a')]);
  return { ...plan, target: { ...plan.target, host: 'localhost', ...target } };
}

describe('a Unix socket', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (name: string, load: Load, basePath = '') => {
    const socketPath = join(folder, name);
    return measure(planTo({ url: `unix:${socketPath}`, socketPath, basePath }, load), { addresses: [] });
  };
  async function withServer(name: string, body: (server: CountingServer) => Promise<void>): Promise<void> {
    const server = await startCountingServer({ path: join(folder, name) });
    try {
      await body(server);
    } finally {
      await server.stop();
    }
  }

  it('is loaded by users who keep their connections, which are timed', () =>
    withServer('closed.sock', async ({ connections, requests }) => {
      const measurement = await run('closed.sock', closedLoad(3, 30, 60), '/v1');
      assert.deepEqual([total(measurement).ok, total(measurement).errors], [60, 0]);
      assert.deepEqual(requests, { '/v1/a localhost': 60 });
      assert.deepEqual(connections, { '': 3 });
      assert.equal(Histogram.decode(measurement.connections.connect).count, 3);
      assert.equal(measurement.generator.sharesMachine, true);
    }));

  it('is loaded by arrivals', () =>
    withServer('open.sock', async ({ requests }) => {
      const measurement = await run('open.sock', openLoad(50, 1));
      assert.deepEqual([total(measurement).requests, total(measurement).ok], [50, 50]);
      assert.deepEqual(requests, { '/a localhost': 50 });
    }));

  for (const [model, load] of [
    ['closed', closedLoad(1, 30, 3)],
    ['open', openLoad(10, 0.3)],
  ] as const) {
    it(`that is not there refuses, in a ${model} load`, async () => {
      const measurement = await run('missing.sock', load);
      assert.deepEqual(total(measurement).failed, { refused: 3 });
      assert.deepEqual(firstOf(measurement), { kind: 'refused', phase: 'connect', detail: 'ENOENT' });
      assert.deepEqual(measurement.connections.errors, { refused: measurement.connections.attempts });
    });
  }

  it('that is a file, or in one, refuses', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const [name, detail] of [
      ['file', 'ECONNREFUSED'],
      ['file/api.sock', 'ENOTDIR'],
    ] as const) {
      const measurement = await run(name, closedLoad(1, 30, 1));
      assert.deepEqual(firstOf(measurement), { kind: 'refused', phase: 'connect', detail });
    }
  });
});

const hasIpv6 = Object.values(networkInterfaces()).some(list =>
  list?.some(({ address }) => address === '::1'),
);

describe('an IPv6 address', { skip: !hasIpv6 && 'this machine has no ::1' }, () => {
  it('is loaded, and named in brackets to the server', async () => {
    const server = await startCountingServer({ host: '::1' });
    const measurement = await measure(
      planTo({ host: '::1', url: `http://[::1]:${server.port}`, port: server.port }, closedLoad(2, 30, 20)),
      { addresses: ['::1'] },
    );
    await server.stop();
    assert.deepEqual([total(measurement).ok, total(measurement).errors], [20, 0]);
    assert.deepEqual(server.connections, { '::1': 2 });
    assert.deepEqual(server.requests, { [`/a [::1]:${server.port}`]: 20 });
  });

  for (const host of ['127.0.0.1', '::1']) {
    it(`is one of two of a name, of which only ${host} listens: all requests go there`, async () => {
      const server = await startCountingServer({ host, ipv6Only: true });
      const measurement = await measure(planTo({ port: server.port }, openLoad(50, 1)), {
        addresses: ['::1', '127.0.0.1'],
      });
      await server.stop();
      assert.deepEqual([total(measurement).ok, total(measurement).errors], [50, 0]);
      assert.deepEqual(Object.keys(server.connections), [host]);
    });
  }

  it('is tried as well as the other where neither listens, and both refuse', async () => {
    const port = await freePort();
    const measurement = await measure(planTo({ port }, closedLoad(1, 30, 4)), {
      addresses: ['::1', '127.0.0.1'],
    });
    assert.deepEqual(total(measurement).failed, { refused: 4 });
    assert.deepEqual(measurement.connections.errors, { refused: 4 });
  });
});
