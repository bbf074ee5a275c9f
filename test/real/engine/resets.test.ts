import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startRawServer } from './raw-server.ts';

const answer = (headers = '') => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${headers}\r\nok`;

/** What a load showed of a server that resets every `every`-th connection as soon as it is made, and closes after each answer. */
async function resetAtAccept(every: number, load: Load) {
  let accepted = 0;
  const server = createServer(socket => {
    accepted += 1;
    socket.on('error', () => {});
    if (accepted % every === 0) socket.resetAndDestroy();
    else socket.once('data', () => socket.end(answer('Connection: close\r\n')));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const measurement = await measure(planFor(port, load, [request('/')]), { addresses: ['127.0.0.1'] });
    return { figures: analyse(measurement).of({ kind: 'total' }).figures, measurement };
  } finally {
    server.close();
  }
}

describe('a server that resets 5% of its connections', () => {
  for (const rate of [50, 200, 400]) {
    it(`reads 5% errors at ${rate}/s`, async () => {
      const { figures } = await resetAtAccept(20, openLoad(rate, 4));
      const share = figures.errors / figures.requests;
      assert.ok(share > 0.04 && share < 0.06, `${share} of ${figures.requests}`);
    });
  }
  it('reads 5% errors with users, who go on at once', async () => {
    const { figures } = await resetAtAccept(20, closedLoad(5, 60, 1_000));
    assert.deepEqual([figures.requests, figures.errors], [1_000, 50]);
  });
});

describe('a server that closes right behind an answer without a word', () => {
  const loads: readonly (readonly [string, Load])[] = [
    ['an open load', openLoad(200, 2)],
    ['users', closedLoad(4, 60, 400)],
  ];
  for (const [what, load] of loads) {
    it(`fails hardly a request of ${what}`, async () => {
      const server = await startRawServer(socket => socket.end(answer()));
      try {
        const measurement = await measure(planFor(server.port, load, [request('/')]), {
          addresses: ['127.0.0.1'],
        });
        const figures = analyse(measurement).of({ kind: 'total' }).figures;
        // Its close may come later than the next look at the socket, if it has no processor; seen too late it fails every second.
        assert.ok(figures.errors <= 40, `${figures.errors} of 400`);
        assert.equal(figures.ok + figures.errors, 400);
        const { closedIdle } = measurement.connections;
        assert.ok(closedIdle >= 0.8 * figures.ok, `${closedIdle} closed while idle`);
      } finally {
        await server.stop();
      }
    });
  }
  it('loses hardly a request where it closes behind a later answer', async () => {
    const behind = new Map<object, number>();
    const server = await startRawServer(socket => {
      const count = (behind.get(socket) ?? 0) + 1;
      behind.set(socket, count);
      if (count === 3) socket.end(answer());
      else socket.write(answer());
    });
    try {
      const plan = planFor(server.port, closedLoad(1, 60, 300), [request('/')]);
      const figures = analyse(await measure(plan, { addresses: ['127.0.0.1'] })).of({
        kind: 'total',
      }).figures;
      assert.ok(figures.errors <= 30, `${figures.errors} of ${figures.requests}`);
    } finally {
      await server.stop();
    }
  });
});
