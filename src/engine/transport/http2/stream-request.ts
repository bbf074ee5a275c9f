import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import type { Micros } from '../../../model/units.ts';
import { boundedText, longestEntering } from '../../../safety/untrusted-text.ts';
import { never } from '../../request/clock.ts';
import type { Failure } from '../../request/outcome.ts';
import type { PreparedRequest } from '../../request/prepared-request.ts';
import type { Carrier, VirtualUser } from '../../request/virtual-user.ts';
import { StreamWatch } from '../../stream/stream-watch.ts';
import type { Connector } from '../connector.ts';
import { BodyStart, KeptBody } from '../http1/kept-body.ts';
import { answerHeadOf } from './message.ts';

/** The longest answer, in bytes, whose body is kept though nobody needs it. */
const longestOptional = 65_536;

/** What a request on a stream needs of its connection, and tells it: in the end exactly one of the last four. */
export interface StreamOwner {
  readonly connector: Pick<Connector, 'bodyRoom' | 'maxResponse' | 'signals' | 'keepsHeads'>;
  /** Notes that the server answers. */
  heard(): Micros;
  answered(user: VirtualUser, status: number, body: Buffer | null): void;
  lost(user: VirtualUser, failure: Failure): void;
  /** The stream has ended without an answer. */
  broken(user: VirtualUser, end: StreamEnd): void;
  cancelled(user: VirtualUser): void;
}

/** How a stream ended that got no answer. */
export interface StreamEnd {
  readonly error: NodeJS.ErrnoException | null;
  readonly code: number;
  readonly id: number;
}

/** A stream, and the request that listens to it: listeners that are all the same cost no closures. */
interface CarryingStream extends ClientHttp2Stream {
  request: StreamRequest;
}

/** One request and its answer, on a stream of their own. */
export class StreamRequest implements Carrier {
  readonly stream: CarryingStream;
  status = 0;
  readonly #connection: StreamOwner;
  readonly #request: PreparedRequest;
  #isOptional: boolean;
  readonly #uploads: boolean;
  #user: VirtualUser | null;
  #kept: KeptBody | null = null;
  /** What its header says of the length of the body; -1 where it says nothing. */
  #promised = -1;

  constructor(
    connection: StreamOwner,
    stream: ClientHttp2Stream,
    user: VirtualUser,
    request: PreparedRequest,
    uploads: boolean,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#user = user;
    this.#isOptional = !request.readsBody;
    this.#uploads = uploads;
    if (request.readsBody || (request.errorLook?.isDue() ?? false)) {
      this.#kept = new KeptBody(this.#isOptional ? null : connection.connector.bodyRoom);
    }
    if (request.stream !== null) {
      user.stream = new StreamWatch(request.stream, user, connection.connector.bodyRoom);
    }
    this.stream = Object.assign(stream, { request: this });
    stream.on('response', onResponse);
    stream.on('headers', onInformation);
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('error', onError);
    stream.on('close', onClose);
  }

  /** Cancels the stream without telling anybody; its neighbours go on. */
  destroy(): void {
    const user = this.#detach();
    if (user === null) return;
    this.stream.close(constants.NGHTTP2_CANCEL);
    this.#connection.cancelled(user);
  }

  /** An interim answer has come, or a part of the final one. */
  began(): void {
    const now = this.#connection.heard();
    const user = this.#user;
    if (user === null) return;
    user.readAt = now;
    if (user.firstByteAt !== never) return;
    user.firstByteAt = now;
    user.phase = 'body';
  }

