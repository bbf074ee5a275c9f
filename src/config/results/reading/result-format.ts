import type { ResultSummaries, ResultsOrigin, ResultTool } from '../../../model/run/results.ts';
import type { EndpointNames } from './endpoint-names.ts';
import type { CollectedSamples } from './sample-collector.ts';

/** A file of results, with what its requests may be called. */
export interface ResultFile {
  readonly path: string;
  /** Its name in errors. */
  readonly shown: string;
  readonly names: EndpointNames;
  /** The endpoints that budgets name. */
  readonly known: readonly string[];
}

/** What a file of results says. */
export type FoundResults = Pick<ResultsOrigin, 'endpoints' | 'failures'> & {
  /** When the load began, in milliseconds since 1970; null where the results do not tell. */
  readonly startedMs: number | null;
  /** What was loaded; null where the results do not tell. */
  readonly target: string | null;
} & (
    | { readonly kind: 'samples'; readonly samples: CollectedSamples }
    | { readonly kind: 'summaries'; readonly summaries: ResultSummaries }
  );

/** What a format is, for people. */
interface FormatText {
  readonly tool: ResultTool;
  readonly name: string;
  /** How the tool writes it: `k6 run --out json=FILE`. */
  readonly made: string;
}

/** What single requests come to, which know when they were sent and belong to endpoints unless `more` says otherwise. */
export function foundSamples(
  samples: CollectedSamples,
  more: Partial<Pick<ResultsOrigin, 'endpoints' | 'failures'> & { readonly startedMs: null }> = {},
): FoundResults {
  const startedMs = samples.requests > 0 ? samples.startMs : null;
  return { kind: 'samples', samples, endpoints: 'all', failures: 'all', startedMs, target: null, ...more };
}

/** A format that is one JSON document. */
export interface DocumentFormat extends FormatText {
  readonly kind: 'document';
  /** Whether an object is of this format, by its members. */
  is(document: { readonly [member: string]: unknown }): boolean;
  read(document: unknown, file: ResultFile): FoundResults;
}

/** A format of lines, of which the beginning is enough to know it. */
export interface LineFormat extends FormatText {
  readonly kind: 'lines';
  is(head: string): boolean;
  read(file: ResultFile): Promise<FoundResults>;
}

/** Any of them. */
export type ResultFormat = DocumentFormat | LineFormat;
