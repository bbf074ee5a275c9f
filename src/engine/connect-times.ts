import type { EncodedHistogram } from '../model/record.ts';
import { type Micros, micros } from '../model/units.ts';
import { Histogram } from '../stats/histogram.ts';

/** How long connecting took, ready to be sent to another thread. */
export interface EncodedConnectTimes {
  /** From the start of an attempt, its name resolved, to the TCP (or Unix) connection. */
  readonly connect: EncodedHistogram;
  /** From there to the end of the TLS handshake. */
  readonly tls: EncodedHistogram;
}

/** Records how long successful connection attempts took. */
export class ConnectTimes {
  readonly #connect = new Histogram();
  readonly #tls = new Histogram();

  connected(since: Micros, now: Micros): void {
    this.#connect.record(micros(now - since));
  }

  secured(since: Micros, now: Micros): void {
    this.#tls.record(micros(now - since));
  }

  encode(): EncodedConnectTimes {
    return { connect: this.#connect.encode(), tls: this.#tls.encode() };
  }
}
