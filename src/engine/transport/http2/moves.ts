import type { Micros } from '../../../model/units.ts';
import type { VirtualUser } from '../../request/virtual-user.ts';

/** So often a request goes to another connection because the server ended the one before without looking at it. */
const mostMoves = 3;

/** Counts how often requests were moved. */
export class Moves {
  /** By user, its request that was moved last, by when it was due, and how often. */
  readonly #latest = new WeakMap<VirtualUser, { readonly due: Micros; readonly times: number }>();

  /** Whether a user's request may go to yet another connection, which counts as a move then. */
  allows(user: VirtualUser): boolean {
    const before = this.#latest.get(user);
    const times = before?.due === user.due ? before.times + 1 : 1;
    if (times > mostMoves) return false;
    this.#latest.set(user, { due: user.due, times });
    return true;
  }
}
