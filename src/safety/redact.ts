import type { RunRecord } from '../model/run/record.ts';
import { isSecretName, redacted, redactor, withoutMessages } from './secret.ts';
import { boundedText, longestKept } from './untrusted-text.ts';

/** So much of the body of a failed answer is kept. */
const longestBody = 1_000;

/**
 * A run record whose free text (failure details, request ids, target, command, a worker's last words) holds no secret, as
 * `redactor` says, and what a target said is no longer than a record keeps; its command keeps no headers and no body either.
 * Endpoint names are not touched, since budgets refer to them.
 */
export function redactRecord(record: RunRecord, secrets: readonly string[]): RunRecord {
  const { header, measurement } = record;
  const clean = redactor(secrets);
  const cleanOrNull = (text: string | null) => (text === null ? null : clean(text));
  const cut = (text: string) => boundedText(clean(text), longestKept);
  const { completion } = measurement;
  return {
    ...record,
    header: {
      ...header,
      target: clean(header.target),
      command: clean(withoutMessages(header.command)),
      ...(header.subject ? { subject: { ...header.subject, serve: cleanOrNull(header.subject.serve) } } : {}),
    },
    measurement: {
      ...measurement,
      completion: 'reason' in completion ? { ...completion, reason: clean(completion.reason) } : completion,
      ...(measurement.serverEnd
        ? { serverEnd: { ...measurement.serverEnd, lastLines: measurement.serverEnd.lastLines.map(cut) } }
        : {}),
      slowest: measurement.slowest.map(slow => ({
        ...slow,
        requestId: slow.requestId === null ? null : cut(slow.requestId),
      })),
      ...(measurement.checks
        ? { checks: measurement.checks.map(one => ({ ...one, check: cut(one.check) })) }
        : {}),
      ...(measurement.errorBodies
        ? { errorBodies: measurement.errorBodies.map(one => ({ ...one, message: cut(one.message) })) }
        : {}),
      ...(measurement.description
        ? {
            description: {
              ...measurement.description,
              drifts: measurement.description.drifts.map(drift => ({
                ...drift,
                detail: drift.detail === null ? null : cut(drift.detail),
              })),
            },
          }
        : {}),
      failureSamples: measurement.failureSamples.map(sample => ({
        ...sample,
        detail: cut(sample.detail),
        ...(sample.body ? { body: boundedText(clean(sample.body), longestBody) } : {}),
      })),
    },
  };
}

/** A histogram as records hold it. It names nothing, and a word in its base64 that looks like a secret's name is chance. */
const histogram = /^HIST[A-Za-z0-9+/]+={0,2}$/;

/**
 * JSON of unknown meaning without what is or looks like a secret, in texts and in names. Below a member that is named like
 * one every text goes; numbers stay, since `tokens: 12` is a count. Histograms stay as they are.
 */
export function redactJson(value: unknown, clean: (text: string) => string, isSecret = false): unknown {
  if (typeof value === 'string') {
    if (histogram.test(value)) return value;
    return isSecret ? redacted : clean(value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(one => redactJson(one, clean, isSecret));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      clean(name),
      redactJson(inner, clean, isSecret || isSecretName(name)),
    ]),
  );
}
