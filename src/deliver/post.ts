/** What is sent to a receiver. */
export interface Posted {
  readonly url: URL;
  readonly method: 'POST' | 'PUT';
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** Why a receiver did not take what was sent to it; the text is its own, and may quote the URL. */
export class NotDelivered extends Error {}

/** How long a receiver has to answer. */
export const mostDeliveryMs = 10_000;
/** How much of a refusal is read. */
const mostRefusal = 2_000;

/** Sends a text to a receiver; throws `NotDelivered` unless it answers with a 2xx status within `mostMs`. */
export async function post({ url, method, headers, body }: Posted, mostMs = mostDeliveryMs): Promise<void> {
  const { username, password } = url;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  let answer: Response;
  let refusal: string;
  try {
    const credentials = Buffer.from(decodeURIComponent(`${username}:${password}`)).toString('base64');
    answer = await fetch(bare, {
      method,
      headers: { ...(username === '' ? {} : { authorization: `Basic ${credentials}` }), ...headers },
      body,
      // A redirect could take the message, or a secret in its headers, to somebody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(mostMs),
    });
    refusal = answer.ok ? '' : await startOf(answer);
    // Whatever else the answer says is not waited for.
    await answer.body?.cancel().catch(() => {});
  } catch (error) {
    throw new NotDelivered(reasonOf(error, mostMs));
  }
  if (!answer.ok)
    throw new NotDelivered(`it answered ${answer.status}${refusal === '' ? '' : `: ${refusal}`}`);
}

async function startOf(answer: Response): Promise<string> {
  if (answer.body === null) return '';
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  let text = '';
  while (text.length < mostRefusal) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return text.slice(0, mostRefusal).trim();
}

function reasonOf(error: unknown, mostMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${mostMs / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
