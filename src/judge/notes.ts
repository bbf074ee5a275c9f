import { analyse } from '../analysis/analysis.ts';
import type { ScenarioBudgets } from '../model/judgement/budget.ts';
import { isClustered } from '../model/judgement/evidence.ts';
import type { RunNote, UnusedBudgets } from '../model/judgement/run-note.ts';
import type { Finding } from '../model/judgement/verdict.ts';
import type { Measurement, RunRecord } from '../model/run/record.ts';
import type { ResultsOrigin } from '../model/run/results.ts';

/** What a reader should know of a run though it decides nothing. */
export function notesOf(record: RunRecord, findings: readonly Finding[]): readonly RunNote[] {
  const { header, measurement, newer } = record;
  const { completion, connections, generator, load, origin, windows } = measurement;
  const notes: RunNote[] = [];
  if (origin) notes.push(...originNotes(origin, record));
  if (newer) notes.push({ kind: 'newer', newer });
  if (completion.state === 'interrupted') {
    const stages = windows.filter(window => window.kind === 'stage');
    const measuredMs = stages.reduce((sum, window) => sum + window.durationMs, 0);
    notes.push({ kind: 'interrupted', signal: completion.signal, measuredMs });
  }
  if (completion.state === 'aborted') {
    const { errorRate, forMs } = completion;
    notes.push({ kind: 'stopped', stop: { errorRate, forMs, durationMs: header.durationMs } });
  }
  notes.push(...redirectNotes(measurement));
  for (const counts of measurement.errorBodies ?? []) notes.push({ kind: 'errorBodies', ...counts });
  for (const code of measurement.blocking ?? []) notes.push({ kind: 'blockingCode', ...code });
  if (load.model === 'closed' && !origin) notes.push({ kind: 'closedModel' });
  if (connections.queued > 0 && load.model === 'open') {
    const { queued: requests, max, peak } = connections;
    notes.push({ kind: 'queued', requests, connections: max ?? peak });
  }
  const { tooLarge = 0 } = analyse(record).of({ kind: 'total' }).figures.failed;
  if (tooLarge > 0) notes.push({ kind: 'tooLarge', requests: tooLarge });
  const { droppedLogBytes: bytes = 0 } = measurement;
  if (bytes > 0) notes.push({ kind: 'logCut', bytes });
  const clustered = mostClustered(findings);
  if (clustered) {
    const { metric, scope, evidence } = clustered;
    notes.push({ kind: 'bursts', metric, scope, evidence });
  }
  if (generator.sharesMachine) notes.push({ kind: 'sharedMachine' });
  return notes;
}

/** What a reader should know of figures that another tool measured. */
function originNotes(origin: ResultsOrigin, record: RunRecord): readonly RunNote[] {
  const { tool, format, endpoints, failures, summaries } = origin;
  const { errors } = analyse(record).of({ kind: 'total' }).figures;
  return [
    { kind: 'otherTool', tool, format },
    ...(summaries === null ? [] : [{ kind: 'summaryOnly', tool, errors } as const]),
    ...(endpoints === 'none' ? [{ kind: 'noEndpoints', tool, format } as const] : []),
    ...(failures === 'all' ? [] : [{ kind: 'answeredOnly', tool, format } as const]),
  ];
}

/** What a client would follow; 304 answers a condition. */
const redirectStatuses = ['301', '302', '303', '307', '308'];
/** The share of answers from which on an endpoint is not the one that was meant. */
const mostly = 0.9;

function redirectNotes(measurement: Measurement): readonly RunNote[] {
  return measurement.endpoints.flatMap(({ name: endpoint, expected = [] }): readonly RunNote[] => {
    const { statuses } = analyse(measurement).of({ kind: 'endpoint', endpoint }).figures;
    const found = redirectStatuses.filter(
      status => (statuses[status] ?? 0) > 0 && !expected.includes(Number(status)),
    );
    const redirects = found.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
    const answers = Object.values(statuses).reduce((sum, count) => sum + count, 0);
    if (redirects === 0 || redirects < mostly * answers) return [];
    return [{ kind: 'redirects', endpoint, redirects, answers, statuses: found.map(Number) }];
  });
}

/** The budgets that nobody uses, of a file. */
export function unusedNotes({
  file,
  unused,
}: Pick<ScenarioBudgets, 'file' | 'unused'>): readonly UnusedBudgets[] {
  return unused.length === 0 ? [] : [{ kind: 'unusedBudgets', file, scenarios: unused }];
}

/** The finding whose evidence suffers most from clustering; undefined where none suffers much. */
function mostClustered(findings: readonly Finding[]): Finding | undefined {
  return findings
    .filter(({ metric, evidence }) => metric.direction === 'atMost' && isClustered(evidence))
    .sort((a, b) => b.evidence.designEffect - a.evidence.designEffect)[0];
}
