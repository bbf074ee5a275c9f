import type { EncodedHistogram } from '../../model/run/record.ts';
import type { OpenWaits, WindowStream } from '../../model/run/window-stream.ts';
import type { Micros } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { StreamPiece } from '../stream/stream-notes.ts';
import { type Blocks, blockAt } from './blocks.ts';
import { OpenTimes } from './open-times.ts';

/** Times of one kind: of the window, and of each of its blocks. */
class BlockedTimes {
  readonly #all = new Histogram();
  readonly #open: (OpenTimes | undefined)[] = [];
  readonly #closed: EncodedHistogram[] = [];
  #cut = 0;
  #leastCutUs = Number.POSITIVE_INFINITY;

  add(block: number, time: Micros): void {
    this.#all.record(time);
    const open = this.#open[block] ?? new OpenTimes();
    this.#open[block] = open;
    open.add(time);
  }

  /** Adds a time that is only known to be at least so long. */
  addCut(block: number, time: Micros): void {
    this.add(block, time);
    this.#cut += 1;
    this.#leastCutUs = Math.min(this.#leastCutUs, Math.max(1, Math.floor(time)));
  }

  /** Encodes the blocks before this one. */
  closeBefore(block: number): void {
    while (this.#closed.length < block) {
      const open = this.#open[this.#closed.length];
      this.#open[this.#closed.length] = undefined;
      this.#closed.push(open === undefined ? Histogram.nothing() : open.close(times => times.encode()));
    }
  }

  get encoded(): EncodedHistogram {
    return this.#all.encode();
  }

  get cut(): OpenWaits {
    return { count: this.#cut, minUs: this.#cut > 0 ? this.#leastCutUs : 0 };
  }

  blocks(begun: number): readonly EncodedHistogram[] {
    return this.#closed.slice(0, begun);
  }
}

/** What was seen of the streamed answers of one endpoint in one window. */
export class StreamTally {
  readonly #blocks: Blocks;
  readonly #firstEvent = new BlockedTimes();
  readonly #gap = new BlockedTimes();
  readonly #blockEvents: number[];

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
    this.#blockEvents = new Array<number>(blocks.count).fill(0);
  }

  /** Adds a piece of a stream whose request was due in this window. */
  add({ due, firstUs, openFirstUs, openGapUs, gaps }: StreamPiece): void {
    const block = blockAt(this.#blocks, due);
    if (firstUs !== null) this.#firstEvent.add(block, firstUs);
    if (openFirstUs !== null) this.#firstEvent.addCut(block, openFirstUs);
    if (openGapUs !== null) this.#gap.addCut(block, openGapUs);
    for (const gap of gaps) this.#gap.add(block, gap as Micros);
  }

  /** Counts an event that came within this window, whichever stream it is of. */
  addEvent(at: Micros): void {
    const block = blockAt(this.#blocks, at);
    this.#blockEvents[block] = (this.#blockEvents[block] ?? 0) + 1;
  }

  /** How many blocks hold an event. */
  get begun(): number {
    return this.#blockEvents.findLastIndex(count => count > 0) + 1;
  }

  /** Encodes the blocks before this one; nothing more comes for them. */
  closeBefore(block: number): void {
    this.#firstEvent.closeBefore(block);
    this.#gap.closeBefore(block);
  }

  /** What the record says, in the blocks that had begun. */
  result(begun: number): WindowStream {
    return {
      firstEvent: this.#firstEvent.encoded,
      gap: this.#gap.encoded,
      cut: { firstEvent: this.#firstEvent.cut, gap: this.#gap.cut },
      blockFirstEvents: this.#firstEvent.blocks(begun),
      blockGaps: this.#gap.blocks(begun),
      blockEvents: this.#blockEvents.slice(0, begun),
    };
  }
}
