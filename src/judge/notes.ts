import { type ScenarioBudgets, scopeName } from '../model/judgement/budget.ts';
import type { Finding } from '../model/judgement/verdict.ts';
import type { RunRecord } from '../model/run/record.ts';
import { newerText } from '../words/newer-text.ts';
import { counted, number, span } from '../words/quantity-text.ts';
import { isClustered } from './budgets/reading.ts';
import { stoppedText } from './budgets/wording.ts';

/** What a reader should know of a run though it decides nothing, as whole sentences. */
export function notesOf(
  { header, measurement, newer }: RunRecord,
  findings: readonly Finding[],
): readonly string[] {
  const { completion, connections, generator, load, windows } = measurement;
  const notes: string[] = [];
  if (newer) notes.push(`The record was ${newerText(newer)}.`);
  if (completion.state === 'interrupted') {
    const stages = windows.filter(window => window.kind === 'stage');
    const measuredMs = stages.reduce((sum, window) => sum + window.durationMs, 0);
    notes.push(
      `The run was interrupted (${completion.signal}): this is what ${span(measuredMs)} of measurement say.`,
    );
  }
  if (completion.state === 'aborted')
    notes.push(`The run was ${stoppedText(completion, header.durationMs)}.`);
  if (load.model === 'closed') {
    notes.push(
      'In a closed model each user waits for its answer, so queueing is invisible: a slow target is asked less.',
    );
  }
  if (connections.queued > 0 && load.model === 'open') {
    const pool = counted(connections.max ?? connections.peak, 'connection');
    notes.push(
      `${counted(connections.queued, 'request')} waited for one of ${pool}; response time includes it.`,
    );
  }
  const clustered = mostClustered(findings);
  if (clustered) {
    const { metric, scope, evidence } = clustered;
    const samples = `${number(evidence.samples)} samples of ${metric.name} (${scopeName(scope)})`;
    notes.push(
      `What was slow or failed came in bursts: the ${samples} carry the evidence of about ${number(Math.round(evidence.effectiveSamples))} independent ones.`,
    );
  }
  if (generator.sharesMachine) {
    notes.push('Target and generator share a machine and compete for its cores.');
  }
  return notes;
}

/** That the budgets file speaks of scenarios which nobody knows: a misspelt name would else go unnoticed for ever. */
export function unusedNotes({ file, unused }: Pick<ScenarioBudgets, 'file' | 'unused'>): readonly string[] {
  if (unused.length === 0) return [];
  const names = unused.map(name => JSON.stringify(name)).join(', ');
  return [`${file} has budgets for scenarios that are neither in this run nor beside it: ${names}.`];
}

/** The finding whose evidence suffers most from clustering; undefined where none suffers much. */
function mostClustered(findings: readonly Finding[]): Finding | undefined {
  return findings
    .filter(({ metric, evidence }) => metric.direction === 'atMost' && isClustered(evidence))
    .sort((a, b) => b.evidence.designEffect - a.evidence.designEffect)[0];
}
