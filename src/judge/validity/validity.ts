import type { Budget } from '../../model/judgement/budget.ts';
import type { BadEnds } from '../../model/judgement/finding-reason.ts';
import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { Validity } from '../../model/judgement/verdict.ts';
import { failureKinds } from '../../model/run/failure.ts';
import type { Measurement, RequestCounts, RunRecord } from '../../model/run/record.ts';
import { brokenByServiceAlone, generatorLag } from './generator-lag.ts';
import { latenessCause } from './lateness-cause.ts';
import { poolShortage } from './pool-demand.ts';

/**
 * Whether the numbers can be blamed on the target at all: something was due, the target sent at least one byte, and the
 * generator sent what it should when it should, and what was started as the target was there until the end. What a running
 * target does wrong never makes a run invalid.
 */
export function validityOf(record: RunRecord, budgets: readonly Budget[]): Validity {
  const { measurement } = record;
  // Of another tool's generator nothing is known, and its results hold at least one request.
  if (measurement.origin !== undefined) return { state: 'valid' };
  const reasons = [
    ...silence(record),
    ...death(measurement),
    ...endOfServer(measurement),
    ...exhaustion(measurement),
    ...lateness(record),
    ...shortage(record, budgets),
  ];
  return reasons.length === 0 ? { state: 'valid' } : { state: 'invalid', reasons };
}

function* silence({ header, measurement }: RunRecord): Generator<InvalidReason> {
  const { completion, windows, endpoints } = measurement;
  if (completion.state === 'notStarted') {
    yield { kind: 'notStarted', reason: completion.reason };
    return;
  }
  // Where a worker died, the missing answers are the generator's doing.
  if (completion.state === 'workerDied') return;
  const all = endpoints.flatMap(endpoint => endpoint.windows);
  const { target } = header;
  const ends: BadEnds = {
    failed: sumOfFailures(all.map(part => part.counts)),
    unfinished: sum(all, part => part.counts.unfinished),
  };
  const due = sum(all, part => part.counts.due);
  if (completion.state === 'neverAnswered') {
    yield { kind: 'neverAnswered', afterMs: completion.afterMs, ends, target };
    return;
  }
  if (due > 0 && sum(all, part => part.bytes) === 0) {
    const isInterrupted = completion.state === 'interrupted';
    yield { kind: 'nothingAnswered', isInterrupted, due, ends, target };
    return;
  }
  const measured = endpoints.flatMap(endpoint =>
    endpoint.windows.filter((_, index) => windows[index]?.kind === 'stage'),
  );
  if (sum(measured, part => part.counts.due) > 0) return;
  if (completion.state === 'aborted') {
    const { errorRate, forMs } = completion;
    yield { kind: 'stoppedBeforeStages', stop: { errorRate, forMs, durationMs: header.durationMs } };
    return;
  }
  yield { kind: completion.state === 'interrupted' ? 'interruptedBeforeStages' : 'nothingDue' };
}

function* death({ completion }: Measurement): Generator<InvalidReason> {
  if (completion.state !== 'workerDied') return;
  yield { kind: 'workerDied', reason: completion.reason };
}

function* endOfServer({ serverEnd: end }: Measurement): Generator<InvalidReason> {
  if (end !== undefined) yield { kind: 'serverEnded', end };
}

function* exhaustion({ generator, endpoints }: Measurement): Generator<InvalidReason> {
  const exhausted = Object.entries(generator.exhausted).filter(([, count]) => count > 0);
  const notSent = sum(
    endpoints.flatMap(({ windows }) => windows),
    ({ counts }) => counts.failed.notSent ?? 0,
  );
  for (const [code, attempts] of exhausted) yield { kind: 'exhausted', code, attempts, notSent };
}

function* lateness(record: RunRecord): Generator<InvalidReason> {
  const { late, requests, byMs, tooLate } = generatorLag(record);
  if (!tooLate) return;
  yield { kind: 'sentLate', late, requests, byMs, cause: latenessCause(record.measurement.generator) };
}

function* shortage(record: RunRecord, budgets: readonly Budget[]): Generator<InvalidReason> {
  const found = poolShortage(record);
  if (!found || brokenByServiceAlone(record, budgets)) return;
  yield { kind: 'smallPool', shortage: found, queued: record.measurement.connections.queued };
}

function sumOfFailures(counts: readonly RequestCounts[]): RequestCounts['failed'] {
  return Object.fromEntries(failureKinds.map(kind => [kind, sum(counts, count => count.failed[kind] ?? 0)]));
}

function sum<Part>(parts: readonly Part[], pick: (part: Part) => number): number {
  return parts.reduce((total, part) => total + pick(part), 0);
}
