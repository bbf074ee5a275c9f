import { type Budget, scopeName } from '../../model/judgement/budget.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { counted, duration, percent } from '../../words/quantity-text.ts';
import { brokenByServiceAlone, generatorLag, isOverworked } from './generator-lag.ts';
import { poolShortage } from './pool-demand.ts';

/** What a reader should know of the generator, and which of its faults were let pass, as whole sentences. */
export function generatorNotes(record: RunRecord, budgets: readonly Budget[]): readonly string[] {
  const { connections, generator, load } = record.measurement;
  const notes: string[] = [];
  const lag = generatorLag(record, budgets);
  const late = lag.tooLate ? brokenByServiceAlone(record, budgets, lag.p99Ms) : undefined;
  if (late) {
    notes.push(
      `The generator sent late (p99 ${duration(lag.p99Ms)}), yet service time alone breaks ${named(late)}.`,
    );
  }
  const shortage = poolShortage(record);
  const slow = shortage ? brokenByServiceAlone(record, budgets, 0) : undefined;
  if (shortage && slow) {
    notes.push(
      `The pool of ${counted(shortage.max, 'connection')} was too small, yet service time alone breaks ${named(slow)}.`,
    );
  }
  if (isOverworked(generator) && !lag.tooLate) {
    const share = percent(generator.busy);
    const what = load.model === 'open' ? 'more would make it late' : 'the rate may be its own limit';
    const remedy = generator.engine === 'autocannon' ? 'use engine: http' : 'give it more workers';
    notes.push(`The generator's busiest worker worked ${share} of the time: ${what}, so ${remedy}.`);
  }
  if (generator.engine === 'autocannon') {
    notes.push(
      'autocannon sent the requests: times include its own work, and how late it sent is not known.',
    );
  }
  if (connections.insecure) notes.push('TLS certificates were not verified.');
  return notes;
}

function named({ metric, scope }: Budget): string {
  return `${metric.name} of ${scopeName(scope)}`;
}
