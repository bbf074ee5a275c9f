import type { Plan } from '../../model/run/plan.ts';
import type { FailureSample } from '../../model/run/record.ts';
import { microsToMillis } from '../../model/units.ts';
import { boundedText, longestEntering } from '../../safety/untrusted-text.ts';
import { textOfBody } from '../answer/answer-body.ts';
import type { Failure } from '../request/outcome.ts';
import type { VirtualUser } from '../request/virtual-user.ts';

/** How many samples of each endpoint's each kind of failure are kept. */
export const samplesPerKind = 3;

/** Passes on the first few failures of each endpoint and kind; a detail may quote the target, and is cut here. */
export class FailureSampler {
  readonly #plan: Plan;
  readonly #take: (sample: FailureSample) => void;
  readonly #taken = new Map<string, number>();
  #body: Buffer | null = null;
  #head = '';

  constructor(plan: Plan, take: (sample: FailureSample) => void) {
    this.#plan = plan;
    this.#take = take;
  }

  /** What is known of the answer that is offered next. */
  answered(body: Buffer | null, head: string): void {
    this.#body = body;
    this.#head = head;
  }

  offer(user: VirtualUser, { kind, phase, detail }: Failure, status: number): void {
    const endpoint = user.request?.endpoint ?? 0;
    const key = `${endpoint} ${kind}`;
    const body = this.#body;
    this.#body = null;
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= samplesPerKind) return;
    this.#taken.set(key, taken + 1);
    this.#take({
      endpoint: this.#plan.endpoints[endpoint]?.name ?? '',
      kind,
      phase,
      dueMs: microsToMillis(user.due),
      status: status === 0 ? null : status,
      detail: user.withoutCaptured(boundedText(detail, longestEntering)),
      ...(body === null || body.length === 0 ? {} : { body: startOf(body, this.#head, user) }),
    });
  }
}

/** The start of a body as text; null where it is none. Only what is encoded has to be read as a whole. */
function startOf(body: Buffer, head: string, user: VirtualUser): string | null {
  const isCoded = /^content-encoding:/im.test(head);
  const part = isCoded ? body : body.subarray(0, longestEntering);
  const read = textOfBody(part, head, user.request?.maxBody ?? part.length);
  if (read.kind !== 'text') return null;
  // A character that is cut at the end is none that the body does not have.
  const text = read.text.slice(0, longestEntering).replace(/\ufffd$/, '');
  return /[\ufffd\0]/.test(text) ? null : user.withoutCaptured(text.toWellFormed());
}
