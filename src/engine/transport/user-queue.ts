import type { VirtualUser } from '../request/virtual-user.ts';

/** Users that wait for a connection, first come, first served; leaving from the middle costs no more than from the head. */
export class UserQueue {
  #head: VirtualUser | null = null;
  #tail: VirtualUser | null = null;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(user: VirtualUser): void {
    user.queuePrevious = this.#tail;
    user.queueNext = null;
    if (this.#tail) this.#tail.queueNext = user;
    else this.#head = user;
    this.#tail = user;
    this.#length += 1;
  }

  shift(): VirtualUser | null {
    const user = this.#head;
    if (user) this.remove(user);
    return user;
  }

  remove(user: VirtualUser): void {
    if (user.queuePrevious) user.queuePrevious.queueNext = user.queueNext;
    else this.#head = user.queueNext;
    if (user.queueNext) user.queueNext.queuePrevious = user.queuePrevious;
    else this.#tail = user.queuePrevious;
    user.queueNext = null;
    user.queuePrevious = null;
    this.#length -= 1;
  }
}
