import { isShare, worseSign } from '../../analysis/metrics/share-metric.ts';
import type { DuetRecord, RepeatKind, Restart, StartSpread } from '../../model/duet/duet.ts';
import type { DuetFinding, DuetJudgement, DuetProgress } from '../../model/duet/duet-judgement.ts';
import type { DuetEndReason } from '../../model/duet/duet-reason.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import { counts } from '../../model/judgement/regression.ts';
import { worstOf } from '../../model/judgement/verdict.ts';
import { controlOf } from './control.ts';
import { decisionOf } from './decision.ts';
import { cellsOf, type DuetCell, effectsOf } from './effects.ts';
import { labelClaimOf } from './instances.ts';
import { duetNotesOf } from './notes.ts';
import { type Ruling, ruleRestarts } from './ruling.ts';
import { cellSidesOf, type Sides } from './sides.ts';
import { startMarginOf } from './start-margin.ts';
import { termsOf } from './terms.ts';

/** The parts of a duet that it is judged by. */
type JudgedParts = Pick<DuetRecord, 'layout' | 'contestants' | 'restarts' | 'dropped' | 'continued'> & {
  readonly header: Pick<DuetRecord['header'], 'seed'>;
};

/**
 * Judges a duet as far as it went, from its restarts alone: every endpoint's p50, p95, p99 and error rate, head against
 * base, and whether more restarts are worth their time. Of fewer restarts than the first look takes nothing is decided.
 * `spread` is what is known of starts on this machine; it matters between rounds alone. Beside it stands what the same test says
 * of base against itself.
 */
export function judgeDuet(
  duet: JudgedParts,
  budgets: ScenarioBudgets,
  spread: StartSpread | null,
): DuetJudgement {
  const judgement = judgeSides(duet, budgets, spread);
  const control = controlOf(duet.restarts, restarts => judgeSides({ ...duet, restarts }, budgets, spread));
  return { ...judgement, control };
}

function judgeSides(
  { header, layout, contestants, restarts, dropped = [], continued = [] }: JudgedParts,
  { budgets, regression, onInconclusive }: ScenarioBudgets,
  spread: StartSpread | null,
): Omit<DuetJudgement, 'control'> {
  const { seed } = header;
  const cells = cellsOf(restarts, budgets);
  const effects = effectsOf(restarts, cells);
  const endpoints = new Set(cells.map(({ endpoint }) => endpoint)).size;
  const margin = startMarginOf({ layout, contestants }, endpoints, regression.floor, spread);
  const most = margin?.most ?? null;
  const terms = cells.map(cell => termsOf(cell, restarts, regression, layout.repeat, most));
  const claim = labelClaimOf({ contestants, restarts }, cells, seed);
  const ofLabels = claim?.cells;
  const ruling = ruleRestarts(effects, terms, { seed, mostRestarts: layout.mostRestarts, ofLabels });
  const count = ruling.state === 'looked' ? ruling.restarts : restarts.length;
  const seen = restarts.slice(0, count);
  const sides = cellSidesOf(seen, cells, effects.slice(0, count), terms, ruling, seed);
  const others = endpointsOfOtherRequests(cells, sides, seen);
  const nextLook = ruling.progress.state === 'goesOn' ? ruling.progress.nextLook : null;
  const findings = cells.flatMap((cell, index): readonly DuetFinding[] => {
    const ofCell = ruling.state === 'looked' ? (ruling.cells[index] ?? null) : null;
    const both = sides[index] as Sides;
    if (!cell.required && both.change === null) return [];
    const confounded = !isShare(cell.metric) && both.change !== null && others.has(cell.endpoint);
    const { status, reason } = decisionOf({
      cell,
      ruling: ofCell,
      sides: both,
      restarts: count,
      nextLook,
      layout,
      policy: regression,
      margin,
      labels: claim?.labels ?? null,
    });
    return [
      {
        ...cell,
        status,
        base: both.base,
        head: both.head,
        change: both.change,
        evidence: {
          restarts: ofCell?.restarts ?? effects.filter(restart => (restart[index] ?? null) !== null).length,
          pValue: ofCell?.pValue ?? null,
          established: (ofCell?.establishedAt ?? null) !== null,
          spread: ofCell?.spread ?? null,
          effects: effects.slice(0, count).map(restart => changeOf(restart[index] ?? null, cell)),
        },
        confounded,
        samples: both.requests.base + both.requests.head,
        reason,
      },
    ];
  });
  return {
    verdict:
      ruling.state === 'waiting' || findings.length === 0
        ? 'inconclusive'
        : worstOf(findings.filter(counts).map(({ status }) => ({ verdict: status, firm: false }))).verdict,
    findings,
    progress: progressOf(ruling, findings, restarts.length, layout.repeat),
    notes: duetNotesOf({
      ...{ restarts, dropped, continued, contestants, layout, ruling, findings },
      ...{ margin, seed, terms, cells, claim },
      effects: effects.slice(0, count),
    }),
    policy: regression,
    onInconclusive,
  };
}

/** An effect in the terms in which changes are told. */
function changeOf(effect: number | null, { metric }: DuetCell): number | null {
  if (effect === null) return null;
  return isShare(metric) ? worseSign(metric) * effect : Math.expm1(effect);
}

/** The endpoints whose error rates differ for certain and by enough to matter, either way. */
function endpointsOfOtherRequests(
  cells: readonly DuetCell[],
  sides: readonly Sides[],
  restarts: readonly Restart[],
): ReadonlySet<string> {
  const differing = cells.filter(({ endpoint, metric }, index) => {
    const change = sides[index]?.change;
    if (!metric.countsFailures || !isShare(metric) || !change?.interval) return false;
    const { floor, fewestMore } = metric.comparison.limits;
    const { low, high } = change.interval;
    const isSure = (low ?? -1) > 0 || (high ?? 1) < 0;
    const requests = restarts.flatMap(restart =>
      restart.endpoints.filter(reading => reading.endpoint === endpoint),
    );
    const ofHead = requests.reduce((sum, { head }) => sum + head.requests, 0);
    const more = Math.abs(change.value) * ofHead;
    return isSure && Math.abs(change.value) >= floor && more >= fewestMore;
  });
  return new Set(differing.map(({ endpoint }) => endpoint));
}

function progressOf(
  { progress }: Ruling,
  findings: readonly DuetFinding[],
  measured: number,
  repeat: RepeatKind,
): DuetProgress {
  if (progress.state === 'goesOn') return progress;
  const open = findings.filter(({ required, status }) => required && status === 'inconclusive').length;
  const over = (reason: DuetEndReason): DuetProgress => ({ state: 'over', reason });
  switch (progress.because) {
    case 'failed':
      return over({ kind: 'failed', repeat });
    case 'settled':
      return over({ kind: 'settled', repeat });
    case 'hopeless':
      return over({ kind: 'hopeless', open, repeat });
    case 'usedUp':
      return over({ kind: 'usedUp', measured, repeat });
  }
}
