import type { Micros } from '../../model/units.ts';

/** Appointments at exact moments, earliest first: a binary heap. Equal moments keep no particular order. */
export class TimerQueue<Item> {
  readonly #moments: Micros[] = [];
  readonly #items: Item[] = [];

  /** The earliest moment; undefined where nothing is planned. */
  get next(): Micros | undefined {
    return this.#moments[0];
  }

  get size(): number {
    return this.#moments.length;
  }

  add(moment: Micros, item: Item): void {
    const moments = this.#moments;
    const items = this.#items;
    let at = moments.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentMoment = moments[parent] as Micros;
      if (parentMoment <= moment) break;
      moments[at] = parentMoment;
      items[at] = items[parent] as Item;
      at = parent;
    }
    moments[at] = moment;
    items[at] = item;
  }

  /** Takes out the earliest item. */
  take(): Item | undefined {
    const moments = this.#moments;
    const items = this.#items;
    const first = items[0];
    const moment = moments.pop();
    const item = items.pop();
    if (moments.length === 0 || moment === undefined) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= moments.length) break;
      if (child + 1 < moments.length && (moments[child + 1] as Micros) < (moments[child] as Micros))
        child += 1;
      if ((moments[child] as Micros) >= moment) break;
      moments[at] = moments[child] as Micros;
      items[at] = items[child] as Item;
      at = child;
    }
    moments[at] = moment;
    items[at] = item as Item;
    return first;
  }

  /** Drops whatever is planned for this moment or later. */
  dropFrom(moment: Micros): void {
    const kept = this.#moments.flatMap((at, index) =>
      at < moment ? [{ at, item: this.#items[index] as Item }] : [],
    );
    this.clear();
    for (const { at, item } of kept) this.add(at, item);
  }

  clear(): void {
    this.#moments.length = 0;
    this.#items.length = 0;
  }
}
