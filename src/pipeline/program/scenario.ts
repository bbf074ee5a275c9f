import type { DurationText, RangeText, RateText } from '../../config/grammar/quantity-text.ts';
import type { Scenario } from '../../config/schema/scenario-value.ts';

/** A run without a scenario: one request, again and again. */
export type UrlRun = UrlRequest & (UrlRate | UrlUsers);

interface UrlRequest {
  readonly url: string;
  /** How long the load lasts. */
  readonly duration: DurationText;
  /** Default: `GET`. */
  readonly method?: string | undefined;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly body?: string | undefined;
  /** From the moment a request is due to its last byte. Default: `10s`. */
  readonly timeout?: DurationText | undefined;
  /** Load before the measurement. Default: `0s`. */
  readonly warmup?: DurationText | undefined;
  /** True accepts any TLS certificate. Default: false. */
  readonly insecure?: boolean | undefined;
  /** True speaks HTTP/2: by ALPN with `https://`, with prior knowledge with `http://`. Default: false. */
  readonly http2?: boolean | undefined;
}

interface UrlRate {
  /** Requests started per second, or a range that is run through evenly. */
  readonly rate: RangeText<RateText>;
  /** True for random arrivals instead of even ones. */
  readonly poisson?: boolean | undefined;
  readonly users?: never;
}

interface UrlUsers {
  /** Concurrent users, each waiting for its answer. */
  readonly users: number;
  readonly rate?: never;
  readonly poisson?: never;
}

/** Returns the scenario that it is given: it is there for its type. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
