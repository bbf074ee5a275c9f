import type { Plan } from '../../model/run/plan.ts';
import type { FailureSample } from '../../model/run/record.ts';
import { microsToMillis } from '../../model/units.ts';
import { boundedText, longestEntering } from '../../safety/untrusted-text.ts';
import type { Failure } from '../request/outcome.ts';
import type { VirtualUser } from '../request/virtual-user.ts';

/** How many samples of each endpoint's each kind of failure are kept. */
export const samplesPerKind = 3;

/** Passes on the first few failures of each endpoint and kind; a detail may quote the target, and is cut here. */
export class FailureSampler {
  readonly #plan: Plan;
  readonly #take: (sample: FailureSample) => void;
  readonly #taken = new Map<string, number>();

  constructor(plan: Plan, take: (sample: FailureSample) => void) {
    this.#plan = plan;
    this.#take = take;
  }

  offer(user: VirtualUser, { kind, phase, detail }: Failure, status: number): void {
    const endpoint = user.request?.endpoint ?? 0;
    const key = `${endpoint} ${kind}`;
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
    });
  }
}
