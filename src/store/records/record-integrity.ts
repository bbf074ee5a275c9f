import type { EndpointMeasurement, EndpointWindow, Measurement, Window } from '../../model/run/record.ts';
import { Histogram } from '../../stats/histogram.ts';
import { countFaults, decoded } from './histogram-checks.ts';
import { countFrom, lateFaults, signalFaults, streamFaults } from './optional-integrity.ts';
import type { Fault } from './stored-record.ts';

/**
 * Finds what a schema cannot see: whatever is told twice in a record must be told alike. Counts add up
 * (`due` = `ok` + `failed` + `unfinished`), histograms hold as many values as the counts say, blocks, seconds and
 * statuses add up to their window, and no window without length holds anything. Each histogram is decoded once.
 */
export function* faultsOf(measurement: Measurement): Generator<Fault> {
  yield* timelineFaults(measurement.windows);
  const names = new Set<string>();
  for (const of of ['endpoints', 'transactions'] as const) {
    for (const [index, endpoint] of (measurement[of] ?? []).entries()) {
      const path = `measurement.${of}[${index}]`;
      if (names.has(endpoint.name)) {
        yield { path: `${path}.name`, found: JSON.stringify(endpoint.name), expected: 'each name once' };
      }
      names.add(endpoint.name);
      yield* faultsOfEndpoint(endpoint, measurement.windows, path, of === 'transactions');
    }
  }
  const { connections } = measurement;
  yield* faultsOfLoad(measurement);
  yield* decoded(connections.connect, 'measurement.connections.connect');
  yield* decoded(connections.tls, 'measurement.connections.tls');
}

/** Times are written in microseconds: what adding them up in binary may lose. */
const roundingMs = 1e-3;

function* timelineFaults(windows: readonly Window[]): Generator<Fault> {
  let endMs = 0;
  for (const [index, { startMs, durationMs }] of windows.entries()) {
    if (durationMs === 0) continue;
    if (Math.abs(startMs - endMs) > roundingMs) {
      const expected = `${Number(endMs.toFixed(3))}, where the one before ended`;
      yield { path: `measurement.windows[${index}].startMs`, found: String(startMs), expected };
    }
    endMs = startMs + durationMs;
  }
}

function* faultsOfLoad({ completion, endpoints, generator, load, windows }: Measurement): Generator<Fault> {
  const isOwed = completion.state === 'complete' && load.model === 'open' && load.offered !== null;
  if (isOwed && load.delivered < (load.offered ?? 0)) {
    const expected = `all ${load.offered} offered, since the run is complete`;
    yield { path: 'measurement.load.delivered', found: String(load.delivered), expected };
  }
  const path = 'measurement.generator.sendLag';
  const sendLag = yield* decoded(generator.sendLag, path);
  const due = sum(
    endpoints.flatMap(endpoint =>
      endpoint.windows.flatMap(({ counts }, index) => (windows[index]?.kind === 'stage' ? counts.due : [])),
    ),
  );
  const told = generator.engine === 'http' ? due : 0;
  if (sendLag) yield* countFaults(sendLag, told, told, 'one for each request due in the stages', path);
}

function* faultsOfEndpoint(
  endpoint: EndpointMeasurement,
  windows: readonly Window[],
  path: string,
  isWhole: boolean,
): Generator<Fault> {
  yield* lengthFaults(
    endpoint.windows,
    windows.length,
    'one for each window of the measurement',
    `${path}.windows`,
  );
  yield* secondsFaults(endpoint, windows, `${path}.seconds`);
  let [ok, completed] = [0, 0];
  for (const [index, window] of endpoint.windows.entries()) {
    const inside = `${path}.windows[${index}]`;
    yield* faultsOfWindow(window, inside, isWhole);
    ok += window.counts.ok;
    completed += window.completedOk;
    if (completed > ok) {
      const expected = `at most the ${ok} ok answers to what was due by then`;
      yield { path: `${inside}.completedOk`, found: `${completed} until its end`, expected };
    }
    if (windows[index]?.durationMs === 0 && window.counts.due + window.completedOk > 0) {
      const found = `${window.counts.due} requests in no time`;
      yield { path: `${inside}.counts`, found, expected: `none, since windows[${index}].durationMs is 0` };
    }
  }
}

function* secondsFaults(
  { seconds, windows: parts }: EndpointMeasurement,
  windows: readonly Window[],
  path: string,
): Generator<Fault> {
  const { requests, errors, ...others } = seconds;
  for (const [name, values] of Object.entries({ errors, ...others })) {
    yield* lengthFaults(values, requests.length, 'as many as requests', `${path}.${name}`);
  }
  const ends = windows.map(({ startMs, durationMs }) => (durationMs > 0 ? startMs + durationMs : 0));
  const length = Math.ceil((Math.max(0, ...ends) - roundingMs) / 1_000);
  // A request may have been due at the very end.
  if (requests.length !== Math.max(0, length) && requests.length !== length + 1) {
    yield* lengthFaults(requests, length, 'one for each second of the run', `${path}.requests`);
  }
  const due = sum(parts.map(({ counts }) => counts.due));
  const notOk = due - sum(parts.map(({ counts }) => counts.ok));
  yield* sumFaults(requests, due, `all ${due} due`, `${path}.requests`);
  yield* sumFaults(errors, notOk, `all ${notOk} that were not ok`, `${path}.errors`);
}

