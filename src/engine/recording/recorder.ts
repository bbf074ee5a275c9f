import { failureKinds } from '../../model/run/failure.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Measurement } from '../../model/run/record.ts';
import { type Micros, micros, microsToMillis } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';
import { column, type SampleBatch, sampleWidth, unpackCode } from '../loop/sample-log.ts';
import { never } from '../request/clock.ts';
import { outcomeCode } from '../request/outcome.ts';
import { endOf, type Span } from '../schedule/timeline.ts';
import { piecesOf, type StreamPiece } from '../stream/stream-notes.ts';
import { type Blocks, blocksOf } from './blocks.ts';
import { EndpointSeries } from './endpoint-series.ts';
import { EndpointTally } from './endpoint-tally.ts';
import type { Sample } from './sample.ts';

interface EndpointRecorder {
  /** By window, made when its first sample comes: of many endpoints, few may be asked. */
  readonly tallies: (EndpointTally | undefined)[];
  readonly series: EndpointSeries;
}

/** Turns the samples of all workers into what the run record says of each endpoint. */
export class Recorder {
  readonly sendLag = new Histogram();
  /** Answers that came after the last window, or after the run was stopped. */
  completedInDrain = 0;
  /** Requests due in the stages that were written to a connection. */
  sent = 0;
  /** Of endpoints and, behind them, of what is measured as a whole. */
  readonly #endpointNames: readonly string[];
  readonly #requested: number;
  readonly #signalNames: readonly string[];
  readonly #spans: readonly Span[];
  readonly #blocks: readonly Blocks[];
  readonly #endpoints: readonly EndpointRecorder[];
  #endsAt: Micros;
  readonly #watch: ((sample: Sample) => void) | undefined;

