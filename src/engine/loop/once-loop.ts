import type { SeenAnswer } from '../../model/run/description.ts';
import type { Exchange } from '../../model/run/exchange.ts';
import type { Plan, SetCookie } from '../../model/run/plan.ts';
import type { Step } from '../../model/run/scenario.ts';
import { stepNumber } from '../../model/run/step-paths.ts';
import { type Micros, micros, microsToMillis, millis } from '../../model/units.ts';
import { textOfBody } from '../answer/answer-body.ts';
import { fieldIn } from '../answer/head-fields.ts';
import { targetIn } from '../form/origin.ts';
import { shownRequest } from '../form/shown-request.ts';
import type { Clock } from '../request/clock.ts';
import type { Outcome } from '../request/outcome.ts';
import type { VirtualUser } from '../request/virtual-user.ts';
import { LoadLoop, type LoadLoopEvents } from './load-loop.ts';
import { SampleLog } from './sample-log.ts';

/** So much of a body is shown. */
const longestShown = 2_000;

/** A plan by which one user makes one journey, without thinking, and all that it would pick of. */
function oneJourney(plan: Plan, journey: Plan['journeys'][number]): Plan {
  const hour = millis(3_600_000);
  const steps = journey.steps.map((step, index): Step => {
    if (step.kind === 'think') return { ...step, min: millis(0), max: millis(0) };
    const isOfPick = step.kind === 'pick' || (step.kind === 'goto' && step.leaves === 'oneOf');
    return isOfPick ? { kind: 'goto', to: index + 1, leaves: 'oneOf' } : step;
  });
  return {
    ...plan,
    journeys: [{ ...journey, steps }],
    load: {
      model: 'closed',
      warmup: millis(0),
      pacing: millis(0),
      stagger: 'none',
      iterations: 1,
      stages: [{ duration: hour, from: 1, to: 1 }],
    },
  };
}

/** A captured value: text, or JSON as it was written. */
export interface CapturedText {
  readonly text: string;
  readonly isJson: boolean;
}

/** Makes one journey once and tells of each of its exchanges, secrets and all. */
export class OnceLoop extends LoadLoop {
  /** What was captured last, by slot. */
  captured: readonly CapturedText[] = [];
  /** The cookies that the journey has. */
  cookies: readonly SetCookie[] = [];
  #body: Buffer | null = null;

  constructor(
    plan: Plan,
    journey: Plan['journeys'][number],
    addresses: readonly string[],
    clock: Clock,
    told: {
      exchange(exchange: Exchange): void;
      answer?: (answer: SeenAnswer) => void;
      done(): void;
    },
  ) {
    const order = {
      plan: oneJourney(plan, journey),
      addresses,
      pacing: 'economical',
      worker: 0,
      workers: 1,
      turns: null,
      keepsAnswers: true,
    } as const;
    const events: LoadLoopEvents = {
      log: new SampleLog(() => {}, plan.signals.length),
      failure: () => {},
      done: told.done,
      settled: (user, outcome, status, endedAt) => {
        this.captured = user.captured.map((text, slot) => ({
          text,
          isJson: user.capturedJson[slot] === true,
        }));
        this.cookies = user.cookies?.kept ?? [];
        if (status !== 0) told.answer?.(seen(user, status, this.#body));
        told.exchange(exchangeOf(plan, journey, user, outcome, { status, endedAt, body: this.#body }));
        this.#body = null;
      },
    };
    super(order, clock, events);
  }

  override answered(user: VirtualUser, status: number, body: Buffer | null, now: Micros): void {
    this.#body = body;
    super.answered(user, status, body, now);
  }

  override lost(...[user, failure, now]: Parameters<LoadLoop['lost']>): void {
    this.#body = null;
    super.lost(user, failure, now);
  }
}

function exchangeOf(
  plan: Plan,
  journey: Plan['journeys'][number],
  user: VirtualUser,
  outcome: Outcome,
  {
    status,
    endedAt,
    body,
  }: { readonly status: number; readonly endedAt: Micros; readonly body: Buffer | null },
): Exchange {
  const step = journey.steps[user.position];
  const captures = step?.kind === 'request' ? step.captures : [];
  const isRead = outcome.kind === 'ok' && user.detour === null;
  return {
    journey: journey.name,
    step: stepNumber(journey.steps, user.position),
    endpoint: plan.endpoints[user.request?.endpoint ?? -1]?.name ?? '',
    request: user.bytes === null ? '' : cut(shownRequest(user.bytes, user.request?.files ?? [])),
    answer:
      status === 0
        ? null
        : { status, head: user.answerHead.trimEnd(), body: bodyText(body, user), bytes: user.bytesReceived },
    serviceMs: user.sentAt < 0 ? null : microsToMillis(micros(endedAt - user.sentAt)),
    ...(user.stream === null ? {} : { stream: user.stream.seen }),
    failure:
      outcome.kind === 'failed' ? { kind: outcome.failure.kind, detail: outcome.failure.detail } : null,
    captured: isRead
      ? captures.map(({ name, slot }) => ({ name, value: cut(user.captured[slot] ?? '', 200) }))
      : [],
  };
}

function seen(user: VirtualUser, status: number, body: Buffer | null): SeenAnswer {
  const { bytes, request, answerHead } = user;
  const head = bytes?.toString('latin1', 0, 65_536) ?? '';
  const unread = (reason: string) => ({ kind: 'unread', reason }) as const;
  const read = body && textOfBody(body, answerHead, request?.maxBody ?? body.length);
  return {
    method: head.slice(0, head.indexOf(' ')),
    target: targetIn(head),
    status,
    contentType: fieldIn(answerHead.toLowerCase(), 'content-type') ?? null,
    body:
      read === null ? unread('its body is over 64 KiB') : read.kind === 'text' ? read : unread(read.fault),
  };
}

function bodyText(body: Buffer | null, { answerHead, request }: VirtualUser): string | null {
  if (body === null) return null;
  const read = textOfBody(body, answerHead, request?.maxBody ?? body.length);
  return read.kind === 'text' && !read.text.slice(0, longestShown).includes('\ufffd') ? cut(read.text) : null;
}

function cut(text: string, most = longestShown): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
