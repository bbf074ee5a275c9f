import type { FailureKind } from '../../model/run/failure.ts';
import type { EncodedHistogram, EndpointWindow } from '../../model/run/record.ts';
import { type Micros, micros } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { StreamPiece } from '../stream/stream-notes.ts';
import { type Blocks, blockAt } from './blocks.ts';
import { LateTimes } from './late-times.ts';
import { OpenTimes } from './open-times.ts';
import type { Sample } from './sample.ts';
import { SignalTally } from './signal-tally.ts';
import { StreamTally } from './stream-tally.ts';

/** Counts and distributions of one endpoint in one window. */
export class EndpointTally {
  readonly #blocks: Blocks;
  readonly #failed: { [kind in FailureKind]?: number } = {};
  readonly #statuses: { [status: string]: number } = {};
  readonly #response = new Histogram();
  readonly #service = new Histogram();
  readonly #firstByte = new Histogram();
  readonly #failedTimes = new Histogram();
  readonly #late = new LateTimes();
  /** Response times of blocks that are still open, and the encoded histograms of those that are not. */
  readonly #open: (OpenTimes | undefined)[] = [];
  readonly #closed: EncodedHistogram[] = [];
  readonly #blockDue: number[];
  readonly #blockErrors: number[];
  readonly #blockCompleted: number[];
  readonly #signals: readonly (readonly [name: string, tally: SignalTally])[];
  #streams: StreamTally | null = null;
  #due = 0;
  #ok = 0;
  #unfinished = 0;
  #bytes = 0;
  #completedOk = 0;
  #censored = 0;
  #censoredMinUs = Number.POSITIVE_INFINITY;

  constructor(blocks: Blocks, signals: readonly string[]) {
    this.#blocks = blocks;
    this.#blockDue = new Array<number>(blocks.count).fill(0);
    this.#blockErrors = new Array<number>(blocks.count).fill(0);
    this.#blockCompleted = new Array<number>(blocks.count).fill(0);
    this.#signals = signals.map(name => [name, new SignalTally(blocks.count)]);
  }

  /** Adds a request that was due in this window. */
  add(sample: Sample): void {
    const { due, sentAt, firstByteAt, endedAt, outcome, status } = sample;
    const responseUs = micros(endedAt - due);
    const serviceUs = micros(endedAt - sentAt);
    const block = blockAt(this.#blocks, due);
    this.#due += 1;
    this.#blockDue[block] = (this.#blockDue[block] ?? 0) + 1;
    this.#bytes += sample.bytes;
    if (status !== 0) this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    for (let index = 0; index < this.#signals.length; index += 1) {
      this.#signals[index]?.[1].add(block, sample.signals?.[index] ?? Number.NaN);
    }
    if (outcome !== 'ok') this.#blockErrors[block] = (this.#blockErrors[block] ?? 0) + 1;
    if (outcome === 'ok') {
      this.#ok += 1;
      if (firstByteAt >= 0) this.#firstByte.record(micros(firstByteAt - sentAt));
    } else if (outcome === 'unfinished') {
      this.#unfinished += 1;
    } else {
      this.#failed[outcome] = (this.#failed[outcome] ?? 0) + 1;
      if (outcome !== 'timeout') {
        this.#failedTimes.record(responseUs);
        return;
      }
    }
    if (outcome !== 'ok') {
      this.#censored += 1;
      this.#censoredMinUs = Math.min(this.#censoredMinUs, Math.max(1, Math.floor(responseUs)));
    }
    this.#response.record(responseUs);
    this.#late.add(responseUs, sample.lag, outcome !== 'ok');
    if (sentAt >= 0) this.#service.record(serviceUs);
    const open = this.#open[block] ?? new OpenTimes();
    this.#open[block] = open;
    open.add(responseUs);
  }

  /** Counts an ok answer that came within this window, whenever it was due. */
  addCompleted(at: Micros): void {
    const block = blockAt(this.#blocks, at);
    this.#completedOk += 1;
    this.#blockCompleted[block] = (this.#blockCompleted[block] ?? 0) + 1;
  }

  /** Adds what was seen of a stream whose request was due in this window. */
  addStream(piece: StreamPiece): void {
    this.#streams ??= new StreamTally(this.#blocks);
    this.#streams.add(piece);
  }

  /** Counts an event of a stream that came within this window. */
  addEvent(at: Micros): void {
    this.#streams ??= new StreamTally(this.#blocks);
    this.#streams.addEvent(at);
  }

  /** Encodes the blocks that end by this moment; no more samples come for them. */
  settle(until: Micros): void {
    const { startUs, lengthUs, count } = this.#blocks;
    while (this.#closed.length < count && startUs + (this.#closed.length + 1) * lengthUs <= until) {
      const block = this.#closed.length;
      const open = this.#open[block];
      this.#open[block] = undefined;
      this.#closed.push(open === undefined ? Histogram.nothing() : open.close(times => times.encode()));
    }
    this.#streams?.closeBefore(this.#closed.length);
  }

  /** What the record says of this window, cut where nothing more was due. */
  result(stoppedAt: Micros): EndpointWindow {
    const { startUs, endUs, lengthUs, count } = this.#blocks;
    const cut = stoppedAt >= endUs ? count : Math.max(0, Math.ceil((stoppedAt - startUs) / lengthUs));
    // A request may have been due, or have ended, at the very moment of the cut.
    const isUsed = (count: number) => count > 0;
    const begun = Math.max(
      cut,
      this.#blockDue.findLastIndex(isUsed) + 1,
      this.#blockCompleted.findLastIndex(isUsed) + 1,
      this.#streams?.begun ?? 0,
    );
    return {
      counts: { due: this.#due, ok: this.#ok, failed: { ...this.#failed }, unfinished: this.#unfinished },
      statuses: { ...this.#statuses },
      bytes: this.#bytes,
      completedOk: this.#completedOk,
      censored: { count: this.#censored, minUs: this.#censored > 0 ? this.#censoredMinUs : 0 },
      ...this.#late.result(),
      histograms: {
        response: this.#response.encode(),
        service: this.#service.encode(),
        firstByte: this.#firstByte.encode(),
        failed: this.#failedTimes.encode(),
      },
      blocks: this.#closed.slice(0, begun),
      blockDue: this.#blockDue.slice(0, begun),
      blockErrors: this.#blockErrors.slice(0, begun),
      blockCompleted: this.#blockCompleted.slice(0, begun),
      ...(this.#signals.length === 0
        ? {}
        : { signals: Object.fromEntries(this.#signals.map(([name, tally]) => [name, tally.result(begun)])) }),
      ...(this.#streams === null ? {} : { stream: this.#streams.result(begun) }),
    };
  }
}
