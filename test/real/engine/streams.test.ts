import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { analyse } from '../../../src/analysis/analysis.ts';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { measure } from '../../../src/engine/measure.ts';
import { judgeRun } from '../../../src/judge/judge.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import { recordText } from '../../../src/store/records/record-file.ts';
import { parseRecord } from '../../../src/store/records/record-reader.ts';
import { budget, budgets } from '../../pure/judge/budgets.ts';
import { recordOf } from '../../pure/judge/record-builder.ts';
import { inWorkspace, mistakesOf } from '../config/workspace.ts';
import { startRawServer } from './raw-server.ts';

type Answer = (socket: Socket, number: number) => void | Promise<void>;

const chunkedHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const lastChunk = '0\r\n\r\n';

/** Measures so many requests of one user each to its own step. */
async function streamed(
  t: TestContext,
  answer: Answer,
  { stream = 'sse', iterations = 1, timeout = '5s', more = '' } = {},
): Promise<Measurement> {
  const server = await startRawServer((socket, number) => void answer(socket, number));
  t.after(() => server.stop());
  const text = `name: a
target: http://127.0.0.1:${server.port}
load: { model: closed, users: 1, iterations: ${iterations}, maxDuration: 20s }
steps: [{ request: GET /events, timeout: ${timeout}, stream: ${stream}${more} }]
`;
  return await inWorkspace({ 'a.yaml': text }, async cwd => {
    const plan = await loadPlan({ kind: 'file', file: 'a.yaml' }, { cwd, env: {} });
    return await measure(plan, { addresses: ['127.0.0.1'] });
  });
}

/** What became of the streams, in short. */
function told(measurement: Measurement) {
  const { figures } = analyse(measurement).of({ kind: 'total' });
  const { told: streams = 0, sum: whole = 0 } = figures.signals?.stream ?? {};
  return {
    streams,
    whole,
    events: figures.events ?? 0,
    failed: figures.failed,
    detail: measurement.failureSamples[0]?.detail ?? null,
  };
}

const histogramOf = (measurement: Measurement, of: 'firstEvent' | 'gap') =>
  analyse(measurement).of({ kind: 'total' }).figures.distribution(of).histogram;

