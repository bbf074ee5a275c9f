import { Agent, request } from 'node:http';
import { Duplex } from 'node:stream';
import { maxHeaderBytes } from '../../src/engine/transport/http1/head-scanner.ts';
import { ResponseScanner } from '../../src/engine/transport/http1/scanner.ts';

/** What a reader makes of the bytes of a connection that the server closes behind them. */
export type Reading =
  | {
      readonly outcome: 'complete';
      readonly status: number;
      readonly body: string;
      /** Only the close told where the answer ends. */
      readonly byClose: boolean;
      /** Before the close, another request could have been sent. */
      readonly reusable: boolean;
    }
  /** Closed amid the answer, or without one. */
  | { readonly outcome: 'cut' }
  | { readonly outcome: 'malformed' };

/** Cuts bytes at the given offsets; those outside are ignored. */
export function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const bounds = [...new Set([0, ...cuts.filter(cut => cut > 0 && cut < bytes.length), bytes.length])];
  bounds.sort((a, b) => a - b);
  return bounds.slice(0, -1).map((start, index) => bytes.subarray(start, bounds[index + 1]));
}

/** Plimsoll's own reading; every piece comes in one buffer that is then written over. */
export function plimsollReads(parts: readonly Buffer[], method: string): Reading {
  const scanner = new ResponseScanner();
  scanner.begin(method === 'HEAD', true);
  let nothingBehind = true;
  for (const part of parts) {
    if (scanner.complete) nothingBehind = false;
    if (scanner.complete || scanner.malformed) break;
    const shared = Buffer.from(part);
    if (scanner.scan(shared, 0, shared.length) < shared.length) nothingBehind = false;
    shared.fill('X');
  }
  const byClose = !scanner.complete;
  if (!scanner.malformed) scanner.close();
  if (scanner.malformed) return { outcome: 'malformed' };
  if (!scanner.complete) return { outcome: 'cut' };
  return {
    outcome: 'complete',
    status: scanner.head.status,
    body: scanner.body?.toString('latin1') ?? '',
    byClose,
    reusable: scanner.head.keepAlive && nothingBehind,
  };
}

/** A connection whose other end is the test. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: string, done: () => void): void {
    done();
  }
  setKeepAlive = () => this;
  setNoDelay = () => this;
  setTimeout = () => this;
  ref = () => this;
  unref = () => this;
}

class WireAgent extends Agent {
  wire = new Wire();
  constructor() {
    super({ keepAlive: true });
  }
  override createConnection(): never {
    return this.wire as never;
  }
  override keepSocketAlive(): void {
    return true as never;
  }
}

const agent = new WireAgent();
const turn = () => new Promise(later => setImmediate(later));

/** The reading of Node's own HTTP client, whose parser gets the pieces one by one. */
export async function nodeReads(parts: readonly Buffer[], method: string): Promise<Reading> {
  const wire = new Wire();
  agent.wire = wire;
  const outgoing = request({ agent, method, maxHeaderSize: maxHeaderBytes });
  let status = 0;
  let body = '';
  let complete = false;
  let switched = false;
  let fault = '';
  const fail = (error: NodeJS.ErrnoException) => {
    fault ||= error.code ?? error.message;
  };
  outgoing.on('error', fail);
  outgoing.on('upgrade', incoming => {
    status = incoming.statusCode ?? 0;
    complete = switched = true;
  });
  outgoing.on('response', incoming => {
    status = incoming.statusCode ?? 0;
    incoming.on('error', fail);
    incoming.on('data', (bytes: Buffer) => {
      body += bytes.toString('latin1');
    });
    incoming.on('end', () => {
      complete = incoming.complete;
    });
  });
  outgoing.end();
  await turn();
  let unasked = false;
  for (const part of parts) {
    // Node lets go of a connection behind a complete answer and drops what comes then. RFC 9112, section 9.2, calls for
    // closing it, as delimitation has become ambiguous, and Plimsoll does so.
    if (wire.listenerCount('data') === 0) unasked = true;
    wire.push(part);
  }
  await turn();
  await turn();
  const byClose = !complete;
  const reusable = complete && !switched && !unasked && !wire.destroyed && !wire.writableEnded;
  if (!complete && fault === '') {
    wire.push(null);
    await turn();
    await turn();
  }
  wire.destroy();
  if (complete) return { outcome: 'complete', status, body, byClose, reusable };
  const isMalformed = fault.startsWith('HPE_') && fault !== 'HPE_INVALID_EOF_STATE';
  return { outcome: isMalformed ? 'malformed' : 'cut' };
}
