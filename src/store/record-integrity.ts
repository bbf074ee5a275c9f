import type { EndpointMeasurement, EndpointWindow, Measurement } from '../model/record.ts';
import { Histogram } from '../stats/histogram.ts';

/** One thing that cannot be so in a run record, and where in it. */
export interface Fault {
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/**
 * Finds what a schema cannot see: counts that do not add up (`due` = `ok` + `failed` + `unfinished`), arrays that should
 * be parallel and are not, endpoints named twice, and histograms that do not decode.
 */
export function* faultsOf(measurement: Measurement): Generator<Fault> {
  const names = new Set<string>();
  for (const [index, endpoint] of measurement.endpoints.entries()) {
    const path = `measurement.endpoints[${index}]`;
    if (names.has(endpoint.name)) {
      yield { path: `${path}.name`, found: JSON.stringify(endpoint.name), expected: 'each name once' };
    }
    names.add(endpoint.name);
    yield* faultsOfEndpoint(endpoint, measurement.windows.length, path);
  }
  yield* histogramFaults(measurement.generator.sendLag, 'measurement.generator.sendLag');
}

function* faultsOfEndpoint(endpoint: EndpointMeasurement, windows: number, path: string): Generator<Fault> {
  yield* lengthFaults(endpoint.windows, windows, 'one for each window of the measurement', `${path}.windows`);
  const { requests, ...others } = endpoint.seconds;
  for (const [name, values] of Object.entries(others)) {
    yield* lengthFaults(values, requests.length, 'as many as requests', `${path}.seconds.${name}`);
  }
  for (const [index, window] of endpoint.windows.entries()) {
    yield* faultsOfWindow(window, `${path}.windows[${index}]`);
  }
}

function* faultsOfWindow(window: EndpointWindow, path: string): Generator<Fault> {
  const { due, ok, failed, unfinished } = window.counts;
  const allFailed = Object.values(failed).reduce((sum, count) => sum + count, 0);
  if (due !== ok + allFailed + unfinished) {
    yield {
      path: `${path}.counts`,
      found: `due ${due}, but ok ${ok} + failed ${allFailed} + unfinished ${unfinished}`,
      expected: 'due = ok + failed + unfinished',
    };
  }
  const { blocks, blockErrors, blockCompleted } = window;
  yield* lengthFaults(blockErrors, blocks.length, 'one for each block', `${path}.blockErrors`);
  yield* lengthFaults(blockCompleted, blocks.length, 'one for each block', `${path}.blockCompleted`);
  for (const [name, encoded] of Object.entries(window.histograms)) {
    yield* histogramFaults(encoded, `${path}.histograms.${name}`);
  }
  for (const [index, encoded] of blocks.entries()) {
    yield* histogramFaults(encoded, `${path}.blocks[${index}]`);
  }
}

function* lengthFaults(
  values: readonly unknown[],
  length: number,
  which: string,
  path: string,
): Generator<Fault> {
  if (values.length !== length) {
    yield { path, found: `${values.length} values`, expected: `${length}: ${which}` };
  }
}

function* histogramFaults(encoded: EndpointWindow['histograms']['response'], path: string): Generator<Fault> {
  try {
    Histogram.decode(encoded);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield { path, found: `a histogram that does not decode (${why})`, expected: 'a whole HDR histogram' };
  }
}
