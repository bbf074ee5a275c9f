import type { Exchange } from '../model/run/exchange.ts';
import type { Plan } from '../model/run/plan.ts';
import { OnceLoop } from './loop/once-loop.ts';
import { clockFrom, sharedNow } from './request/clock.ts';
import { acceptingAddresses } from './transport/addresses.ts';

/** What is sent once, and what was learned of secrets in it. */
export interface SentOnce {
  readonly exchanges: readonly Exchange[];
  readonly secrets: readonly string[];
}

/** Makes each journey of a plan once, one after another, without think times; an interrupt ends it. Secrets are still in it. */
export async function sendOnce(
  plan: Plan,
  options: { readonly addresses: readonly string[]; readonly interrupt?: AbortSignal | undefined },
): Promise<SentOnce> {
  const addresses = await acceptingAddresses(plan.target, options.addresses);
  const exchanges: Exchange[] = [];
  const secrets: string[] = [];
  const { interrupt } = options;
  for (const journey of plan.journeys) {
    if (interrupt?.aborted) break;
    const { promise, resolve } = ending();
    const loop = new OnceLoop(plan, journey, addresses, clockFrom(sharedNow()), {
      exchange: exchange => exchanges.push(exchange),
      done: resolve,
    });
    const stop = () => loop.stop(0);
    interrupt?.addEventListener('abort', stop, { once: true });
    loop.start();
    await promise;
    interrupt?.removeEventListener('abort', stop);
    secrets.push(...loop.learned());
  }
  return { exchanges, secrets };
}

/** Node 20 has no `Promise.withResolvers`. */
function ending(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
