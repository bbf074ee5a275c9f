import type { DurationText, PercentText, RateText } from '../../grammar/quantity-text.ts';

/** Budgets as a value: what `budgets.json` holds. */
export interface Budgets {
  /** The path or URL of the JSON Schema, for editors. */
  readonly $schema?: string;
  /** Limits on every scenario's total. */
  readonly defaults?: MetricLimits;
  /** Limits on every endpoint of every scenario. */
  readonly endpointDefaults?: MetricLimits;
  /** Budgets by the name of the scenario. */
  readonly scenarios?: { readonly [scenario: string]: ScenarioLimits };
  /** How runs are held against earlier ones. */
  readonly regression?: RegressionRules;
}

/** The budgets of one scenario. */
export interface ScenarioLimits {
  /** Limits on all requests of the scenario together. */
  readonly total?: MetricLimits;
  /** Limits on all requests of a stage, by its number from 1. */
  readonly stages?: { readonly [stage: string]: MetricLimits };
  /** Limits by endpoint: method and route, `GET /api/bills/:id`. */
  readonly endpoints?: { readonly [endpoint: string]: MetricLimits };
  /** The least load that a search of the capacity has to find: a rate, or `50 users` of a closed load. */
  readonly capacity?: RateText | `${number} users`;
}

/** Limits by metric; whether a limit is a ceiling or a floor follows from the metric. */
export type MetricLimits = {
  /** Times are at most this: `p95`, `avg`, `service.p99`, `ttfb.p50`, `stream.gap.p99`. */
  readonly [metric in `${'' | 'service.' | 'ttfb.' | 'stream.firstEvent.' | 'stream.gap.'}${'avg' | 'min' | 'max' | `p${number}`}`]?: LimitValue<DurationText>;
} & {
  /** The share of failed requests is at most this. */
  readonly errorRate?: LimitValue<PercentText>;
  /** At least so many expected answers a second. */
  readonly rps?: LimitValue<RateText>;
  /** At least so large a share of answers comes from a cache; the scenario needs `cache`. */
  readonly cacheHitRatio?: LimitValue<PercentText>;
  /** At least so large a share of answers passes all of their checks; the scenario needs `expect`. */
  readonly checks?: LimitValue<PercentText>;
  /** At least so many events of streamed answers a second; the scenario needs `stream`. */
  readonly 'stream.events'?: LimitValue<RateText>;
  /** The share of broken streams is at most this; the scenario needs `stream`. */
  readonly 'stream.broken'?: LimitValue<PercentText>;
};

/** A limit alone, or with a warning line or a waiver. */
export type LimitValue<Text extends string> =
  | Text
  | {
      readonly limit: Text;
      /** Past this value the finding is a warning. */
      readonly warn?: Text;
      /** Why the limit is not enforced, and the last day (UTC) of that. */
      readonly waiver?: { readonly until: string; readonly reason: string };
    };

/** How runs are held against earlier ones. */
export interface RegressionRules {
  /** The change for the worse that is tolerated. Default: `10%`. */
  readonly tolerance?: PercentText;
  /** The least change that is called one. Default: `3%`, or half the tolerance if that is less. */
  readonly floor?: PercentText;
  /** The bar where one to seven runs are stored; a change must exceed both. */
  readonly stored?: { readonly tolerance?: PercentText; readonly floor?: DurationText };
  /** What becomes of a run whose evidence is too thin for a verdict. Default: `warn`. */
  readonly onInconclusive?: 'warn' | 'fail';
  /** True fails a run that is not compared with an earlier one. Default: false. */
  readonly requireBaseline?: boolean;
}