  constructor(
    { endpoints, transactions = [], signals }: Pick<Plan, 'endpoints' | 'transactions' | 'signals'>,
    spans: readonly Span[],
    watch?: (sample: Sample) => void,
  ) {
    // The encoder is slow to load: before the load rather than amid it.
    this.sendLag.encode();
    this.#endpointNames = [...endpoints.map(({ name }) => name), ...transactions];
    this.#requested = endpoints.length;
    this.#signalNames = signals.map(({ name }) => name);
    this.#spans = spans;
    this.#blocks = blocksOf(spans);
    this.#endsAt = endOf(spans);
    this.#watch = watch;
    this.#endpoints = this.#endpointNames.map(() => ({
      tallies: this.#blocks.map(() => undefined),
      series: new EndpointSeries(),
    }));
  }

  /** Adds a batch of ended requests. */
  add({ rows, length, signals, streams }: SampleBatch): void {
    const width = this.#signalNames.length;
    for (let row = 0; row < length; row += 1) {
      const at = row * sampleWidth;
      const { endpoint, outcome, status } = unpackCode(rows[at + column.code] as number);
      const sample: Sample = {
        due: micros(rows[at + column.due] as number),
        lag: micros(rows[at + column.lag] as number),
        sentAt: micros(rows[at + column.sentAt] as number),
        firstByteAt: micros(rows[at + column.firstByteAt] as number),
        endedAt: micros(rows[at + column.endedAt] as number),
        bytes: rows[at + column.bytes] as number,
        status,
        outcome: outcomeName(outcome),
        signals: signals === null ? null : signals.subarray(row * width, (row + 1) * width),
      };
      this.#addSample(endpoint, sample);
    }
    for (const piece of streams === null ? [] : piecesOf(streams)) this.#addStream(piece);
  }

  /** An event belongs to the window in which it came, times to the one in which their request was due. */
  #addStream(piece: StreamPiece): void {
    const recorder = this.#endpoints[piece.endpoint];
    if (!recorder) return;
    this.#tallyOf(recorder, this.#windowAt(piece.due)).addStream(piece);
    const count = (at: Micros) => {
      if (at < this.#endsAt) this.#tallyOf(recorder, this.#windowAt(at)).addEvent(at);
    };
    if (piece.firstAt !== null) count(piece.firstAt);
    let at = piece.from;
    for (const gap of piece.gaps) {
      at = micros(at + gap);
      count(at);
    }
  }

  /** Lets what comes from this moment on belong to the drain: nothing more will be due. */
  stop(at: Micros): void {
    if (at < this.#endsAt) this.#endsAt = at;
  }

  /**
   * Closes what lies wholly before the moment up to which every request has ended. The last block stays open until the
   * end: what is due past it, where the timer that ends a closed load fires late, belongs to it as well.
   */
  settle(until: Micros): void {
    this.#close(micros(Math.min(until, endOf(this.#spans) - 1)));
  }

  #close(until: Micros): void {
    for (const { tallies, series } of this.#endpoints) {
      series.settle(until);
      for (const tally of tallies) tally?.settle(until);
    }
  }

  /** Closes everything; windows are cut at the moment after which nothing was due. */
  finish(stoppedAt: Micros): Pick<Measurement, 'windows' | 'endpoints' | 'transactions'> {
    this.#close(micros(Number.POSITIVE_INFINITY));
    const measured = this.#endpoints.map(({ tallies, series }, endpoint) => ({
      name: this.#endpointNames[endpoint] ?? '',
      windows: tallies.map((tally, window) => (tally ?? this.#settledTally(window)).result(stoppedAt)),
      seconds: series.result(stoppedAt),
    }));
    const transactions = measured.slice(this.#requested);
    return {
      windows: this.#spans.map(({ kind, stage, startUs, endUs }) => ({
        kind,
        stage,
        startMs: microsToMillis(startUs),
        durationMs: microsToMillis(micros(Math.max(0, Math.min(endUs, stoppedAt) - startUs))),
      })),
      endpoints: measured.slice(0, this.#requested),
      ...(transactions.length === 0 ? {} : { transactions }),
    };
  }

  #addSample(endpoint: number, sample: Sample): void {
    const recorder = this.#endpoints[endpoint];
    const window = this.#windowAt(sample.due);
    if (!recorder) return;
    if (endpoint >= this.#requested) {
      this.#addWhole(recorder, window, sample);
      return;
    }
    this.#tallyOf(recorder, window).add(sample);
    recorder.series.add(sample);
    const { lag } = sample;
    if (this.#spans[window]?.kind === 'stage') {
      if (lag >= 0) this.sendLag.record(lag);
      if (sample.sentAt >= 0) this.sent += 1;
    }
    if (sample.status !== 0 && sample.endedAt >= this.#endsAt) this.completedInDrain += 1;
    const { endedAt, outcome } = sample;
    if (outcome === 'ok' && endedAt < this.#endsAt)
      this.#tallyOf(recorder, this.#windowAt(endedAt)).addCompleted(endedAt);
    this.#watch?.(sample);
  }

  /** What is measured as a whole ended when its last answer came: later than its time says, where its user thought. */
  #addWhole(recorder: EndpointRecorder, window: number, { firstByteAt: overAt, ...sample }: Sample): void {
    const whole = { ...sample, firstByteAt: never };
    this.#tallyOf(recorder, window).add(whole);
    recorder.series.add(whole);
    if (sample.outcome === 'ok' && overAt < this.#endsAt) {
      this.#tallyOf(recorder, this.#windowAt(overAt)).addCompleted(overAt);
    }
  }

  #tallyOf({ tallies }: EndpointRecorder, window: number): EndpointTally {
    const tally = tallies[window] ?? this.#newTally(window);
    tallies[window] = tally;
    return tally;
  }

  #newTally(window: number): EndpointTally {
    return new EndpointTally(this.#blocks[window] as Blocks, this.#signalNames);
  }

  /** That of an endpoint which nobody asked. */
  #settledTally(window: number): EndpointTally {
    const tally = this.#newTally(window);
    tally.settle(micros(Number.POSITIVE_INFINITY));
    return tally;
  }

  #windowAt(moment: Micros): number {
    const spans = this.#spans;
    let index = spans.length - 1;
    while (index > 0 && moment < (spans[index] as Span).startUs) index -= 1;
    return index;
  }
}

function outcomeName(code: number): Sample['outcome'] {
  if (code === outcomeCode.ok) return 'ok';
  return failureKinds[code - 1] ?? 'unfinished';
}
