import { type Micros, micros } from '../../model/units.ts';

/** Something with a deadline; the links belong to the wheel. */
export interface Expiring {
  deadline: Micros;
  wheelNext: Expiring | null;
  wheelPrevious: Expiring | null;
}

/** A power of two, so that a mask finds an entry's slot. */
const slotCount = 512;
const lastSlot = slotCount - 1;
const slotUs = 8_192;

/**
 * A coarse timer wheel: adding and removing cost a few assignments, however many requests are under way. An entry
 * expires within one slot (8 ms) after its deadline; entries further away than one turn wait for later turns.
 */
export class Deadlines<Entry extends Expiring> {
  readonly #slots: Expiring[] = Array.from({ length: slotCount }, emptySlot);
  #slotDone = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(entry: Entry): void {
    const slot = Math.max(Math.ceil(entry.deadline / slotUs), this.#slotDone + 1);
    const head = this.#slots[slot & lastSlot] as Expiring;
    entry.wheelPrevious = head;
    entry.wheelNext = head.wheelNext;
    if (head.wheelNext) head.wheelNext.wheelPrevious = entry;
    head.wheelNext = entry;
    this.#size += 1;
  }

  remove(entry: Entry): void {
    const previous = entry.wheelPrevious;
    if (!previous) return;
    previous.wheelNext = entry.wheelNext;
    if (entry.wheelNext) entry.wheelNext.wheelPrevious = previous;
    entry.wheelPrevious = null;
    entry.wheelNext = null;
    this.#size -= 1;
  }

  /** When to call `expire` next. */
  nextCheck(): Micros {
    return micros((this.#slotDone + 1) * slotUs);
  }

  /** Removes every entry whose deadline has passed and hands it over. */
  expire(now: Micros, expired: (entry: Entry) => void): void {
    const current = Math.floor(now / slotUs);
    if (current - this.#slotDone > slotCount) this.#slotDone = current - slotCount;
    while (this.#slotDone < current) {
      this.#slotDone += 1;
      let entry = this.#slots[this.#slotDone & lastSlot]?.wheelNext ?? null;
      while (entry) {
        const next: Expiring | null = entry.wheelNext;
        if (entry.deadline <= now) {
          this.remove(entry as Entry);
          expired(entry as Entry);
        }
        entry = next;
      }
    }
  }
}

function emptySlot(): Expiring {
  return { deadline: micros(0), wheelNext: null, wheelPrevious: null };
}
