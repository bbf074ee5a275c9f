import type { IncomingMessage } from 'node:http';
import { PlimsollError, problem } from '../../../model/error.ts';
import type { ProxyRules } from '../../../model/run/plan.ts';
import { tooLarge } from '../../../safety/bounded-file.ts';
import { textOf } from '../../source/text-file.ts';
import { proxiedAnswer, proxyOf } from './proxied-answer.ts';

/** How long a URL may take in all. */
const timeoutMs = 20_000;

/** The text behind an http or https URL, of so many bytes at most; what else it is, is `import.fetch-failed`. */
export async function fetchText(
  url: string,
  shown: string,
  most: number,
  proxies?: ProxyRules,
): Promise<string> {
  const { protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw failed(shown, `${protocol}//`, 'an http or https URL, or a file');
  }
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, body } =
      proxyOf(url, proxies) === null
        ? await fetch(url, { signal })
        : answerOf(await proxiedAnswer(url, proxies, signal));
    if (status < 200 || status > 299) throw failed(shown, `status ${status}`);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of body ?? []) {
      size += part.byteLength;
      if (size > most) throw tooLarge(shown, 'more than that', most);
      parts.push(part);
    }
    return textOf(Buffer.concat(parts), shown);
  } catch (cause) {
    if (cause instanceof PlimsollError) throw cause;
    const { name, message, cause: inner } = cause as Error;
    const found =
      name === 'TimeoutError' || name === 'AbortError'
        ? `no whole answer within ${timeoutMs / 1_000} s`
        : reasonOf(inner, message);
    throw failed(shown, found);
  }
}

const answerOf = (answer: IncomingMessage) => ({
  status: answer.statusCode ?? 0,
  body: answer as AsyncIterable<Uint8Array>,
});

function reasonOf(inner: unknown, message: string): string {
  const { code } = (inner ?? {}) as NodeJS.ErrnoException;
  return code === undefined ? message : `${message} (${code})`;
}

function failed(where: string, found: string, expected = 'an answer with the description') {
  return problem('import.fetch-failed', { where, found, expected });
}
