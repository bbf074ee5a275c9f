import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { usualTransport } from '../../../src/model/run/plan.ts';
import type { Load, RequestStep } from '../../../src/model/run/scenario.ts';
import { bytes, millis } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { flood, startRawServer } from './raw-server.ts';

interface Circumstances {
  readonly load?: Load;
  readonly step?: Partial<RequestStep>;
  readonly maxResponse?: number;
}

const users = (iterations: number) => closedLoad(1, 60, iterations);

/** What a run makes of a server's answers: by default one user's twelve requests, one after another. */
async function measured(
  answer: (socket: Socket, number: number) => void,
  { load = users(12), step = {}, maxResponse = usualTransport.maxResponse }: Circumstances = {},
) {
  const server = await startRawServer(answer);
  try {
    const transport = { ...usualTransport, maxResponse: bytes(maxResponse) };
    const plan = planFor(server.port, load, [request('/', step)], { transport });
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    const { ok, failed } = analyse(measurement).of({ kind: 'total' }).figures;
    const [sample] = measurement.failureSamples;
    const { closedIdle } = measurement.connections;
    const { requests } = server;
    const { sent } = measurement.load;
    assert.equal(
      requests.reduce((sum, each) => sum + each, 0),
      sent,
      'no request is sent twice',
    );
    return { ok, failed, sample, closedIdle, requests, server };
  } finally {
    await server.stop();
  }
}

const line = 'HTTP/1.1 200 OK\r\n';
const good = `${line}content-length: 2\r\n\r\n{}`;
const chunked = `${line}transfer-encoding: chunked\r\n\r\n`;
const each = (text: string) => (socket: Socket) => {
  socket.write(text, 'latin1');
};
/** Every third request meets something else than a good answer. */
const everyThird = (bad: (socket: Socket) => void) => (socket: Socket, number: number) =>
  number % 3 === 0 ? bad(socket) : socket.write(good);

