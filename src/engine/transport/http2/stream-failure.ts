import { constants } from 'node:http2';
import { detailOf, type Failure, failureKindOf } from '../../request/outcome.ts';

/** The error codes of RFC 9113, section 7, by their numbers. */
const names = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

/** An error code as RFC 9113 calls it. */
export function errorName(code: number): string {
  return names[code] ?? `error ${code}`;
}

/** What is known of a stream that got no complete answer. */
export interface LostStream {
  readonly code: number;
  readonly error: NodeJS.ErrnoException | null;
  /** Whether any of its answer came. */
  readonly hasBegun: boolean;
  /** What the server said as it ended the connection; null where it said nothing. */
  readonly goaway: number | null;
  /** Whether the connection is gone. */
  readonly isCutOff: boolean;
  readonly secure: boolean;
}

/** Why a stream got no complete answer. */
export function streamFailure({ code, error, hasBegun, goaway, isCutOff, secure }: LostStream): Failure {
  const phase = hasBegun ? 'body' : 'firstByte';
  const when = hasBegun ? 'amid the answer' : 'without an answer';
  if (error?.code === 'ERR_HTTP2_ERROR') {
    return { kind: 'malformed', phase, detail: `no HTTP/2: ${error.message}` };
  }
  const isOwn = error === null || error.code?.startsWith('ERR_HTTP2_') === true;
  if (!isOwn) return { kind: failureKindOf(error, secure), phase, detail: detailOf(error) };
  if (goaway !== null && goaway !== constants.NGHTTP2_NO_ERROR) {
    return { kind: 'closed', phase, detail: `closed ${when}: GOAWAY ${errorName(goaway)}` };
  }
  if (isCutOff || code === constants.NGHTTP2_NO_ERROR) {
    return { kind: 'closed', phase, detail: `closed ${when}` };
  }
  if (code === constants.NGHTTP2_REFUSED_STREAM) {
    return { kind: 'refused', phase, detail: 'the server refused the stream (REFUSED_STREAM)' };
  }
  // Node tells of a frame or a header that is malformed only by the code with which it ends the stream itself.
  const kind = code === constants.NGHTTP2_PROTOCOL_ERROR ? 'malformed' : 'reset';
  return { kind, phase, detail: `the stream was reset ${when}: RST_STREAM ${errorName(code)}` };
}
