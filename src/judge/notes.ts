import { analyse } from '../analysis/analysis.ts';
import type { ScenarioBudgets } from '../model/judgement/budget.ts';
import { isClustered } from '../model/judgement/evidence.ts';
import type { RunNote, UnusedBudgets } from '../model/judgement/run-note.ts';
import type { Finding } from '../model/judgement/verdict.ts';
import type { RunRecord } from '../model/run/record.ts';

/** What a reader should know of a run though it decides nothing. */
export function notesOf(record: RunRecord, findings: readonly Finding[]): readonly RunNote[] {
  const { header, measurement, newer } = record;
  const { completion, connections, generator, load, windows } = measurement;
  const notes: RunNote[] = [];
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
  if (load.model === 'closed') notes.push({ kind: 'closedModel' });
  if (connections.queued > 0 && load.model === 'open') {
    const { queued: requests, max, peak } = connections;
    notes.push({ kind: 'queued', requests, connections: max ?? peak });
  }
  const { tooLarge = 0 } = analyse(record).of({ kind: 'total' }).figures.failed;
  if (tooLarge > 0) notes.push({ kind: 'tooLarge', requests: tooLarge });
  const clustered = mostClustered(findings);
  if (clustered) {
    const { metric, scope, evidence } = clustered;
    notes.push({ kind: 'bursts', metric, scope, evidence });
  }
  if (generator.sharesMachine) notes.push({ kind: 'sharedMachine' });
  return notes;
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
