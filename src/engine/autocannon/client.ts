import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/**
 * One connection's client in autocannon 9.0.0, which is pinned since not all of this is documented. It emits `request`
 * right before it writes one, `headers` and `response` as an answer comes, and `done` when it will send nothing more. It
 * says nothing of an answer behind which it connects anew by `reconnectRate`, nor of a connection that the server closes.
 */
export interface Client extends EventEmitter {
  /** The socket of the latest connection. */
  readonly conn: Socket;
  /** In milliseconds; read each time a request is sent. */
  timeout: number;
  /** Once so many requests were sent, the client ends instead of sending another. */
  responseMax: number;
  /** After how many answers the client connects anew; 0 for never. */
  reconnectRate: number;
  /** Reads the answers of one connection after the other, and by itself begins no new answer with a new one. */
  readonly parser: Parser;
  /** Requests that await their answers, those on connections that are gone included. */
  readonly pipelinedRequests: { clear(): void };
  /** Makes a connection and sends a request on it; called whenever the client wants another connection. */
  _connect(): void;
  /** Ends the client and closes its connection at once. */
  destroy(): void;
}

/** The parser of http-parser-js, as far as its laxness is corrected. */
export interface Parser {
  readonly hadError: boolean;
  /** `BODY_RAW` amid a body that ends with its connection. */
  readonly state: string;
  /** Bytes of the body, or of the chunk, that are still to come; null where the connection's end delimits the body. */
  body_bytes: number | null;
  isChunked: boolean;
  /** Reads a chunk's size; an error that it throws is the answer's. */
  BODY_CHUNKHEAD(): void;
  reinitialize(type: 'RESPONSE'): void;
}

/** Lets a parser refuse chunks of a negative size, over which it would loop for ever. */
export function refuseNegativeChunks(parser: Parser): void {
  const read = parser.BODY_CHUNKHEAD;
  parser.BODY_CHUNKHEAD = () => {
    read.call(parser);
    if ((parser.body_bytes ?? 0) < 0) throw new Error('malformed chunk size');
  };
}

/** What `headers` tells of an answer. */
export interface AnswerHead {
  readonly statusCode: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly shouldKeepAlive: boolean;
}
