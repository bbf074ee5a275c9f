import type { DryRun } from '../../model/judgement/dry-run.ts';
import type { Plan } from '../../model/run/plan.ts';
import { number } from '../../words/quantity-text.ts';
import { foreseenText } from '../words/reasons/run-note.ts';

/** What some runs would do, for programs. */
export interface DryRunSummary {
  readonly dryRun: true;
  readonly runs: readonly {
    readonly scenario: string;
    readonly target: string;
    /** The command that starts the API; null where it runs already. */
    readonly serve: string | null;
    readonly load: string;
    readonly budgets: number;
    readonly endpoints: readonly {
      readonly name: string;
      /** Null of a closed load, where answers decide how many there are. */
      readonly requests: number | null;
      readonly requestsPerSecond: number | null;
      readonly hasBudget: boolean;
      readonly sample: string | null;
    }[];
    /** What is measured as a whole; left out where nothing is. */
    readonly transactions?: readonly { readonly name: string; readonly hasBudget: boolean }[];
    readonly notes: readonly string[];
  }[];
}

/** The summary of some dry runs. */
export function dryRunSummaryOf(dryRuns: readonly DryRun[]): DryRunSummary {
  const runs = dryRuns.map(({ plan, expected, unbudgeted, foreseen, budgetCount, samples }) => ({
    scenario: plan.scenario,
    target: plan.target.url,
    serve: plan.serve?.start ?? null,
    load: loadText(plan),
    budgets: budgetCount,
    endpoints: plan.endpoints.map(({ name }, index) => ({
      name,
      requests: expected?.[index]?.requests ?? null,
      requestsPerSecond: expected?.[index]?.perSecond ?? null,
      hasBudget: !unbudgeted.includes(name),
      sample: samples[index]?.text ?? null,
    })),
    ...(plan.transactions === undefined
      ? {}
      : {
          transactions: plan.transactions.map(name => ({ name, hasBudget: !unbudgeted.includes(name) })),
        }),
    notes: foreseen.map(foreseenText),
  }));
  return { dryRun: true, runs };
}

/** So many digits of what a user wrote; a rate by the minute has no end of them. */
const writtenDigits = 6;

/** Its model, its warm-up, its stages. */
function loadText({ load }: Plan): string {
  const seconds = (ms: number) => `${number(ms / 1_000, writtenDigits)} s`;
  const unit = load.model === 'open' ? ' journeys/s' : ' users';
  const stages = load.stages.map(({ duration, from, to }) => {
    const [first, last] = [from, to].map(level => number(level, writtenDigits));
    return `${seconds(duration)} at ${first === last ? first : `${first} to ${last}`}${unit}`;
  });
  const warmup = load.warmup > 0 ? [`${seconds(load.warmup)} of warm-up`] : [];
  const count =
    load.model === 'closed' && load.iterations !== null ? [`${number(load.iterations)} journeys in all`] : [];
  return [`${load.model} model`, ...warmup, ...stages, ...count].join(', ');
}
