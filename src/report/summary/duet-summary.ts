import { type Contestant, type DuetRecord, type Restart, urlsOf } from '../../model/duet/duet.ts';
import type { DuetControl, DuetFinding, JudgedDuet } from '../../model/duet/duet-judgement.ts';
import { worstExitCode } from '../../model/judgement/exit-code.ts';
import { worstOf } from '../../model/judgement/verdict.ts';
import { duetNote } from '../words/duet-note.ts';
import { duetEndReason, duetReason } from '../words/reasons/duet-reason.ts';
import type { DuetSummary, DuetsSummary } from './duet-summary-schema.ts';
import { gateIn } from './gate-summary.ts';
import type { DuetEndCode } from './reason-codes.ts';
import { rounded, roundedOrNull } from './rounded.ts';
import { intervalIn } from './summary-regressions.ts';

/** The flat and stable summary of a judged duet, for programs; `duetSummarySchema` says what each figure means. */
export function duetSummaryOf({ record, judgement, exitCode, gate }: JudgedDuet): DuetSummary {
  const { header, contestants, layout, restarts, end } = record;
  const total = (pick: (restart: Restart) => number) =>
    rounded(restarts.reduce((sum, restart) => sum + pick(restart), 0));
  return {
    schemaVersion: 1,
    kind: 'duet',
    verdict: judgement.verdict,
    exitCode,
    id: header.id,
    scenario: header.scenario,
    startedAt: header.startedAt,
    durationMs: rounded(header.durationMs),
    base: contestantIn(contestants.base),
    head: contestantIn(contestants.head),
    units: {
      kind: layout.repeat,
      measured: restarts.length,
      dropped: record.dropped?.length ?? 0,
      most: layout.mostRestarts,
      continuedAfter: (record.continued ?? []).map(({ after }) => after),
      loadMs: total(({ loadMs }) => loadMs),
      wallMs: total(({ wallMs }) => wallMs),
    },
    end: end.state,
    endReason: endReason(end, judgement.progress),
    endReasonCode: endReasonCode(end, judgement.progress),
    tolerance: judgement.policy.tolerance,
    floor: judgement.policy.floor,
    findings: judgement.findings.map(findingIn),
    control: controlIn(judgement.control),
    notes: judgement.notes.map(duetNote),
    gate: gateIn(gate),
    command: header.command,
  };
}

/** The summary of several heads: that of each, and the worst of their verdicts and exit codes. */
export function duetsSummaryOf(duets: readonly JudgedDuet[]): DuetsSummary {
  const verdicts = duets.map(({ judgement: { verdict } }) => ({ verdict, firm: true }));
  return {
    schemaVersion: 1,
    kind: 'duets',
    verdict: worstOf(verdicts).verdict,
    exitCode: worstExitCode(duets.map(({ exitCode }) => exitCode)),
    duets: duets.map(duetSummaryOf),
  };
}

function endReason(end: DuetRecord['end'], progress: JudgedDuet['judgement']['progress']): string | null {
  if (end.state === 'broken') return end.reason;
  if (end.state === 'interrupted') return end.signal;
  return progress.state === 'over' ? duetEndReason(progress.reason) : null;
}

function endReasonCode(
  end: DuetRecord['end'],
  progress: JudgedDuet['judgement']['progress'],
): DuetEndCode | null {
  if (end.state === 'broken') return end.cause ?? end.state;
  if (end.state === 'interrupted') return end.state;
  return progress.state === 'over' ? progress.reason.kind : null;
}

function contestantIn(side: Contestant): DuetSummary['base'] {
  return side.kind === 'url'
    ? { kind: 'url', name: side.url, commit: null, ...(side.others ? { instances: urlsOf(side) } : {}) }
    : { kind: 'ref', name: side.ref, commit: side.commit };
}

function controlIn(control: DuetControl | null): DuetSummary['control'] {
  if (control === null) return null;
  return {
    units: control.restarts,
    findings: control.findings.map(({ endpoint, metric, base, head, change, evidence }) => ({
      endpoint,
      metric: metric.name,
      base: roundedOrNull(base),
      head: roundedOrNull(head),
      change: roundedOrNull(change?.value ?? null),
      changeInterval: intervalIn(change?.interval ?? null),
      established: evidence.established,
      pValue: roundedOrNull(evidence.pValue),
    })),
  };
}

function findingIn(finding: DuetFinding): DuetSummary['findings'][number] {
  const { change, evidence } = finding;
  return {
    endpoint: finding.endpoint,
    metric: finding.metric.name,
    unit: finding.metric.unit,
    status: finding.status,
    required: finding.required,
    base: roundedOrNull(finding.base),
    head: roundedOrNull(finding.head),
    change: roundedOrNull(change?.value ?? null),
    changeInterval: intervalIn(change?.interval ?? null),
    confounded: finding.confounded,
    established: evidence.established,
    pValue: roundedOrNull(evidence.pValue),
    spread: roundedOrNull(evidence.spread),
    units: evidence.restarts,
    samples: finding.samples,
    reason: duetReason(finding),
    reasonCode: finding.reason.kind,
  };
}
