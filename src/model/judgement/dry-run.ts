import type { Plan } from '../run/plan.ts';
import type { Foreseen } from './run-note.ts';

/** What a run would do, for people who look before they leap. */
export interface DryRun {
  /** To be shown: the commands that make and start the API hold no secret. */
  readonly plan: Plan;
  /** Null of a closed load, where answers decide how many requests there are. */
  readonly expected: readonly { readonly perSecond: number; readonly requests: number }[] | null;
  readonly unbudgeted: readonly string[];
  readonly foreseen: readonly Foreseen[];
  readonly budgetCount: number;
  /** One request of each endpoint as it would be sent, without secrets. */
  readonly samples: readonly { readonly endpoint: string; readonly text: string }[];
}
