import { analyse } from '../analysis/analysis.ts';
import type { Undone } from '../model/judgement/run-note.ts';
import type { Finding } from '../model/judgement/verdict.ts';
import type { RunRecord } from '../model/run/record.ts';

/**
 * What a run was asked to do and did not, though it came to its end. An interrupted or aborted run says itself that it is
 * partial, and an endpoint with a budget of its own has a finding that says so.
 */
export function undoneOf({ measurement }: RunRecord, findings: readonly Finding[]): readonly Undone[] {
  const { completion, endpoints, load, windows } = measurement;
  const { offered, delivered, abandoned, cut = 0, users, dry } = load;
  if (completion.state !== 'complete') return [];
  const undone: Undone[] = [];
  const made = delivered - cut;
  if (dry !== undefined) undone.push({ kind: 'data', ...dry });
  else if (load.model === 'closed' && offered !== null && made < offered) {
    const stages = windows.filter(({ kind }) => kind === 'stage');
    const maxDurationMs = stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
    undone.push({ kind: 'journeys', made, asked: offered, maxDurationMs });
  }
  if (dry === undefined && users !== undefined && users.started < users.asked)
    undone.push({ kind: 'users', ...users });
  const judged = new Set(
    findings.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])),
  );
  const never = endpoints
    .map(({ name }) => name)
    .filter(
      endpoint =>
        !judged.has(endpoint) &&
        analyse(measurement).of({ kind: 'endpoint', endpoint }).figures.requests === 0,
    );
  if (never.length > 0 && never.length < endpoints.length) {
    undone.push({ kind: 'endpoints', endpoints: never, cut, abandoned });
  }
  return undone;
}
