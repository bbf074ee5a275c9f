import type { WindowSignal } from '../../model/run/signal.ts';

/** Adds up one signal of one endpoint in one window. */
export class SignalTally {
  #told = 0;
  #sum = 0;
  readonly #blockTold: number[];
  readonly #blockSum: number[];

  constructor(blocks: number) {
    this.#blockTold = new Array<number>(blocks).fill(0);
    this.#blockSum = new Array<number>(blocks).fill(0);
  }

  /** Adds what an answer said; NaN of one that said nothing. */
  add(block: number, value: number): void {
    if (Number.isNaN(value)) return;
    this.#told += 1;
    this.#sum += value;
    this.#blockTold[block] = (this.#blockTold[block] ?? 0) + 1;
    this.#blockSum[block] = (this.#blockSum[block] ?? 0) + value;
  }

  /** What the record says of it, in the blocks that had begun. */
  result(begun: number): WindowSignal {
    return {
      told: this.#told,
      sum: this.#sum,
      blockTold: this.#blockTold.slice(0, begun),
      blockSum: this.#blockSum.slice(0, begun),
    };
  }
}
