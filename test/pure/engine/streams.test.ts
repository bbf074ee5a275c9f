import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { longestEvent } from '../../../src/engine/stream/event-text.ts';
import { readyStream } from '../../../src/engine/stream/ready-stream.ts';
import { piecesOf, StreamNotes } from '../../../src/engine/stream/stream-notes.ts';
import { StreamWatch } from '../../../src/engine/stream/stream-watch.ts';
import { BodyRoom } from '../../../src/engine/transport/http1/body-room.ts';
import type { StreamRule } from '../../../src/model/run/scenario.ts';
import { micros } from '../../../src/model/units.ts';

const any: StreamRule = { format: 'sse', first: null, end: null, idle: null, listen: null };
const lines: StreamRule = { ...any, format: 'jsonLines' };

/** A watch whose bytes come when the test says. */
function watching(rule: StreamRule, { room = null as BodyRoom | null, head = 'HTTP/1.1 200 OK' } = {}) {
  const user = { due: micros(0), sentAt: micros(1_000), readAt: micros(1_000) };
  const notes = new StreamNotes();
  const watch = new StreamWatch(
    readyStream(0, rule, () => true, notes),
    user,
    room,
  );
  watch.begin(200, `${head}\r\n\r\n`);
  const pieces = () => [...piecesOf(notes.take() ?? new Float64Array())];
  /** Reads bytes that come at one moment; false where an event cannot be kept. */
  const read = (text: string | Buffer, at = 1_000) => {
    user.readAt = micros(at);
    const bytes = Buffer.from(text as string);
    return watch.read(bytes, 0, bytes.length);
  };
  return { watch, read, pieces };
}

/** How many events a body has, and what is wrong with it: in one piece, and byte by byte. */
function seen(rule: StreamRule, body: string | Buffer): readonly [events: number, fault: string | null] {
  const bytes = Buffer.from(body as string);
  const results = [[bytes], [...bytes].map(byte => Buffer.of(byte))].map(parts => {
    const { watch, read } = watching(rule);
    for (const part of parts) assert.equal(read(part), true);
    const fault = watch.fault();
    return [watch.events, fault] as const;
  });
  assert.deepEqual(results[1], results[0], 'bytes one by one');
  return results[0] as (typeof results)[number];
}

describe('server-sent events', () => {
  for (const [body, events] of [
    ['data: a\n\ndata: b\n\n', 2],
    ['data: a\r\n\r\ndata: b\r\n\r\n', 2],
    ['data: a\r\rdata: b\r\r', 2],
    ['data: a\r\n\rdata: b\n\r\n', 2],
    ['data:a\n\n', 1],
    ['data\n\n', 1],
    ['data: a\ndata: b\ndata\n\n', 1],
    ['\ufeffdata: a\n\n', 1],
    [': nothing\n\n: nothing\n\ndata: a\n\n', 1],
    ['event: ping\nid: 1\nretry: 10\n\ndata: a\n\n', 1],
    ['id: 7\nevent: x\ndata: a\nretry: 5\n\n', 1],
    ['datax: a\n\ndat: b\n\n data: c\n\nData: d\n\ndata: e\n\n', 1],
    ['\n\n\r\n\rdata: a\n\n\n\n', 1],
    ['data: a\n\n: the last comment', 1],
    ['data: a\n\n:\n', 1],
    ['data: ü€😀\n\n', 1],
    ['data: :\n\n', 1],
  ] as const) {
    it(`are ${events} in ${JSON.stringify(body)}`, () => assert.deepEqual(seen(any, body), [events, null]));
  }

  for (const [body, events] of [
    ['data: a\n\ndata: b\n', 1],
    ['data: a\n\ndata: b', 1],
    ['data: a\n\nda', 1],
    ['data: a\n\nevent: x\n', 1],
  ] as const) {
    it(`end in their midst in ${JSON.stringify(body)}`, () => {
      assert.deepEqual(seen(any, body), [events, `ended in the midst of an event, after ${events} event`]);
    });
  }

  for (const body of ['', ': only a comment\n\n', 'event: x\n\n', '\ufeff']) {
    it(`are none in ${JSON.stringify(body)}, which fails`, () => {
      assert.deepEqual(seen(any, body), [0, 'ended without an event']);
    });
  }

  it('have data of several lines, joined by line feeds', () => {
    const rule = { ...any, end: { text: 'a\n b\n\nc' } };
    assert.deepEqual(seen(rule, 'data: a\r\ndata:  b\rdata\ndata:c\n\n'), [1, null]);
  });
});

describe('JSON lines', () => {
  for (const [body, events, fault] of [
    ['{"a":1}\n{"a":2}\n', 2, null],
    ['{"a":1}\r\n\r\n\n[1]\n"x"\nnull\n3', 5, null],
    ['\ufeff{"a":1}\n', 1, null],
    ['{"a":"ü€😀\\n"}\n', 1, null],
    ['{"a":1}\n{"a":', 1, 'ended in the midst of an event, after 1 event'],
    ['{"a":1}\n{a}\n{"a":3}\n', 2, 'line 2 is no JSON value'],
    ['{"a":1} {"a":2}\n', 0, 'line 1 is no JSON value'],
    ['\n\n', 0, 'ended without an event'],
  ] as const) {
    it(`are ${events} in ${JSON.stringify(body)}`, () =>
      assert.deepEqual(seen(lines, body), [events, fault]));
  }
});

