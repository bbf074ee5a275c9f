import { createServer, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Behaviour, Script, TargetCounts } from './script.ts';

// The scripted target's process: reads its script from the first message, answers questions about what it saw.

interface PathState {
  requests: number;
  firstMs: number;
  readonly arrivals: number[];
  readonly held: number[];
}

let script: Script = {};
let connections = 0;
let requests = 0;
const heads: string[] = [];
const loopDelay = monitorEventLoopDelay({ resolution: 1 });
const paths = new Map<string, PathState>();

function stateOf(path: string): PathState {
  const known = paths.get(path);
  if (known) return known;
  const state: PathState = { requests: 0, firstMs: performance.now(), arrivals: [], held: [] };
  paths.set(path, state);
  return state;
}

/** Runs at the moment, never before: timers may fire up to a millisecond early. */
function at(momentMs: number, action: () => void): void {
  const left = momentMs - performance.now();
  if (left <= 0) action();
  else if (left < 1) setImmediate(() => at(momentMs, action));
  else setTimeout(() => at(momentMs, action), Math.floor(left));
}

function answerBytes(behaviour: Behaviour, head: boolean): { first: string; second: string } {
  const { status = 200, headers = {}, body = '{"ok":true}', framing = 'length' } = behaviour;
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (framing === 'length') fields.push(`content-length: ${Buffer.byteLength(body)}\r\n`);
  if (framing === 'chunked') fields.push('transfer-encoding: chunked\r\n');
  const block = `HTTP/1.1 ${status} Scripted\r\ncontent-type: application/json\r\n${fields.join('')}\r\n`;
  if (head) return { first: block, second: '' };
  const half = behaviour.bodyDelayMs === undefined ? body.length : Math.ceil(body.length / 2);
  const frame = (text: string) =>
    framing !== 'chunked' || text === '' ? text : `${text.length.toString(16)}\r\n${text}\r\n`;
  const end = framing === 'chunked' ? '0\r\n\r\n' : '';
  const second = frame(body.slice(half));
  return {
    first: block + frame(body.slice(0, half)) + (second === '' ? end : ''),
    second: second && second + end,
  };
}

function serve(socket: Socket, method: string, path: string): void {
  const behaviour = script[path] ?? { status: 404, body: '{"error":"no such path"}' };
  const state = stateOf(path);
  const now = performance.now();
  state.requests += 1;
  state.arrivals.push(now);
  const { fault, slow, stall } = behaviour;
  if (fault && state.requests % fault.every === 0) {
    if (fault.kind === 'close') socket.end();
    else if (fault.kind === 'reset') socket.resetAndDestroy();
    return;
  }
  const delayMs = slow && state.requests % slow.every === 0 ? slow.delayMs : (behaviour.delayMs ?? 0);
  let moment = now + delayMs;
  if (stall && moment >= state.firstMs + stall.fromMs && moment < state.firstMs + stall.toMs) {
    moment = state.firstMs + stall.toMs;
  }
  const hold = () => state.held.push(performance.now() - now);
  at(moment, () => {
    if (behaviour.raw !== undefined) {
      hold();
      socket.write(behaviour.raw);
      return;
    }
    const { first, second } = answerBytes(behaviour, method === 'HEAD');
    const closes = behaviour.framing === 'untilClose' || behaviour.headers?.connection === 'close';
    const last = (text: string) => {
      hold();
      if (closes) socket.end(text);
      else socket.write(text);
    };
    if (second === '') last(first);
    else {
      socket.write(first);
      at(performance.now() + (behaviour.bodyDelayMs ?? 0), () => last(second));
    }
  });
}

const server = createServer({ noDelay: true }, socket => {
  connections += 1;
  let pending = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', chunk => {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
      const head = pending.slice(0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const body = pending.slice(end + 4, end + 4 + length);
      pending = pending.slice(end + 4 + length);
      const [method = '', target = ''] = head.split(' ');
      requests += 1;
      if (heads.length < 10_000) heads.push(body === '' ? head : `${head}\r\n\r\n${body}`);
      serve(socket, method, target.split('?')[0] ?? '');
    }
  });
});

process.on('message', (message: { kind: 'start'; script: Script; port: number } | { kind: 'counts' }) => {
  if (message.kind === 'start') {
    script = message.script;
    server.listen(message.port, '127.0.0.1', () =>
      process.send?.({ kind: 'listening', address: server.address() }),
    );
    return;
  }
  const byPath = (pick: (state: PathState) => number[]) =>
    Object.fromEntries([...paths].map(([path, state]) => [path, pick(state)]));
  const counts: TargetCounts = {
    connections,
    requests,
    heads,
    arrivals: byPath(state => state.arrivals),
    held: byPath(state => state.held),
    lateMs: { p99: loopDelay.percentile(99) / 1e6, max: loopDelay.max / 1e6 },
  };
  process.send?.({ kind: 'counts', counts });
  // Watched from the first time on that anybody asks, and once this answer is out.
  setTimeout(() => {
    loopDelay.enable();
    loopDelay.reset();
  }, 20);
});
process.on('disconnect', () => process.exit(0));
