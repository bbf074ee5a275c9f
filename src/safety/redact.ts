import type { RunRecord } from '../model/run/record.ts';
import { redactor, withoutMessages } from './secret.ts';

/**
 * A run record whose free text (failure details, request ids, target, command, a worker's last words) holds no secret, as
 * `redactor` says; its command keeps no headers and no body either. Endpoint names are not touched, since budgets refer
 * to them.
 */
export function redactRecord(record: RunRecord, secrets: readonly string[]): RunRecord {
  const { header, measurement } = record;
  const clean = redactor(secrets);
  const cleanOrNull = (text: string | null) => (text === null ? null : clean(text));
  const { completion } = measurement;
  return {
    ...record,
    header: { ...header, target: clean(header.target), command: clean(withoutMessages(header.command)) },
    measurement: {
      ...measurement,
      completion: 'reason' in completion ? { ...completion, reason: clean(completion.reason) } : completion,
      slowest: measurement.slowest.map(slow => ({ ...slow, requestId: cleanOrNull(slow.requestId) })),
      failureSamples: measurement.failureSamples.map(sample => ({ ...sample, detail: clean(sample.detail) })),
    },
  };
}
