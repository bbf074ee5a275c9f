import type { SeenAnswer } from '../model/run/description.ts';
import type { Exchange } from '../model/run/exchange.ts';
import type { Plan, SetCookie } from '../model/run/plan.ts';
import { type CapturedText, OnceLoop } from './loop/once-loop.ts';
import { clockFrom, sharedNow } from './request/clock.ts';

/** What is sent once, what it captured, and what was learned of secrets in it. */
export interface SentOnce {
  readonly exchanges: readonly Exchange[];
  /** By slot of the last journey. */
  readonly captured: readonly CapturedText[];
  readonly secrets: readonly string[];
  /** Those that the last journey has. */
  readonly cookies: readonly SetCookie[];
}

/** Who hears of it as it goes. */
export interface OnceEvents {
  readonly onExchange: (exchange: Exchange) => void;
  /** Each whole answer as it came. */
  readonly onAnswer?: (answer: SeenAnswer) => void;
}

/** Makes each journey of a plan once, in this thread. */
export async function sendOnceHere(
  plan: Plan,
  accepting: readonly string[],
  { onExchange, onAnswer }: OnceEvents,
  interrupt?: AbortSignal,
): Promise<Omit<SentOnce, 'exchanges'>> {
  const secrets: string[] = [];
  let captured: readonly CapturedText[] = [];
  let cookies: readonly SetCookie[] = [];
  for (const journey of plan.journeys) {
    if (interrupt?.aborted) break;
    const { promise, resolve } = ending();
    const loop = new OnceLoop(plan, journey, accepting, clockFrom(sharedNow()), {
      exchange: onExchange,
      done: resolve,
      ...(onAnswer === undefined ? {} : { answer: onAnswer }),
    });
    const stop = () => loop.stop(0);
    interrupt?.addEventListener('abort', stop, { once: true });
    loop.start();
    await promise;
    interrupt?.removeEventListener('abort', stop);
    secrets.push(...loop.learned());
    captured = loop.captured;
    cookies = loop.cookies;
  }
  return { captured, secrets, cookies };
}

/** Node 20 has no `Promise.withResolvers`. */
function ending(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