describe('a streamed answer', () => {
  it('is timed as its events come, and not when it is over', async t => {
    const run = await streamed(t, async socket => {
      socket.write(chunkedHead);
      await wait(60);
      socket.write(chunk('data: 1\n\n'));
      await wait(1_000);
      socket.write(chunk('data: 2\n\n') + chunk('data: 3\n\n'));
      await wait(60);
      socket.write(lastChunk);
    });
    assert.deepEqual(told(run), { streams: 1, whole: 1, events: 3, failed: {}, detail: null });
    const [first, gaps] = [histogramOf(run, 'firstEvent'), histogramOf(run, 'gap')];
    const service = analyse(run).of({ kind: 'total' }).figures.distribution('service').histogram;
    // Before the first event, a busy machine makes waits longer, never shorter. What it reads late, it has less to wait for: hence a second.
    assert.ok(first.min >= 55_000, `the first event after ${first.min} µs`);
    assert.ok(service.max - first.max >= 200_000, `${service.max} µs in all, the first at ${first.max}`);
    assert.equal(gaps.count, 2);
    assert.ok(gaps.max >= 200_000, `a gap of ${gaps.max} µs`);
    assert.ok(gaps.min < 50_000, `no gap between what came together, but ${gaps.min} µs`);
  });

  it('is read across any border of chunks, reads and lines', async t => {
    const events = ['data: {"a":', '\ndata: 1}\r', '\n\r\n: c\n\nid: 1\ndat', 'a: €\n', '\n'];
    const run = await streamed(t, async socket => {
      for (const byte of Buffer.from(chunkedHead + events.map(chunk).join('') + lastChunk)) {
        socket.write(Buffer.of(byte));
        await turn();
      }
    });
    assert.deepEqual(told(run), { streams: 1, whole: 1, events: 2, failed: {}, detail: null });
  });

  const body = 'data: a\n\ndata: b\n\n';
  const whole = { streams: 1, whole: 1, events: 2, failed: {}, detail: null };
  for (const [what, text, expected] of [
    ['by its length', `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`, whole],
    ['by the end of the connection', `HTTP/1.1 200 OK\r\n\r\n${body}`, whole],
  ] as const) {
    it(`is whole where it is delimited ${what}`, async t => {
      const run = await streamed(t, socket => void socket.end(text));
      assert.deepEqual(told(run), expected);
    });
  }

  for (const [what, text, failed, detail] of [
    [
      'without its last chunk',
      chunkedHead + chunk(body),
      { closed: 1 },
      'closed amid the answer, 2 events so far',
    ],
    [
      'short of its length',
      `HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n${body}`,
      { closed: 1 },
      'closed amid the answer, 2 events so far',
    ],
    [
      'amid an event',
      chunkedHead + chunk(`${body}data: c`) + lastChunk,
      { stream: 1 },
      'ended in the midst of an event, after 2 events',
    ],
    [
      'amid a chunk size',
      `${chunkedHead}${chunk(body)}zz\r\n`,
      { malformed: 1 },
      'malformed chunk size: "zz"',
    ],
  ] as const) {
    it(`is broken where it ends ${what}`, async t => {
      const run = await streamed(t, socket => void socket.end(text));
      assert.deepEqual(told(run), { streams: 1, whole: 0, events: 2, failed, detail });
    });
  }

  it('is broken without the event that ends it', async t => {
    const run = await streamed(t, socket => void socket.end(chunkedHead + chunk(body) + lastChunk), {
      stream: '{ format: sse, end: "[DONE]" }',
    });
    const detail = 'ended without its last event, after 2 events';
    assert.deepEqual(told(run), { streams: 1, whole: 0, events: 2, failed: { stream: 1 }, detail });
  });

  it('that is no stream, but an error, is none', async t => {
    const run = await streamed(
      t,
      socket => void socket.end('HTTP/1.1 500 Oops\r\ncontent-length: 2\r\n\r\n{}'),
    );
    const { streams, failed } = told(run);
    assert.deepEqual([streams, failed], [0, { status: 1 }]);
  });

  it('is given up where no event comes for too long, however many comments do', async t => {
    const run = await streamed(
      t,
      async socket => {
        socket.write(chunkedHead + chunk('data: a\n\n'));
        while (!socket.destroyed) {
          socket.write(chunk(': still here\n\n'));
          await wait(20);
        }
      },
      { stream: '{ format: sse, idle: 150ms }' },
    );
    const detail = 'no event for 150 ms, 1 event so far';
    assert.deepEqual(told(run), { streams: 1, whole: 0, events: 1, failed: { timeout: 1 }, detail });
    const { censoredCount, censoredFromUs } = analyse(run).of({ kind: 'total' }).figures.distribution('gap');
    assert.equal(censoredCount, 1);
    assert.ok(censoredFromUs >= 150_000, `at least ${censoredFromUs} µs`);
  });

  it('may last as long as events come, whatever `idle` says', async t => {
    const run = await streamed(
      t,
      async socket => {
        socket.write(chunkedHead);
        for (let event = 0; event < 6; event += 1) {
          socket.write(chunk('data: a\n\n'));
          await wait(60);
        }
        socket.write(lastChunk);
      },
      // A machine that holds this process up for half a second makes it slow, not idle for a second.
      { stream: '{ format: sse, idle: 1s }' },
    );
    assert.deepEqual([told(run).whole, told(run).events], [1, 6]);
  });

  it('without end is left when it was listened to for long enough', async t => {
    const run = await streamed(
      t,
      async socket => {
        socket.write(chunkedHead);
        while (!socket.destroyed) {
          socket.write(chunk('data: a\n\n'));
          await wait(10);
        }
      },
      { stream: '{ format: sse, listen: 200ms }', iterations: 2 },
    );
    const { streams, whole, events, failed } = told(run);
    assert.deepEqual([streams, whole, failed], [2, 2, {}]);
    assert.ok(events >= 4, `${events} events`);
    const { statuses } = analyse(run).of({ kind: 'total' }).figures;
    assert.deepEqual(statuses, { 200: 2 });
  });

  it('that times out keeps its events, and counts its wait', async t => {
    const run = await streamed(t, socket => void socket.write(chunkedHead + chunk('data: a\n\n')), {
      timeout: '300ms',
    });
    assert.deepEqual(told(run).failed, { timeout: 1 });
    assert.match(told(run).detail ?? '', /^no end within 300 ms, 1 event so far$/);
    assert.equal(histogramOf(run, 'firstEvent').count, 1);
  });

  it('can be captured from and checked like any other answer', async t => {
    const run = await streamed(
      t,
      socket => void socket.end(chunkedHead + chunk('data: {"id":7}\n\n') + lastChunk),
      { more: ", capture: { id: { match: 'id.:(\\d+)' } }, expect: { body: id }" },
    );
    assert.deepEqual(told(run), { streams: 1, whole: 1, events: 1, failed: {}, detail: null });
  });

  it('without what is captured leaves a record that can be read again', async t => {
    const run = await streamed(t, socket => void socket.end(chunkedHead + chunk('data: x\n\n') + lastChunk), {
      more: ", capture: { id: { match: 'id.:(\\d+)' } }",
    });
    assert.deepEqual(told(run).failed, { capture: 1 });
    const record = parseRecord(recordText({ ...recordOf([]), measurement: run }), 'a.json');
    assert.deepEqual(told(record.measurement), told(run));
  });

  it('is refused beside autocannon, and with a wait as long as its timeout', async () => {
    const rest = (stream: string) => `target: http://127.0.0.1:1
engine: autocannon
load: { model: closed, users: 1, iterations: 1 }
steps: [{ request: GET /a, stream: ${stream} }]
`;
    assert.match(await mistakesOf(rest('sse')), /a streamed answer/);
    assert.match(
      await mistakesOf(rest('{ format: sse, idle: 10s }')),
      /stream\.idle: .*\n.*10s\n.*less than the timeout of the request, 10s/,
    );
  });

  it('leaves a record that can be read again and judged', async t => {
    const run = await streamed(
      t,
      (socket, number) => {
        const text = chunkedHead + chunk(body) + (number % 4 === 0 ? '' : lastChunk);
        if (number % 4 === 0) socket.end(text);
        else socket.write(text);
      },
      { iterations: 40 },
    );
    const record = parseRecord(recordText({ ...recordOf([]), measurement: run }), 'a.json');
    assert.equal(told(record.measurement).events, 80);
    const { findings } = judgeRun(
      record,
      budgets(
        budget('stream.broken', 0.01),
        budget('stream.firstEvent.p50', 4_000),
        budget('stream.gap.p50', 4_000),
        budget('stream.events', 1),
      ),
      '2026-11-21',
    );
    const found = new Map(
      findings.map(({ metric, status, observed }) => [metric.name, { status, observed }]),
    );
    assert.equal(found.get('stream.broken')?.status, 'fail');
    // A load of a moment settles no more than what breaks.
    for (const name of ['stream.firstEvent.p50', 'stream.gap.p50', 'stream.events']) {
      assert.notEqual(found.get(name)?.status, 'fail', name);
      assert.ok((found.get(name)?.observed?.value ?? 0) > 0, `${name} was observed`);
    }
  });
});
