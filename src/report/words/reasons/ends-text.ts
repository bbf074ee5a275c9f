import type { BadEnds } from '../../../model/judgement/finding-reason.ts';
import type { Stop } from '../../../model/judgement/run-note.ts';
import type { FailureKind } from '../../../model/run/failure.ts';
import { number, percent, span } from '../../../words/quantity-text.ts';

/** Why a run was stopped by its `abortOn`, to follow "was". */
export function stoppedText({ errorRate, forMs, durationMs }: Stop): string {
  return `stopped after ${span(durationMs)} because ${percent(errorRate)} of requests failed within ${span(forMs)} (abortOn)`;
}

/** How many requests failed in which way: `400 refused, 2 timed out`. */
export function endsText({ failed, unfinished }: BadEnds): string {
  const parts = (Object.entries(failed) as [FailureKind, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${number(count)} ${failureWords[kind]}`);
  if (unfinished > 0) parts.push(`${number(unfinished)} unfinished`);
  return parts.join(', ');
}

const failureWords: { readonly [kind in FailureKind]: string } = {
  dns: 'with a name that did not resolve',
  refused: 'refused',
  reset: 'reset',
  closed: 'closed without a whole answer',
  timeout: 'timed out',
  tls: 'failed in TLS',
  malformed: 'answered with something that is not HTTP',
  tooLarge: 'with a body that found no room',
  stream: 'with a broken stream',
  status: 'with an unexpected status',
  check: 'with a failed check',
  capture: 'with nothing to capture',
  notSent: 'not sent',
  script: 'failed in code of the scenario',
};
