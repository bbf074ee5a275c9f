import { request as requestHttp } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tls } from '../../model/run/plan.ts';

const pauseMs = 100;
const pollMs = 2_000;

/** The readiness request, and how it travels. */
export interface ReadinessRequest {
  readonly url: URL;
  readonly method: string;
  /** The Unix socket that it goes to instead of the URL's host and port. */
  readonly socketPath: string | null;
  /** What the URL's host was resolved to, once. */
  readonly addresses: readonly string[];
  /** The certificate to show where the server wants one. */
  readonly tls: Pick<Tls, 'certificate' | 'key' | 'serverName'>;
  /** The version of HTTP; 1.1 where it is left out. */
  readonly protocol?: 'http2' | undefined;
}

/** What came of the polls that were not answered with 2xx, each with how often. */
export interface ReadinessPolls {
  readonly statuses: Map<number, number>;
  /** Answers that are not HTTP/1.1. */
  malformed: number;
  /** Polls that were given up. */
  unanswered: number;
}

/** The book of a start-up that has not polled yet. */
export function noPolls(): ReadinessPolls {
  return { statuses: new Map(), malformed: 0, unanswered: 0 };
}

/**
 * Sends the request again and again until it is answered with any 2xx; rejects once `signal` is aborted. A poll that
 * has no answer after two seconds is given up, and what came of each is counted. Certificates are not verified: the question is only whether it answers.
 */
export async function untilReady(
  request: ReadinessRequest,
  polls: ReadinessPolls,
  signal: AbortSignal,
): Promise<void> {
  const isReady = request.protocol === 'http2' ? isReadyOverHttp2 : isReadyOverHttp1;
  while (!(await isReady(request, polls, signal))) await delay(pauseMs, undefined, { signal });
}

/** How the connection of a poll is made. */
function connectionOptions({ socketPath, addresses, tls }: ReadinessRequest) {
  return {
    rejectUnauthorized: false,
    lookup: resolvedTo(addresses),
    ...(tls.serverName === null ? {} : { servername: tls.serverName }),
    ...(tls.certificate === null || tls.key === null ? {} : { cert: tls.certificate, key: tls.key }),
    ...(socketPath === null ? {} : { socketPath, path: socketPath }),
  };
}

function count(status: number, { statuses }: ReadinessPolls): boolean {
  const isGood = status >= 200 && status < 300;
  if (!isGood) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  return isGood;
}

function isReadyOverHttp2(
  ready: ReadinessRequest,
  polls: ReadinessPolls,
  signal: AbortSignal,
): Promise<boolean> {
  const { url, method } = ready;
  return new Promise(resolve => {
    const session = connectHttp2(url.origin, connectionOptions(ready));
    const end = (isGood: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      session.destroy();
      resolve(isGood);
    };
    const giveUp = () => end(false);
    const timer = setTimeout(() => {
      polls.unanswered += 1;
      end(false);
    }, pollMs);
    signal.addEventListener('abort', giveUp, { once: true });
    session.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ERR_HTTP2_ERROR') polls.malformed += 1;
      end(false);
    });
    session.on('close', giveUp);
    const stream = session.request({ ':method': method, ':path': url.pathname + url.search });
    stream.on('error', () => {});
    stream.on('response', ({ ':status': status = 0 }) => end(count(status, polls)));
    stream.end();
  });
}

function isReadyOverHttp1(
  ready: ReadinessRequest,
  polls: ReadinessPolls,
  signal: AbortSignal,
): Promise<boolean> {
  const { url, method } = ready;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise(resolve => {
    const options = {
      method,
      agent: false,
      signal,
      ...connectionOptions(ready),
      path: url.pathname + url.search,
    };
    const request = send(url, options, response => {
      const { statusCode = 0 } = response;
      response.on('error', () => {});
      response.resume();
      resolve(count(statusCode, polls));
    });
    const timer = setTimeout(() => {
      polls.unanswered += 1;
      request.destroy();
    }, pollMs);
    request.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (code.startsWith('HPE_')) polls.malformed += 1;
      resolve(false);
    });
    request.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    request.end();
  });
}

/** Answers with the addresses that were checked, whatever the name means by now. */
function resolvedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map(address => ({ address, family: isIP(address) }));
  return (host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (first === undefined) callback(new Error(`no address for ${host}`), '', 0);
    else if (wantsAll) callback(null, all);
    else callback(null, first.address, first.family);
  };
}