describe('the first event', () => {
  const first: StreamRule = { ...any, first: { query: "$.choices[*].delta['content','tool_calls']" } };
  const delta = (value: object) => `data: ${JSON.stringify({ choices: [{ delta: value }] })}\n\n`;

  it('is the first that has something where the scenario says', () => {
    const { watch, read, pieces } = watching(first);
    read(delta({ role: 'assistant', content: '' }), 2_000);
    read(`data: no JSON\n\n${delta({ tool_calls: [] })}`, 3_000);
    read(delta({ content: 'Hi' }), 11_000);
    read(`${delta({})}${delta({ content: '!' })}`, 14_000);
    assert.equal(watch.fault(), null);
    assert.equal(watch.end({ kind: 'ok' }, micros(14_000)), 1);
    const [piece, ...others] = pieces();
    assert.equal(others.length, 0);
    assert.equal(piece?.firstUs, 10_000);
    assert.deepEqual([...(piece?.gaps ?? [])], [3_000, 0]);
    assert.deepEqual(watch.seen, { events: 3, firstMs: 10, longestGapMs: 3 });
  });

  it('may never come, which fails', () => {
    assert.deepEqual(seen(first, delta({ content: '' })), [0, 'no event is the first one']);
  });

  it('cut before it came, is a wait of at least that long', () => {
    const { watch, read, pieces } = watching(first);
    read(delta({ content: '' }), 2_000);
    const timeout = { kind: 'failed', failure: { kind: 'timeout' } } as const;
    assert.equal(watch.end(timeout, micros(51_000)), 0);
    const [piece] = pieces();
    assert.deepEqual([piece?.firstUs, piece?.openFirstUs, piece?.openGapUs], [null, 50_000, null]);
  });
});

describe('the last event', () => {
  it('is missed where it did not come', () => {
    const rule: StreamRule = { ...any, end: { text: '[DONE]' } };
    assert.deepEqual(seen(rule, 'data: a\n\ndata: [DONE]\n\n'), [2, null]);
    assert.deepEqual(seen(rule, 'data: a\n\ndata: [DONE\n\n'), [
      2,
      'ended without its last event, after 2 events',
    ]);
  });

  it('can be known by what it has', () => {
    const rule: StreamRule = { ...lines, end: { path: ['done'] } };
    assert.deepEqual(seen(rule, '{"done":false}\n{"done":true}\n'), [2, null]);
    assert.deepEqual(seen(rule, '{"done":false}\n'), [1, 'ended without its last event, after 1 event']);
    const named: StreamRule = { ...any, end: { query: "$[?@ == 'message_stop']" } };
    assert.deepEqual(seen(named, 'data: {"type":"message_stop"}\n\n'), [1, null]);
  });
});

describe('a watched stream', () => {
  it('notes gaps as they become many, so that a stream without end takes no more memory', () => {
    const { watch, read, pieces } = watching(any);
    for (let event = 0; event <= 2_500; event += 1) read('data: x\n\n', 2_000 + event * 10);
    const noted = pieces();
    assert.deepEqual(
      noted.map(({ gaps }) => gaps.length),
      [1_024, 1_024],
    );
    watch.end({ kind: 'ok' }, micros(30_000));
    const [rest] = pieces();
    assert.equal(rest?.gaps.length, 2_500 - 2_048);
    assert.equal(noted[0]?.firstAt, 2_000);
    assert.equal(noted[1]?.firstAt, null);
    assert.equal(rest?.from, 2_000 + 2_048 * 10);
  });

  it('gives up an event without end where it has to be kept, and keeps none that nobody reads', () => {
    const block = Buffer.alloc(65_536, 'x');
    const endless = (rule: StreamRule, start: string, room: BodyRoom | null) => {
      const { watch, read } = watching(rule, { room });
      let total = Buffer.byteLength(start);
      read(start);
      while (total < 2 * longestEvent && read(block)) total += block.length;
      const lack = watch.lack;
      watch.end({ kind: 'unfinished' }, micros(1));
      return { total, lack };
    };
    assert.deepEqual(endless(any, 'data: ', null).lack, null);
    const kept = endless(lines, '"', null);
    assert.equal(kept.lack?.kind, 'stream');
    assert.ok(kept.total <= longestEvent, `${kept.total} bytes`);
    const room = new BodyRoom(1_000_000);
    const short = endless({ ...any, end: { text: 'x' } }, 'data: ', room);
    assert.equal(short.lack?.kind, 'tooLarge');
    assert.equal(room.take(999_000), true, 'all of the room is given back');
  });

  it('is no stream under a content-encoding, and says so', () => {
    const { watch, read } = watching(any, { head: 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip' });
    read('data: a\n\n');
    assert.match(watch.fault() ?? '', /content-encoding gzip/);
  });

  it('waits for events, not for comments', () => {
    const { watch, read } = watching({ ...any, idle: 5 as NonNullable<StreamRule['idle']> });
    read(': ping\n\n', 5_000);
    assert.equal(watch.nextLook(micros(5_000)), 6_000);
    assert.equal(watch.idleMs(micros(5_999)), null);
    assert.equal(watch.idleMs(micros(6_000)), 5);
    read('data: a\n\n', 6_000);
    assert.equal(watch.idleMs(micros(10_000)), null);
    assert.equal(watch.nextLook(micros(6_000)), 11_000);
  });
});
