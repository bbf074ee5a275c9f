import { type Micros, micros } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { OccupiedBuckets } from '../../stats/occupied-buckets.ts';

/** How long connecting took, ready to be sent to another thread. */
export interface ConnectBuckets {
  /** From the start of an attempt, its name resolved, to the TCP (or Unix) connection. */
  readonly connect: OccupiedBuckets;
  /** From there to the end of the TLS handshake. */
  readonly tls: OccupiedBuckets;
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

  buckets(): ConnectBuckets {
    return { connect: this.#connect.occupied(), tls: this.#tls.occupied() };
  }
}
