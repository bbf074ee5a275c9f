import { functionsOf } from '../code/user-functions.ts';
import type { Exchange } from '../model/run/exchange.ts';
import type { Plan } from '../model/run/plan.ts';
import { sendOnceAside } from './aside.ts';
import { type OnceEvents, type SentOnce, sendOnceHere } from './once-here.ts';
import { acceptingAddresses } from './transport/addresses.ts';
import { firstHop } from './transport/first-hop.ts';

export type { SentOnce } from './once-here.ts';

/** Where it is sent, and what ends it. */
export interface OnceTerms extends Pick<OnceEvents, 'onAnswer'> {
  readonly addresses: readonly string[];
  readonly interrupt?: AbortSignal | undefined;
}

/**
 * Makes each journey of a plan once, one after another, without think times; an interrupt ends it. Secrets are still in it.
 * Functions of the scenario run in a thread of their own.
 */
export async function sendOnce(plan: Plan, { addresses, interrupt, onAnswer }: OnceTerms): Promise<SentOnce> {
  const accepting = await acceptingAddresses(firstHop(plan), addresses);
  const exchanges: Exchange[] = [];
  const events: OnceEvents = {
    onExchange: exchange => exchanges.push(exchange),
    ...(onAnswer === undefined ? {} : { onAnswer }),
  };
  const isHere = plan.module === undefined || functionsOf(plan).length === 0;
  const rest = isHere
    ? await sendOnceHere(plan, accepting, events, interrupt)
    : await sendOnceAside(plan, accepting, events, interrupt);
  return { exchanges, ...rest };
}
