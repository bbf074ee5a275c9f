import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

const pauseMs = 100;
const pollMs = 2_000;

/**
 * Sends the request again and again until it is answered with any 2xx; rejects once `signal` is aborted. A poll that
 * has no answer after two seconds is given up. Certificates are not verified: the question is only whether it answers.
 */
export async function untilReady(url: URL, method: string, signal: AbortSignal): Promise<void> {
  while (!(await isReady(url, method, signal))) await delay(pauseMs, undefined, { signal });
}

function isReady(url: URL, method: string, signal: AbortSignal): Promise<boolean> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise(resolve => {
    const request = send(url, { method, agent: false, signal, rejectUnauthorized: false }, response => {
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
