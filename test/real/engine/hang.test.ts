import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkerPool } from '../../../src/engine/workers/worker-pool.ts';
import { openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startRawServer } from './raw-server.ts';

/** Looks at each list twice, and so for years at what is nested deeply. */
const endless = { items: { allOf: [{ $ref: '#' }, { $ref: '#' }] } };
const trap = `${'['.repeat(60)}${']'.repeat(60)}`;

describe('a worker whose thread hangs', () => {
  it('is ended when it has not been heard for long, and so is the run', async () => {
    const server = await startRawServer((socket, number) => {
      // Late enough for each worker to have told what it counted.
      const body = number === 40 ? trap : '"a"';
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
    const deaths: string[] = [];
    let samples = 0;
    try {
      const step = request('/', { expect: { statuses: null, schema: endless } });
      const workerPool = new WorkerPool(
        [0, 1].map(worker => ({
          plan: planFor(server.port, openLoad(20, 600), [step]),
          addresses: ['127.0.0.1'],
          pacing: 'economical',
          worker,
          workers: 2,
          turns: null,
        })),
        {
          samples: batch => {
            samples += batch.length;
          },
          failure: () => {},
          settled: () => {},
          died: reason => deaths.push(reason),
        },
        3_000,
      );
      await workerPool.run();
      assert.deepEqual(deaths, ['the thread hung: not a sign of it for 3 s']);
      const sent = [...workerPool.tallies.values()].map(({ counts }) => counts.sent);
      assert.equal(sent.length, 2, 'what the hung worker had counted is kept');
      assert.ok(Math.min(...sent) >= 5, `${sent} sent`);
      assert.ok(samples > 0, `${samples} samples`);
    } finally {
      await server.stop();
    }
  });
});
