import { parentPort, workerData } from 'node:worker_threads';
import { loadFunctions } from '../code/user-functions.ts';
import type { UserModule } from '../model/code/user-module.ts';
import type { SeenAnswer } from '../model/run/description.ts';
import type { Exchange } from '../model/run/exchange.ts';
import type { Plan } from '../model/run/plan.ts';
import { type OnceEvents, type SentOnce, sendOnceHere } from './once-here.ts';
import { sampleRequests } from './request/sample-request.ts';

/** What is done beside a load, with functions of the scenario. */
export interface AsideTask {
  readonly kind: 'once' | 'samples';
  readonly plan: Plan;
  readonly module: UserModule;
  readonly addresses: readonly string[];
  readonly wantsAnswers: boolean;
  readonly calls: SharedArrayBuffer;
}

/** What comes of it. */
export type AsideNews =
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'answer'; readonly answer: SeenAnswer }
  | ({ readonly kind: 'sent' } & Omit<SentOnce, 'exchanges'>)
  | { readonly kind: 'samples'; readonly samples: ReturnType<typeof sampleRequests> };

const tell = (news: AsideNews) => parentPort?.postMessage(news);
const { kind, plan, module, addresses, wantsAnswers, calls } = workerData as AsideTask;
const interrupt = new AbortController();
parentPort?.once('message', () => interrupt.abort());

await loadFunctions(plan, module, calls);
if (kind === 'samples') tell({ kind, samples: sampleRequests(plan) });
else {
  const events: OnceEvents = {
    onExchange: exchange => tell({ kind: 'exchange', exchange }),
    ...(wantsAnswers ? { onAnswer: answer => tell({ kind: 'answer', answer }) } : {}),
  };
  tell({ kind: 'sent', ...(await sendOnceHere(plan, addresses, events, interrupt.signal)) });
}
