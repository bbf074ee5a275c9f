import type { FailureKind } from '../../model/run/failure.ts';
import { type Micros, micros } from '../../model/units.ts';
import { boundedText, longestEntering } from '../../safety/untrusted-text.ts';
import { never } from '../request/clock.ts';
import { outcomeOfAnswer } from '../request/inspection.ts';
import { failed, type Outcome, timeoutDetail, unfinished } from '../request/outcome.ts';
import type { PreparedRequest } from '../request/prepared-request.ts';
import { VirtualUser } from '../request/virtual-user.ts';
import { type AnswerHead, type Client, refuseNegativeChunks } from './client.ts';
import { type SocketBook, SocketWatch, type WatchedSocketEvents } from './socket-watch.ts';

/** By these headers servers name a request. */
const identifies = /^(?:x-request-id|traceparent)$/i;

/** What the clients of a run share, and where they report to. */
export interface WatchOwner extends SocketBook {
  /** A journey's requests, which each client sends over and over. */
  readonly requests: readonly PreparedRequest[];
  /** The largest answer in bytes. */
  readonly maxResponse: number;
  /** Whether any byte of any answer has come. */
  heard: boolean;
  /** A journey's first request is about to be sent. */
  journey(watch: ClientWatch, due: Micros): void;
  /** A request ended; each one sent does so exactly once. */
  ended(user: VirtualUser, outcome: Outcome, status: number, now: Micros): void;
  /** The client will send nothing more. */
  gone(watch: ClientWatch): void;
}

/**
 * Follows one client of autocannon, which stands for one user, and finds out how each request that it sends ends. Its
 * events and those of its sockets together tell of every one; autocannon's own counters play no part.
 */
export class ClientWatch implements WatchedSocketEvents {
  readonly user: VirtualUser;
  readonly #client: Client;
  readonly #owner: WatchOwner;
  readonly #connect: () => void;
  #waiting: NodeJS.Timeout | undefined;
  #connection: SocketWatch | null = null;
  #made = 0;
  /** The status of the answer that is coming; 0 before its header has come. */
  #status = 0;
  /** Whether autocannon is reading what came. */
  #reading = false;
  /** What is wrong with the head of the answer that is coming. */
  #fault: string | null = null;

