import type { SlowRequest } from '../../model/run/record.ts';
import { micros, microsToMillis } from '../../model/units.ts';
import type { VirtualUser } from '../request/virtual-user.ts';

/** How many of the slowest requests a run keeps. */
const slowestKept = 20;

/** Keeps the slowest requests seen so far; asking costs one comparison for all the others. */
export class Slowest {
  readonly #endpoints: readonly string[];
  readonly #kept: SlowRequest[] = [];
  #thresholdUs = 0;

  constructor(endpoints: readonly string[]) {
    this.#endpoints = endpoints;
  }

  /** Slowest first. */
  get all(): readonly SlowRequest[] {
    return [...this.#kept].sort((a, b) => b.responseMs - a.responseMs).slice(0, slowestKept);
  }

  offer(user: VirtualUser, status: number, endedAt: number): void {
    const responseUs = endedAt - user.due;
    if (responseUs <= this.#thresholdUs) return;
    this.#kept.push({
      endpoint: this.#endpoints[user.request?.endpoint ?? -1] ?? '',
      dueMs: microsToMillis(user.due),
      responseMs: microsToMillis(micros(responseUs)),
      serviceMs: user.sentAt < 0 ? null : microsToMillis(micros(endedAt - user.sentAt)),
      status: status === 0 ? null : status,
      requestId: user.requestId === null ? null : user.withoutCaptured(user.requestId),
    });
    if (this.#kept.length < 8 * slowestKept) return;
    const kept = this.all;
    this.#kept.splice(0, this.#kept.length, ...kept);
    this.#thresholdUs = (kept.at(-1)?.responseMs ?? 0) * 1_000;
  }
}

/** The slowest of several workers' slowest. */
export function slowestOf(lists: readonly (readonly SlowRequest[])[]): readonly SlowRequest[] {
  return lists
    .flat()
    .sort((a, b) => b.responseMs - a.responseMs)
    .slice(0, slowestKept);
}
