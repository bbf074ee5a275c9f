import type { Budget } from '../../model/judgement/budget.ts';
import type { RunNote, Subject } from '../../model/judgement/run-note.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { brokenByServiceAlone, generatorLag } from './generator-lag.ts';
import { isOverworked, latenessCause } from './lateness-cause.ts';
import { poolShortage } from './pool-demand.ts';

/** What a reader should know of the generator, and which of its faults were let pass. */
export function generatorNotes(record: RunRecord, budgets: readonly Budget[]): readonly RunNote[] {
  const { connections, generator, load, origin } = record.measurement;
  if (origin !== undefined) return [];
  const notes: RunNote[] = [];
  const lag = generatorLag(record);
  if (lag.late > 0 && !lag.tooLate) {
    const { late, requests, byMs } = lag;
    notes.push({ kind: 'someLate', late, requests, byMs, cause: latenessCause(generator) });
  }
  const shortage = poolShortage(record);
  const slow = shortage ? brokenByServiceAlone(record, budgets) : undefined;
  if (shortage && slow) {
    notes.push({ kind: 'smallPoolYetBroken', connections: shortage.max, ...subjectOf(slow) });
  }
  if (isOverworked(generator) && !lag.tooLate) {
    const { busy, engine } = generator;
    notes.push({ kind: 'busyWorker', busy, model: load.model, engine });
  }
  if (generator.engine === 'autocannon') notes.push({ kind: 'autocannon' });
  if (connections.proxy) notes.push({ kind: 'proxied', ...connections.proxy });
  if (connections.insecure) notes.push({ kind: 'unverifiedCertificates' });
  return notes;
}

function subjectOf({ metric, scope }: Budget): Subject {
  return { metric, scope };
}
