import type { Budget } from '../../model/judgement/budget.ts';
import type { Validity } from '../../model/judgement/verdict.ts';
import { failureKinds } from '../../model/run/failure.ts';
import type { Measurement, RequestCounts, RunRecord } from '../../model/run/record.ts';
import { counted, duration, number, percent, quantity, span } from '../../words/quantity-text.ts';
import { failuresText, stoppedText } from '../budgets/wording.ts';
import { brokenByServiceAlone, generatorLag, isOverworked } from './generator-lag.ts';
import { poolShortage } from './pool-demand.ts';

/**
 * Whether the numbers can be blamed on the target at all: something was due, the target sent at least one byte, and the
 * generator sent what it should when it should. What the target does wrong never makes a run invalid.
 */
export function validityOf(record: RunRecord, budgets: readonly Budget[]): Validity {
  const { measurement } = record;
  const reasons = [
    ...silence(record),
    ...death(measurement),
    ...exhaustion(measurement),
    ...lateness(record, budgets),
    ...shortage(record, budgets),
  ];
  return reasons.length === 0 ? { state: 'valid' } : { state: 'invalid', reasons };
}

function* silence({ header, measurement }: RunRecord): Generator<string> {
  const { completion, windows, endpoints } = measurement;
  if (completion.state === 'notStarted') {
    yield `nothing was sent: ${completion.reason}`;
    return;
  }
  const all = endpoints.flatMap(endpoint => endpoint.windows);
  const ends = failuresText(
    sumOfFailures(all.map(part => part.counts)),
    sum(all, part => part.counts.unfinished),
  );
  const due = sum(all, part => part.counts.due);
  if (completion.state === 'neverAnswered') {
    yield `the target never answered: no byte of an answer came within ${span(completion.afterMs)}${ends && ` (${ends})`}; check that it runs at ${header.target}`;
    return;
  }
  if (due > 0 && sum(all, part => part.bytes) === 0) {
    const what =
      completion.state === 'interrupted'
        ? 'no answer came before the interrupt'
        : 'the target never answered';
    yield `${what}: of ${counted(due, 'request')}, ${ends}; check that it runs at ${header.target}`;
    return;
  }
  const measured = endpoints.flatMap(endpoint =>
    endpoint.windows.filter((_, index) => windows[index]?.kind === 'stage'),
  );
  if (sum(measured, part => part.counts.due) > 0) return;
  if (completion.state === 'aborted') {
    yield `nothing was measured: the run was ${stoppedText(completion, header.durationMs)}, before its first stage`;
    return;
  }
  yield completion.state === 'interrupted'
    ? 'nothing was measured: the run was interrupted before its first stage'
    : 'nothing was measured: no request was due in the stages, so give them more time or load';
}

function* death({ completion }: Measurement): Generator<string> {
  if (completion.state !== 'workerDied') return;
  // Its last words may come with a stack, which the record keeps.
  const [words = ''] = completion.reason.split('\n');
  yield `a worker of the generator died, and what it counted with it: ${words}`;
}

/** What a machine runs out of, by the code of the error, and what to do about it. */
const shortages = new Map([
  ['EMFILE', 'open files, which `ulimit -n` limits: raise it, or lower `connections.max` or the users'],
  ['ENFILE', 'open files of the whole machine: raise `fs.file-max`, or lower `connections.max` or the users'],
  [
    'EADDRNOTAVAIL',
    'local ports (or, where the target has an IPv6 address, has none itself): keep connections alive, widen `net.ipv4.ip_local_port_range`, or lower the rate',
  ],
  ['ENOBUFS', 'network buffers: lower the rate, `connections.max` or the users'],
  ['ENOMEM', 'memory: lower `connections.max` or the users'],
]);

function* exhaustion({ generator, endpoints }: Measurement): Generator<string> {
  const exhausted = Object.entries(generator.exhausted).filter(([, count]) => count > 0);
  const notSent = sum(
    endpoints.flatMap(({ windows }) => windows),
    ({ counts }) => counts.failed.notSent ?? 0,
  );
  for (const [code, count] of exhausted) {
    const lacking = shortages.get(code) ?? 'what it needs to send: lower the rate or `connections.max`';
    const lost = notSent > 0 ? ` and ${counted(notSent, 'request')} could not be sent` : '';
    yield `the generator was the bottleneck: ${counted(count, 'attempt')} to connect failed (${code})${lost}, since this machine ran out of ${lacking}`;
  }
}

function* lateness(record: RunRecord, budgets: readonly Budget[]): Generator<string> {
  const lag = generatorLag(record, budgets);
  if (!lag.tooLate || brokenByServiceAlone(record, budgets, lag.p99Ms)) return;
  const late = `1% of the requests went out ${duration(lag.p99Ms)} late or more`;
  const allowed = `where these budgets bear ${duration(lag.allowedMs)}`;
  const { generator } = record.measurement;
  const cause = isOverworked(generator)
    ? `, since its busiest worker worked ${percent(generator.busy)} of the time`
    : '';
  yield `the generator was the bottleneck: ${late}, ${allowed}${cause}; lower the rate, or give the generator a core or a machine of its own`;
}

function* shortage(record: RunRecord, budgets: readonly Budget[]): Generator<string> {
  const found = poolShortage(record);
  if (!found || brokenByServiceAlone(record, budgets, 0)) return;
  const { stage, perSecond, serviceMs, busy, max, enough } = found;
  const { queued } = record.measurement.connections;
  const demand = `${quantity(perSecond, 'perSecond')} of ${duration(serviceMs)} each keep ${percent(busy / max)} of ${counted(max, 'connection')} busy in stage ${stage}`;
  yield `the generator was the bottleneck: ${demand}, and ${counted(queued, 'request')} had to wait for one; set \`connections.max\` to ${number(enough)} or more`;
}

function sumOfFailures(counts: readonly RequestCounts[]): RequestCounts['failed'] {
  return Object.fromEntries(failureKinds.map(kind => [kind, sum(counts, count => count.failed[kind] ?? 0)]));
}

function sum<Part>(parts: readonly Part[], pick: (part: Part) => number): number {
  return parts.reduce((total, part) => total + pick(part), 0);
}