describe('a malformed answer fails its request, drops its connection, and the run goes on:', () => {
  for (const [name, answer, fault] of [
    ['a header block over 64 KiB', `${line}${'x: of the same\r\n'.repeat(5_000)}\r\n`, /over 65536 bytes/],
    ['a header line over 64 KiB', `${line}x: ${'a'.repeat(70_000)}\r\n\r\n`, /over 65536 bytes/],
    ['a status line of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /status line/],
    ['a status line of another version', 'HTTP/2.0 200 OK\r\n\r\n', /status line/],
    ['a status that is no number', 'HTTP/1.1 OK 200\r\ncontent-length: 0\r\n\r\n', /status line/],
    ['a header without a name', `${line}: x\r\ncontent-length: 0\r\n\r\n`, /malformed header/],
    ['a negative length', `${line}content-length: -1\r\n\r\n`, /content-length/],
    ['a length beyond all bounds', `${line}content-length: ${'9'.repeat(30)}\r\n\r\n`, /content-length/],
    ['two lengths', `${line}content-length: 1\r\ncontent-length: 2\r\n\r\nab`, /two content-lengths/],
    [
      'a length and chunks',
      `${line}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
      /both content-length/,
    ],
    ['a chunk size that is no number', `${chunked}zz\r\n`, /chunk size/],
    ['a chunk longer than its size', `${chunked}2\r\nabc\r\n0\r\n\r\n`, /longer than its size/],
  ] as const) {
    it(name, async () => {
      const { ok, failed, sample, requests } = await measured(everyThird(each(answer)));
      assert.deepEqual([ok, failed], [8, { malformed: 4 }]);
      assert.match(sample?.detail ?? '', fault);
      assert.equal(sample?.phase, fault.source === 'status line' ? 'firstByte' : 'body');
      assert.deepEqual(requests, [3, 3, 3, 3]);
    });
  }

  for (const [name, start, repeated] of [
    ['a header block without end', line, 'x: of the same\r\n'],
    ['a header line without end', `${line}x: `, 'a'],
    ['trailers without end', `${chunked}0\r\n`, 'x: of the same\r\n'],
    ['a chunk extension without end', `${chunked}1;`, 'a'],
  ] as const) {
    it(name, async () => {
      const endless = (socket: Socket) => {
        socket.write(start);
        flood(socket, repeated);
      };
      const { ok, failed, requests } = await measured(everyThird(endless));
      assert.deepEqual([ok, failed], [8, { malformed: 4 }]);
      assert.deepEqual(requests, [3, 3, 3, 3]);
    });
  }

  for (const [name, start, repeated] of [
    ['the connection’s end', `${line}\r\n`, 'a'],
    ['a length beyond it', `${line}content-length: 900000000000\r\n\r\n`, 'a'],
    ['chunks', chunked, '5\r\nhello\r\n'],
    ['interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ] as const) {
    it(`a body over maxResponse that is delimited by ${name}`, async () => {
      const endless = (socket: Socket) => {
        socket.write(start);
        flood(socket, repeated);
      };
      const { ok, failed, sample, requests, server } = await measured(everyThird(endless), {
        maxResponse: 1_000_000,
      });
      assert.deepEqual([ok, failed], [8, { malformed: 4 }]);
      assert.match(sample?.detail ?? '', /over 1000000 bytes \(maxResponse\)/);
      assert.deepEqual(requests, [3, 3, 3, 3]);
      // What the kernel's buffers hold is on top of what was read.
      assert.ok(server.bytesSent < 100e6, `${server.bytesSent} bytes for four answers of a million`);
    });
  }

  it('none, where a large body stays within maxResponse', async () => {
    const body = 'a'.repeat(900_000);
    const large = each(`${line}content-length: ${body.length}\r\n\r\n${body}`);
    const { ok, requests } = await measured(large, { maxResponse: 1_000_000 });
    assert.deepEqual([ok, requests], [12, [12]]);
  });
});

describe('an answer that is not what its server says', () => {
  it('is complete at its length, and the connection is dropped for what stands behind it', async () => {
    const { ok, requests } = await measured(each(`${line}content-length: 3\r\n\r\nhello`));
    assert.deepEqual([ok, requests], [12, Array(12).fill(1)]);
  });

  it('is not complete where the connection ends before its length', async () => {
    const { ok, failed, sample } = await measured(
      everyThird(socket => socket.end(`${line}content-length: 9\r\n\r\nhello`)),
    );
    assert.deepEqual([ok, failed], [8, { closed: 4 }]);
    assert.deepEqual([sample?.phase, sample?.detail], ['body', 'closed amid the answer']);
  });

  it('times out where the rest of its length never comes', async () => {
    const { ok, failed, sample, requests } = await measured(
      (socket, number) => socket.write(number === 2 ? `${line}content-length: 9\r\n\r\nhello` : good),
      { load: users(4), step: { timeout: millis(1_500) } },
    );
    assert.deepEqual([ok, failed, sample?.phase], [3, { timeout: 1 }, 'body']);
    assert.deepEqual(requests, [2, 2]);
  });

  it('times out where it trickles on without end, byte by byte', async () => {
    const starts = [line, `${line}x: `, `${line}\r\n`, `${chunked}fffff\r\n`];
    const trickle = (socket: Socket, number: number) => {
      socket.write(starts[number - 1] ?? '');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(timer));
    };
    const { ok, failed, sample, requests } = await measured(trickle, {
      load: closedLoad(4, 60, 4),
      step: { timeout: millis(1_500) },
    });
    assert.deepEqual([ok, failed, sample?.phase], [0, { timeout: 4 }, 'body']);
    assert.deepEqual(requests, [1, 1, 1, 1]);
  });

  it('is the only one to its request: another behind it drops the connection', async () => {
    const { ok, requests } = await measured(each(good + good));
    assert.deepEqual([ok, requests], [12, Array(12).fill(1)]);
  });
});

describe('a connection', () => {
  for (const [name, answer] of [
    ['HTTP/1.0 with keep-alive', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK\r\ncontent-length: 2\r\n\r\n{}'],
    ['a folded header line', `${line}x-a: one\r\n  two\r\ncontent-length:\r\n 2\r\n\r\n{}`],
    ['an empty line first', `\r\n${good}`],
    [
      'a list of codings with an empty member',
      `${line}transfer-encoding: chunked,\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    ],
    ['a 204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['a 304 that names a length', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n'],
    ['an interim answer first', `HTTP/1.1 100 Continue\r\n\r\n${good}`],
    ['several interim answers first', `${'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(3)}${good}`],
    ['chunks with extensions and trailers', `${chunked}2;a="b"\r\n{}\r\n0\r\nx-sum: 1\r\n\r\n`],
    ['a header block just under 64 KiB', `${line}x: ${'a'.repeat(65_000)}\r\ncontent-length: 0\r\n\r\n`],
    ['a long promise to be kept', `${line}keep-alive: timeout=60\r\ncontent-length: 0\r\n\r\n`],
  ] as const) {
    it(`is kept behind ${name}`, async () => {
      const { ok, requests, closedIdle } = await measured(each(answer));
      assert.deepEqual([ok, requests, closedIdle], [12, [12], 0]);
    });
  }

  it('is kept behind an answer to HEAD, whose length says what a GET would get', async () => {
    for (const fields of ['content-length: 999\r\n', 'transfer-encoding: chunked\r\n', '']) {
      const { ok, requests } = await measured(each(`${line}${fields}\r\n`), { step: { method: 'HEAD' } });
      assert.deepEqual([ok, requests], [12, [12]], fields);
    }
  });

  it('is kept behind an answer that came in pieces', async () => {
    const whole = `HTTP/1.1 100 Continue\r\n\r\n${chunked}2\r\n{}\r\n0\r\n\r\n`;
    const inPieces = (socket: Socket) => {
      let at = 0;
      const next = () => {
        socket.write(whole.slice(at, at + 5));
        at += 5;
        if (at < whole.length) setTimeout(next, 1);
      };
      next();
    };
    const { ok, requests } = await measured(inPieces, { load: users(4) });
    assert.deepEqual([ok, requests], [4, [4]]);
  });

  for (const [name, answer] of [
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}'],
    ['“connection: close”', `${line}connection: close\r\ncontent-length: 2\r\n\r\n{}`],
    ['“Keep-Alive: max=0”', `${line}keep-alive: timeout=5, max=0\r\ncontent-length: 2\r\n\r\n{}`],
    [
      'chunks of HTTP/1.0',
      'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
  ] as const) {
    it(`is closed behind ${name}, though the server would keep it`, async () => {
      const { ok, requests, server } = await measured(each(answer), {
        step: { expect: { statuses: [101, 200], schema: null } },
      });
      assert.deepEqual([ok, requests], [12, Array(12).fill(1)]);
      // The server hears of the last close a moment after it was made.
      for (let wait = 0; server.ended < 12 && wait < 250; wait += 1) await delay(20);
      assert.equal(server.ended, 12);
    });
  }

  for (const version of ['1.0', '1.1']) {
    it(`that ends delimits a body of HTTP/${version}, which is checked whole`, async () => {
      const list = JSON.stringify(Array.from({ length: 30_000 }, (_, index) => index));
      const { ok, requests } = await measured(socket => socket.end(`HTTP/${version} 200 OK\r\n\r\n${list}`), {
        step: { expect: { statuses: null, schema: { type: 'array', minItems: 30_000 } } },
      });
      assert.deepEqual([ok, requests], [12, Array(12).fill(1)]);
    });
  }

  it('is not used where the server may be about to close it', async () => {
    const promise = each(`${line}keep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n`);
    const { ok, requests, closedIdle } = await measured(promise, { load: openLoad(1, 3) });
    assert.equal(ok, 3);
    // Half a second after its answer a connection counts as closed; requests come a second apart.
    assert.ok(requests.length >= 2, `${requests.length} requests`);
    assert.equal(closedIdle, requests.length - 1);
  });
});

describe('an answer nested deeper than it can be looked through', () => {
  // Within the length that a capture may have.
  const nested = '['.repeat(30_000) + ']'.repeat(30_000);
  const deep = everyThird(each(`${line}content-length: ${nested.length}\r\n\r\n${nested}`));

  for (const [name, step] of [
    ['by a schema that goes as deep', { expect: { statuses: null, schema: { items: { $ref: '#' } } } }],
    [
      'by a schema without end',
      { expect: { statuses: null, schema: { if: { type: 'object' }, else: { $ref: '#' } } } },
    ],
  ] as const) {
    it(`${name}, fails its check, and the run goes on`, async () => {
      const { ok, failed, sample } = await measured(deep, { step });
      assert.deepEqual([ok, failed], [8, { check: 4 }]);
      assert.equal(sample?.detail, 'the body is nested too deeply');
    });
  }

  it('is captured all the same, as it is written', async () => {
    const { ok, failed, sample } = await measured(deep, {
      step: { captures: [{ name: 'all', slot: 0, path: [] }] },
    });
    assert.equal(sample?.detail, undefined);
    assert.deepEqual([ok, failed], [12, {}]);
  });
});
