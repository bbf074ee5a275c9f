import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
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
  /** The certificate to show where the server wants one. */
  readonly tls: Pick<Tls, 'certificate' | 'key' | 'serverName'>;
}

/**
 * Sends the request again and again until it is answered with any 2xx; rejects once `signal` is aborted. A poll that
 * has no answer after two seconds is given up. Certificates are not verified: the question is only whether it answers.
 */
export async function untilReady(request: ReadinessRequest, signal: AbortSignal): Promise<void> {
  while (!(await isReady(request, signal))) await delay(pauseMs, undefined, { signal });
}

function isReady({ url, method, socketPath, tls }: ReadinessRequest, signal: AbortSignal): Promise<boolean> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise(resolve => {
    const options = {
      method,
      agent: false,
      signal,
      rejectUnauthorized: false,
      ...(socketPath === null ? {} : { socketPath }),
      ...(tls.serverName === null ? {} : { servername: tls.serverName }),
      ...(tls.certificate === null || tls.key === null ? {} : { cert: tls.certificate, key: tls.key }),
    };
    const request = send(url, options, response => {
      const { statusCode = 0 } = response;
      response.on('error', () => {});
      response.resume();
      resolve(statusCode >= 200 && statusCode < 300);
    });
    const timer = setTimeout(() => request.destroy(), pollMs);
    request.once('error', () => resolve(false));
    request.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    request.end();
  });
}