function* faultsOfWindow(window: EndpointWindow, path: string, isWhole: boolean): Generator<Fault> {
  const { due, ok, failed, unfinished } = window.counts;
  const allFailed = sum(Object.values(failed));
  if (due !== ok + allFailed + unfinished) {
    yield {
      path: `${path}.counts`,
      found: `due ${due}, but ok ${ok} + failed ${allFailed} + unfinished ${unfinished}`,
      expected: 'due = ok + failed + unfinished',
    };
  }
  const { status = 0, check = 0, timeout = 0, malformed = 0, capture = 0, stream = 0 } = failed;
  const answers = sum(Object.values(window.statuses));
  const least = isWhole ? 0 : ok + status + check;
  // An answer may have come whole, but too late, without what is captured or awaited, or be longer than is taken.
  const most = isWhole ? 0 : least + timeout + malformed + capture + stream;
  if (answers < least || answers > most) {
    const expected = least === most ? `${least}: ok, status and check` : `${least} to ${most}`;
    yield { path: `${path}.statuses`, found: `${answers} answers in all`, expected };
  }
  const { blocks, blockDue, blockErrors, blockCompleted, completedOk } = window;
  yield* lengthFaults(blockDue, blocks.length, 'one for each block', `${path}.blockDue`);
  yield* lengthFaults(blockErrors, blocks.length, 'one for each block', `${path}.blockErrors`);
  yield* lengthFaults(blockCompleted, blocks.length, 'one for each block', `${path}.blockCompleted`);
  yield* sumFaults(blockDue, due, `all ${due} due in the window`, `${path}.blockDue`);
  yield* sumFaults(blockErrors, due - ok, `all ${due - ok} that were not ok`, `${path}.blockErrors`);
  yield* sumFaults(
    blockCompleted,
    completedOk,
    `all ${completedOk} of completedOk`,
    `${path}.blockCompleted`,
  );
  yield* signalFaults(window, path);
  yield* streamFaults(window, path);
  yield* timesFaults(window, path, isWhole);
}

/** Which requests each histogram holds is told by `EndpointWindow`. */
function* timesFaults(window: EndpointWindow, path: string, isWhole: boolean): Generator<Fault> {
  const { counts, censored, histograms, blocks, blockDue, blockErrors } = window;
  const { ok, failed, unfinished } = counts;
  const { timeout = 0 } = failed;
  const open = timeout + unfinished;
  const ended = sum(Object.values(failed)) - timeout;
  if (censored.count !== open) {
    const expected = `${open}: timeouts and unfinished requests`;
    yield { path: `${path}.censored.count`, found: String(censored.count), expected };
  }
  const at = (name: keyof typeof histograms) => `${path}.histograms.${name}`;
  const response = yield* decoded(histograms.response, at('response'));
  const service = yield* decoded(histograms.service, at('service'));
  const firstByte = yield* decoded(histograms.firstByte, at('firstByte'));
  const failedTimes = yield* decoded(histograms.failed, at('failed'));
  const answered = 'ok answers, timeouts and unfinished requests';
  yield* lateFaults(window, response, path);
  if (response) yield* countFaults(response, ok + open, ok + open, answered, at('response'));
  const sent = isWhole ? { least: 0, most: 0, answers: 0 } : { least: ok, most: ok + open, answers: ok };
  if (service)
    yield* countFaults(service, sent.least, sent.most, `${answered} that were sent`, at('service'));
  if (firstByte) yield* countFaults(firstByte, sent.answers, sent.answers, 'ok answers', at('firstByte'));
  if (failedTimes) yield* countFaults(failedTimes, ended, ended, 'failures but timeouts', at('failed'));
  if (response && countFrom(response, censored.minUs) < censored.count) {
    const expected = `no more than the least of ${censored.count} of the response times`;
    yield { path: `${path}.censored.minUs`, found: String(censored.minUs), expected };
  }
  const all = new Histogram();
  let isSound = true;
  for (const [index, encoded] of blocks.entries()) {
    const block = yield* decoded(encoded, `${path}.blocks[${index}]`);
    isSound &&= block !== null;
    if (!block) continue;
    all.merge(block);
    const inBlock = blockDue[index] ?? 0;
    const least = Math.max(0, inBlock - (blockErrors[index] ?? 0));
    yield* countFaults(block, least, inBlock, 'by blockDue and blockErrors', `${path}.blocks[${index}]`);
  }
  if (response && isSound && !all.equals(response)) {
    yield { path: `${path}.blocks`, found: 'other times', expected: 'those of histograms.response' };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
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

function* sumFaults(
  values: readonly number[],
  expected: number,
  which: string,
  path: string,
): Generator<Fault> {
  const found = sum(values);
  if (found !== expected) yield { path, found: `${found} in all`, expected: which };
}
