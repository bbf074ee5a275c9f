import type { DescriptionCheck, Drift, SeenAnswer } from '../../model/run/description.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { EndpointMeasurement } from '../../model/run/record.ts';
import type { RequestStep } from '../../model/run/scenario.ts';
import type { ApiDescription, DescribedOperation } from './api-description.ts';
import { unknownPart } from './path-matcher.ts';

/** Which operations a plan loads. */
export interface Coverage {
  readonly uncovered: readonly string[];
  readonly undescribed: readonly string[];
  /** By endpoint: the operation that all of its requests belong to. */
  readonly operations: ReadonlyMap<string, DescribedOperation>;
}

/** Finds the operations that the journeys of a plan ask for; setup and teardown are no load. */
export function coverageOf({ journeys, endpoints, target }: Plan, description: ApiDescription): Coverage {
  const asked = new Map<string, Set<DescribedOperation | null>>();
  const ambiguous = new Set<string>();
  for (const step of journeys.flatMap(({ steps }) => steps)) {
    if (step.kind !== 'request') continue;
    const endpoint = endpoints[step.endpoint]?.name ?? '';
    const found =
      description.find(step.method, target.basePath + pathOf(step)) ??
      description.find(step.method, target.basePath + routeIn(endpoint)) ??
      null;
    asked.set(endpoint, (asked.get(endpoint) ?? new Set()).add(found));
    // The answers behind a redirect count under the same name.
    if (step.redirects === 'follow') ambiguous.add(endpoint);
  }
  const covered = new Set([...asked.values()].flatMap(found => [...found]));
  return {
    uncovered: description.operations.filter(one => !covered.has(one)).map(({ name }) => name),
    undescribed: [...asked].filter(([, found]) => found.has(null)).map(([endpoint]) => endpoint),
    operations: new Map(
      [...asked].flatMap(([endpoint, found]) => {
        const [only] = found;
        return found.size === 1 && only && !ambiguous.has(endpoint) ? [[endpoint, only] as const] : [];
      }),
    ),
  };
}

/** The path with what is filled in later, without its query. */
function pathOf({ path: { literals } }: RequestStep): string {
  return literals.join(unknownPart).replace(/[?#].*$/s, '');
}

/** The path of an endpoint that is named as usual: `GET /pets/:id`. */
function routeIn(endpoint: string): string {
  const path = endpoint.replace(/^\S+ /, '');
  return path
    .split('/')
    .map(part => (part.startsWith(':') ? unknownPart : part))
    .join('/');
}

/** Holds a run against a description: the statuses of all its answers, and the whole answers of one pass behind the load. */
export function checkDescription(
  plan: Plan,
  description: ApiDescription,
  {
    endpoints,
    answers,
  }: { readonly endpoints: readonly EndpointMeasurement[]; readonly answers: readonly SeenAnswer[] },
): DescriptionCheck {
  const { uncovered, undescribed, operations } = coverageOf(plan, description);
  const drifts = new Map<string, Drift>();
  const add = (drift: Drift) => {
    const key = JSON.stringify([drift.operation, drift.status, drift.of, drift.detail]);
    drifts.set(key, { ...drift, answers: (drifts.get(key)?.answers ?? 0) + drift.answers });
  };
  for (const { name, windows } of endpoints) {
    const operation = operations.get(name);
    if (operation === undefined) continue;
    for (const [status, count] of windows.flatMap(({ statuses }) => Object.entries(statuses))) {
      if (count === 0 || description.declares(operation, Number(status))) continue;
      add({ operation: operation.name, status: Number(status), of: 'status', detail: null, answers: count });
    }
  }
  const unchecked = new Map<string, string>();
  let looked = 0;
  for (const answer of answers) {
    const operation = description.find(answer.method, answer.target.replace(/[?#].*$/s, ''));
    if (operation === null) continue;
    const fault = description.fault(operation, answer);
    if (fault?.of === 'unchecked') unchecked.set(operation.name, fault.detail);
    else looked += 1;
    if (fault === null || fault.of === 'unchecked') continue;
    add({ operation: operation.name, status: answer.status, of: fault.of, detail: fault.detail, answers: 1 });
  }
  return {
    source: description.source,
    operations: description.operations.length,
    ...{ uncovered, undescribed, answers: looked },
    unchecked: [...unchecked].map(([operation, reason]) => ({ operation, reason })),
    drifts: [...drifts.values()],
  };
}