  constructor(number: number, client: Client, owner: WatchOwner) {
    this.user = new VirtualUser(number);
    this.#client = client;
    this.#owner = owner;
    refuseNegativeChunks(client.parser);
    client.on('request', this.#request);
    client.on('headers', this.#headed);
    client.on('response', this.#answered);
    client.on('done', this.#done);
    this.#connect = client._connect.bind(client);
    client._connect = this.#reconnect;
  }

  /** Lets no more than so many journeys start from here on. */
  limitTo(journeys: number): void {
    this.#client.responseMax = this.#made + journeys * this.#owner.requests.length;
  }

  /** Lets the journey under way be the last. */
  retire(): void {
    const { length } = this.#owner.requests;
    this.#client.responseMax = Math.ceil(this.#made / length) * length;
  }

  /** Lets the request under way be the last. */
  end(): void {
    if (this.user.phase === null) this.#client.destroy();
    else this.#client.responseMax = 1;
  }

  /** Ends at once; what is under way stays unfinished. */
  giveUp(): void {
    this.#settle(unfinished);
    this.#client.destroy();
  }

  reached(): void {
    this.user.phase = 'tls';
  }

  opened(): void {
    this.user.phase = 'firstByte';
    this.user.sentAt = this.#owner.clock();
    this.#owner.counts.sent += 1;
  }

  reading(length: number): void {
    const { user } = this;
    this.#reading = true;
    this.#owner.heard = true;
    if (user.firstByteAt === never) user.firstByteAt = this.#owner.clock();
    user.phase = 'body';
    user.bytesReceived += length;
  }

  read(connection: SocketWatch): void {
    this.#reading = false;
    if (connection !== this.#connection) {
      // What came behind the last answer of a connection is no part of the first one of the next.
      this.#client.parser.reinitialize('RESPONSE');
      return;
    }
    const fault = this.#client.parser.hadError ? 'not an HTTP answer' : this.#objection();
    if (fault === null) return;
    this.#settle(failed('malformed', 'body', fault));
    connection.socket.destroy(new Error(fault));
  }

  ended(): void {
    const { phase } = this.user;
    if (phase === 'body' && this.#client.parser.state === 'BODY_RAW') this.#answered();
    else if (phase === 'body') this.#settle(failed('closed', phase, 'closed amid the answer'));
    else if (phase === 'tls') this.#settle(failed('closed', phase, 'closed amid the TLS handshake'));
    else this.#settle(failed('closed', 'firstByte', 'closed without an answer'));
  }

  failed(kind: FailureKind, detail: string): void {
    this.#settle(failed(kind, this.user.phase ?? 'connect', detail));
  }

  readonly #request = (): void => {
    const { user } = this;
    const { clock, requests } = this.#owner;
    const now = clock();
    const step = this.#made % requests.length;
    const request = requests[step] as PreparedRequest;
    if (step === 0) this.#owner.journey(this, now);
    this.#made += 1;
    user.take(request, now, now);
    this.#fault = null;
    // Autocannon keeps no schedule that a request could be late by.
    user.lag = never;
    user.phase = 'connect';
    this.#client.timeout = request.timeout / 1_000;
    if (this.#connection) this.opened();
    else this.#connection = new SocketWatch(this.#client.conn, this.#owner, this);
  };

  readonly #headed = ({ statusCode, headers, shouldKeepAlive }: AnswerHead): void => {
    const { user } = this;
    // It would send another request for each of these, and so ever more at once.
    if (statusCode < 200) {
      throw new Error(`autocannon takes an interim answer (${statusCode}) for the answer: use engine: http`);
    }
    if (user.firstByteAt === never) throw new Error('autocannon got an answer that nobody asked for');
    this.#status = statusCode;
    const name = headers.findIndex((text, index) => index % 2 === 0 && identifies.test(text));
    const id = name === -1 ? undefined : headers[name + 1];
    user.requestId = id === undefined ? null : boundedText(id, longestEntering);
    // By itself it would send the next request on this connection, which is about to close.
    if (!shouldKeepAlive) this.#client.reconnectRate = 1;
    this.#delimit(statusCode);
  };

  /** Corrects where autocannon would look for the answer's end. */
  #delimit(status: number): void {
    const { parser } = this.#client;
    const length = parser.body_bytes;
    this.#fault = null;
    if (status === 204 || status === 304) {
      // These have no body, whatever length or coding they name; it would wait for one.
      parser.isChunked = false;
      parser.body_bytes = 0;
    } else if (length !== null && !(Number.isSafeInteger(length) && length >= 0)) {
      // It would go back by a negative length in what it has read.
      this.#fault = 'malformed content-length';
      this.#client.reconnectRate = 1;
      parser.body_bytes = 0;
    }
  }

  readonly #answered = (): void => {
    const now = this.#owner.clock();
    const objection = this.#objection();
    const outcome =
      objection === null
        ? outcomeOfAnswer(this.user, this.#status, null, now)
        : failed('malformed', 'body', objection);
    this.#settle(outcome, this.#status);
  };

  readonly #done = (): void => {
    clearTimeout(this.#waiting);
    this.#leaveConnection();
    this.#owner.gone(this);
  };

  /** Instead of at once, as autocannon would, it connects anew when a target that refused has been left alone for a while. */
  readonly #reconnect = (): void => {
    clearTimeout(this.#waiting);
    this.#leaveConnection();
    const waitMs = (this.#owner.backoff.until - this.#owner.clock()) / 1_000;
    if (waitMs > 0) this.#waiting = setTimeout(this.#reconnect, Math.ceil(waitMs));
    else this.#connect();
  };

  /** Autocannon has done with its connection: it failed, or announced its end with an answer, or took too long. */
  #leaveConnection(): void {
    const { user } = this;
    if (this.#reading && user.phase !== null) this.#answered();
    const patience = timeoutDetail(user.request?.timeout ?? micros(0));
    this.#settle(failed('timeout', user.phase ?? 'connect', patience));
    this.#connection?.close();
    this.#connection = null;
    this.#client.reconnectRate = 0;
    this.#client.parser.reinitialize('RESPONSE');
    this.#client.pipelinedRequests.clear();
  }

  /** Why an answer is malformed that autocannon accepts. */
  #objection(): string | null {
    const { maxResponse } = this.#owner;
    if (this.#fault !== null) return this.#fault;
    return this.user.bytesReceived > maxResponse ? `an answer of more than ${maxResponse} bytes` : null;
  }

  #settle(outcome: Outcome, status = 0): void {
    const { user } = this;
    if (user.phase === null) return;
    user.phase = null;
    this.#owner.ended(user, outcome, status, this.#owner.clock());
  }
}