  responded(headers: IncomingHttpHeaders, fields: readonly string[]): void {
    const user = this.#user;
    if (user === null) return;
    const connection = this.#connection;
    this.began();
    const { signals, keepsHeads } = connection.connector;
    this.status = Number(headers[':status']);
    const keepsBody = this.#kept !== null;
    if (this.status >= 400 && this.#kept === null) {
      this.#isOptional = false;
      this.#kept = new BodyStart();
    }
    const length = headers['content-length'];
    if (length !== undefined && !this.#request.headRequest && this.status !== 304) {
      this.#promised = Number(length);
    }
    const id = headers.traceparent ?? headers['x-request-id'];
    if (id !== undefined) user.requestId = boundedText(String(id), longestEntering);
    const keepsHead = this.#request.readsHead || keepsBody;
    if (!keepsHead && signals === null) return;
    const head = answerHeadOf(this.status, fields);
    user.stream?.begin(this.status, head);
    if (keepsHead || keepsHeads === 'all') user.answerHead = head;
    if (signals === null) return;
    user.signals ??= new Float64Array(signals.count);
    signals.read(head, user.signals);
  }

  received(bytes: Buffer): void {
    const user = this.#user;
    if (user === null) return;
    const connection = this.#connection;
    this.began();
    user.bytesReceived += bytes.length;
    if (user.bytesReceived > connection.connector.maxResponse) {
      const detail = `answer over ${connection.connector.maxResponse} bytes (maxResponse)`;
      this.#fail({ kind: 'malformed', phase: 'body', detail });
      return;
    }
    if (user.stream?.read(bytes, 0, bytes.length) === false) {
      const { kind, detail } = user.stream.lack ?? { kind: 'tooLarge', detail: '' };
      this.#fail({ kind, phase: 'body', detail });
      return;
    }
    if (this.#kept === null) return;
    if (this.#isOptional && user.bytesReceived > longestOptional) {
      this.#kept = null;
    } else if (!this.#kept.append(bytes, 0, bytes.length)) {
      const limit = connection.connector.bodyRoom?.limit;
      const detail = `no room for its body: those of all users may take ${limit} bytes together (maxBodies)`;
      this.#fail({ kind: 'tooLarge', phase: 'body', detail });
    }
  }

  /** The answer is over: whole, unless the stream was cut or less came than was promised. */
  ended(): void {
    const { stream } = this;
    const user = this.#user;
    if (user === null) return;
    const isShort = this.#promised >= 0 && user.bytesReceived !== this.#promised;
    // What was cut tells the reason as it closes.
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR || this.status === 0 || isShort) return;
    const body = this.#kept?.content ?? null;
    this.#detach();
    // An answer may come before the server has read the request (RFC 9113, section 8.1): it does not want the rest.
    if (this.#uploads && !stream.writableFinished && !stream.destroyed)
      stream.close(constants.NGHTTP2_CANCEL);
    this.#connection.answered(user, this.status, body);
  }

  failed(error: NodeJS.ErrnoException | null): void {
    const user = this.#user;
    if (user === null) return;
    const { id, rstCode } = this.stream;
    this.#detach();
    this.#connection.broken(user, { error, code: rstCode ?? 0, id: id ?? 0 });
  }

  #fail(failure: Failure): void {
    const user = this.#detach();
    if (user === null) return;
    this.stream.close(constants.NGHTTP2_CANCEL);
    this.#connection.lost(user, failure);
  }

  #detach(): VirtualUser | null {
    const user = this.#user;
    if (user === null) return null;
    this.#user = null;
    user.carrier = null;
    this.#kept?.release();
    this.#kept = null;
    user.stream?.release();
    return user;
  }
}

function onResponse(
  this: CarryingStream,
  headers: IncomingHttpHeaders,
  _flags: number,
  fields: readonly string[] = [],
): void {
  this.request.responded(headers, fields);
}

function onInformation(this: CarryingStream): void {
  this.request.began();
}

function onData(this: CarryingStream, bytes: Buffer): void {
  this.request.received(bytes);
}

function onEnd(this: CarryingStream): void {
  this.request.ended();
}

function onError(this: CarryingStream, error: NodeJS.ErrnoException): void {
  this.request.failed(error);
}

function onClose(this: CarryingStream): void {
  this.request.failed(null);
}
