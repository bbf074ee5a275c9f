import type { BlockingCode } from '../../model/code/user-code.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Measurement } from '../../model/run/record.ts';
import type { WorkerTally } from '../loop/worker-messages.ts';

/** What all workers counted of answers and of the code of the scenario; what there is none of is left out. */
export function countsOf(
  plan: Pick<Plan, 'endpoints'>,
  tallies: readonly WorkerTally[],
): Pick<Measurement, 'errorBodies' | 'blocking' | 'checks'> {
  const errorBodies = errorBodiesIn(plan, tallies);
  const blocking = blockingIn(plan, tallies);
  const checks = checksIn(plan, tallies);
  return {
    ...(errorBodies.length === 0 ? {} : { errorBodies }),
    ...(blocking.length === 0 ? {} : { blocking }),
    ...(checks.length === 0 ? {} : { checks }),
  };
}

function errorBodiesIn({ endpoints }: Pick<Plan, 'endpoints'>, tallies: readonly WorkerTally[]) {
  const all = tallies.flatMap(({ errorBodies }) => errorBodies);
  return endpoints.flatMap(({ name }, index) => {
    const [first, ...others] = all.filter(({ endpoint }) => endpoint === index);
    if (first === undefined) return [];
    const sum = (pick: 'seen' | 'withErrors') =>
      others.reduce((total, other) => total + other[pick], first[pick]);
    return [{ endpoint: name, seen: sum('seen'), withErrors: sum('withErrors'), message: first.message }];
  });
}

/** Steps that share an endpoint share what is counted of their functions. */
function blockingIn({ endpoints }: Pick<Plan, 'endpoints'>, tallies: readonly WorkerTally[]) {
  const all = new Map<string, BlockingCode>();
  for (const { kind, endpoint: index, times, longestMs } of tallies.flatMap(tally => tally.blocking)) {
    const key = `${kind} ${index}`;
    const before = all.get(key);
    all.set(key, {
      endpoint: endpoints[index]?.name ?? '',
      function: kind,
      times: times + (before?.times ?? 0),
      longestMs: Math.max(longestMs, before?.longestMs ?? 0),
    });
  }
  return [...all.values()];
}

/** Steps that share an endpoint share the checks of one name. */
function checksIn({ endpoints }: Pick<Plan, 'endpoints'>, tallies: readonly WorkerTally[]) {
  const counts = new Map<string, { endpoint: string; check: string; passed: number; failed: number }>();
  for (const { endpoint: index, check, passed, failed } of tallies.flatMap(({ checks }) => checks)) {
    const endpoint = endpoints[index]?.name ?? '';
    const key = JSON.stringify([endpoint, check]);
    const count = counts.get(key) ?? { endpoint, check, passed: 0, failed: 0 };
    counts.set(key, { ...count, passed: count.passed + passed, failed: count.failed + failed });
  }
  return [...counts.values()];
}
