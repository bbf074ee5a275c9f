import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import type { RequestStep } from '../../../src/model/run/scenario.ts';
import { bytes, millis } from '../../../src/model/units.ts';
import { closedLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startRawServer } from './raw-server.ts';

const megabyte = 1_000_000;
const block = Buffer.alloc(65_536, 'a');
const capturing: Partial<RequestStep> = { captures: [{ name: 'id', slot: 0, path: ['id'] }] };

/** Sends so much of a JSON text and, unless it stalls, its end. */
function answer(socket: Socket, length: number, isWhole: boolean): void {
  const [start, end] = ['{"id":1,"x":"', '"}'];
  socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${start.length + length + end.length}\r\n\r\n${start}`);
  let left = length;
  const write = () => {
    while (left > 0 && !socket.destroyed) {
      const size = Math.min(left, block.length);
      left -= size;
      if (!socket.write(block.subarray(0, size))) return;
    }
    socket.off('drain', write);
    if (isWhole && !socket.destroyed) socket.write(end);
  };
  socket.on('drain', write);
  write();
}

interface Circumstances {
  readonly users: number;
  readonly requests: number;
  readonly maxBodies: number;
  readonly step?: Partial<RequestStep>;
  readonly workers?: number;
}

async function measured(
  serve: (socket: Socket) => void,
  { users, requests, maxBodies, step = capturing, workers = 1 }: Circumstances,
) {
  const server = await startRawServer(serve);
  try {
    const transport = { ...usualTransport, maxBodies: bytes(maxBodies) };
    const plan = planFor(server.port, closedLoad(users, 60, requests), [request('/', step)], { transport });
    const measurement = await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers } });
    const { figures } = analyse(measurement).of({ kind: 'total' });
    return { figures, samples: measurement.failureSamples };
  } finally {
    await server.stop();
  }
}

describe('bodies that are kept for captures', () => {
  it('have one bound over all users and workers, beyond which requests fail', async () => {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const { figures, samples } = await measured(socket => answer(socket, 16 * megabyte, false), {
      users: 100,
      requests: 100,
      maxBodies: 32 * megabyte,
      step: { ...capturing, timeout: millis(3_000) },
      workers: 2,
    });
    clearInterval(watch);
    const { tooLarge = 0, timeout = 0 } = figures.failed;
    assert.deepEqual([figures.requests, tooLarge + timeout], [100, 100]);
    assert.ok(tooLarge >= 90 && timeout >= 1, `${tooLarge} found no room, ${timeout} kept theirs`);
    const sample = samples.find(({ kind }) => kind === 'tooLarge');
    assert.deepEqual([sample?.phase, sample?.status], ['body', null]);
    assert.match(sample?.detail ?? '', /may take 32000000 bytes together \(maxBodies\)/);
    // Without a bound it would be 1.6 GB.
    assert.ok(most - before < 600 * megabyte, `${most - before} bytes more at most`);
  });

  it('give their room back with each answer', async () => {
    const { figures } = await measured(socket => answer(socket, megabyte, true), {
      users: 1,
      requests: 20,
      maxBodies: 3 * megabyte,
    });
    assert.deepEqual([figures.ok, figures.failed], [20, {}]);
  });

  it('give their room back where the server closes amid them', async () => {
    const cut = (socket: Socket) => {
      answer(socket, megabyte, false);
      socket.end();
    };
    const { figures } = await measured(cut, { users: 1, requests: 20, maxBodies: 3 * megabyte });
    assert.deepEqual([figures.ok, figures.failed], [0, { closed: 20 }]);
  });

  it('need no room where nothing reads them', async () => {
    const { figures } = await measured(socket => answer(socket, megabyte, true), {
      users: 2,
      requests: 10,
      maxBodies: 1_000,
      step: {},
    });
    assert.deepEqual([figures.ok, figures.failed], [10, {}]);
  });
});
