import { Worker } from 'node:worker_threads';
import { CallWatch } from '../code/call-watch.ts';
import { functionsOf } from '../code/user-functions.ts';
import { problem } from '../model/error.ts';
import type { Plan } from '../model/run/plan.ts';
import type { AsideNews, AsideTask } from './aside-thread.ts';
import type { OnceEvents, SentOnce } from './once-here.ts';
import { sampleRequests } from './request/sample-request.ts';

const watchMs = 250;
/** An interrupt ends the thread where it does not end by itself. */
const graceMs = 1_000;

type Last = Extract<AsideNews, { readonly kind: 'sent' | 'samples' }>;

/** Sends each step once in a thread that imports the functions of the scenario; one that hangs is `module.hung`. */
export async function sendOnceAside(
  plan: Plan,
  addresses: readonly string[],
  events: OnceEvents,
  interrupt: AbortSignal | undefined,
): Promise<Omit<SentOnce, 'exchanges'>> {
  const task = { kind: 'once', plan, addresses, wantsAnswers: events.onAnswer !== undefined } as const;
  const last = await aside(task, events, interrupt);
  return last?.kind === 'sent' ? last : { captured: [], secrets: [], cookies: [] };
}

/** The first request to each endpoint as text; functions of the scenario run in a thread of their own. */
export async function sampleRequestsOf(plan: Plan): Promise<ReturnType<typeof sampleRequests>> {
  if (plan.module === undefined || functionsOf(plan).length === 0) return sampleRequests(plan);
  const task = { kind: 'samples', plan, addresses: [], wantsAnswers: false } as const;
  const last = await aside(task, { onExchange: () => {} }, undefined);
  return last?.kind === 'samples' ? last.samples : [];
}

/** Null where an interrupt came first. */
async function aside(
  task: Omit<AsideTask, 'calls' | 'module'>,
  events: OnceEvents,
  interrupt: AbortSignal | undefined,
): Promise<Last | null> {
  const { plan } = task;
  const { module } = plan;
  if (module === undefined) throw new Error('a plan without a module has no functions');
  const calls = new CallWatch(plan);
  const file = import.meta.url.endsWith('.ts') ? './aside-thread-from-source.mjs' : './aside-thread.js';
  const workerData: AsideTask = { ...task, module, calls: calls.memory };
  const worker = new Worker(new URL(file, import.meta.url), { workerData, name: 'plimsoll-aside' });
  const timers: NodeJS.Timeout[] = [];
  let stop = () => {};
  try {
    return await new Promise<Last | null>((resolve, reject) => {
      const hung = (found: string) => problem('module.hung', { where: plan.file ?? plan.scenario, found });
      worker.on('message', (news: AsideNews) => {
        if (news.kind === 'exchange') events.onExchange(news.exchange);
        else if (news.kind === 'answer') events.onAnswer?.(news.answer);
        else resolve(news);
      });
      worker.once('error', error => reject(hung(error instanceof Error ? error.message : String(error))));
      worker.once('exit', () => reject(hung('its thread ended')));
      timers.push(
        setInterval(() => {
          const found = calls.hung();
          if (found !== null) reject(hung(found));
        }, watchMs),
      );
      stop = () => {
        worker.postMessage('stop');
        timers.push(setTimeout(() => resolve(null), graceMs));
      };
      interrupt?.addEventListener('abort', stop, { once: true });
      if (interrupt?.aborted) stop();
    });
  } finally {
    interrupt?.removeEventListener('abort', stop);
    for (const timer of timers) clearTimeout(timer);
    await worker.terminate();
  }
}
