import { type Budget, scopeName } from '../model/budget.ts';
import { failureKinds } from '../model/failure.ts';
import type { Measurement, RequestCounts, RunRecord } from '../model/record.ts';
import type { Validity } from '../model/verdict.ts';
import { brokenByServiceAlone, generatorLag } from './generator-lag.ts';
import type { ScopeReader } from './scope-data.ts';
import { counted, countText, failuresText, lengthText, quantityText } from './wording.ts';

/** The least share of the offered journeys that must be delivered. */
const leastDelivered = 0.99;

/**
 * Whether the numbers can be blamed on the target at all: something was due, the target answered at least once, and the
 * generator sent what it should when it should. What the target does wrong never makes a run invalid.
 */
export function validityOf(record: RunRecord, budgets: readonly Budget[], dataOf: ScopeReader): Validity {
  const { measurement } = record;
  const reasons = [
    ...silence(record),
    ...death(measurement),
    ...exhaustion(measurement),
    ...lateness(record, budgets, dataOf),
    ...shortfall(measurement),
  ];
  return reasons.length === 0 ? { state: 'valid' } : { state: 'invalid', reasons };
}

function* silence({ header, measurement }: RunRecord): Generator<string> {
  const { completion, windows, endpoints } = measurement;
  const all = endpoints.flatMap(endpoint => endpoint.windows);
  const ends = failuresText(
    sumOfFailures(all.map(part => part.counts)),
    sum(all, part => part.counts.unfinished),
  );
  const due = sum(all, part => part.counts.due);
  if (completion.state === 'neverAnswered') {
    const after = lengthText(completion.afterMs / 1_000);
    yield `the target never answered: no byte of an answer came within ${after}${ends && ` (${ends})`}; check that it runs at ${header.target}`;
    return;
  }
  if (due > 0 && !all.some(part => Object.values(part.statuses).some(count => count > 0))) {
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
  yield completion.state === 'interrupted'
    ? 'nothing was measured: the run was interrupted before its first stage'
    : 'nothing was measured: no request was due in the stages, so give them more time or load';
}

function* death({ completion }: Measurement): Generator<string> {
  if (completion.state === 'workerDied') yield `a worker of the generator died: ${completion.reason}`;
}

/** What a machine runs out of, by the code of the error, and what to do about it. */
const remedies: { readonly [code: string]: string } = {
  EMFILE: 'open files, which `ulimit -n` limits: raise it, or lower `connections.max`',
  ENFILE: 'open files of the whole machine: raise `fs.file-max`, or lower `connections.max`',
  EADDRNOTAVAIL:
    'local ports: let the target keep connections alive, widen `net.ipv4.ip_local_port_range`, or lower the rate',
  ENOBUFS: 'network buffers: lower the rate or `connections.max`',
};

function* exhaustion({ generator }: Measurement): Generator<string> {
  for (const [code, count] of Object.entries(generator.exhausted)) {
    if (count === 0) continue;
    const remedy = remedies[code] ?? 'what it needs to send: lower the rate or `connections.max`';
    yield `the generator was the bottleneck: ${counted(count, 'request')} could not be sent (${code}), since this machine ran out of ${remedy}`;
  }
}

function* lateness(record: RunRecord, budgets: readonly Budget[], dataOf: ScopeReader): Generator<string> {
  const lag = generatorLag(record, budgets);
  if (!lag.tooLate || brokenByServiceAlone(budgets, dataOf, lag.p99Ms)) return;
  const late = `1 % of the requests went out ${quantityText(lag.p99Ms, 'ms')} late or more`;
  const allowed = `where these budgets bear ${quantityText(lag.allowedMs, 'ms')}`;
  yield `the generator was the bottleneck: ${late}, ${allowed}; lower the rate, or give the generator a core or a machine of its own`;
}

function* shortfall({ completion, load }: Measurement): Generator<string> {
  if (load.model !== 'open' || completion.state !== 'complete' || !load.offered) return;
  const share = load.delivered / load.offered;
  if (share >= leastDelivered) return;
  const delivered = `${countText(load.delivered)} of ${counted(load.offered, 'journey')} (${quantityText(share, 'ratio')})`;
  yield `the load was not delivered: ${delivered} were started; lower the rate, or give the generator a core or a machine of its own`;
}

/** What a lag that would have made the run invalid did not hide; null where there was none. */
export function lagNote(record: RunRecord, budgets: readonly Budget[], dataOf: ScopeReader): string | null {
  const lag = generatorLag(record, budgets);
  if (!lag.tooLate) return null;
  const broken = brokenByServiceAlone(budgets, dataOf, lag.p99Ms);
  if (!broken) return null;
  const where = `${broken.metric.name} of ${scopeName(broken.scope)}`;
  return `The generator sent late (p99 ${quantityText(lag.p99Ms, 'ms')}), yet service time alone breaks ${where}.`;
}

function sumOfFailures(counts: readonly RequestCounts[]): RequestCounts['failed'] {
  return Object.fromEntries(failureKinds.map(kind => [kind, sum(counts, count => count.failed[kind] ?? 0)]));
}

function sum<Part>(parts: readonly Part[], pick: (part: Part) => number): number {
  return parts.reduce((total, part) => total + pick(part), 0);
}
