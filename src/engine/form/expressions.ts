import type { Plan } from '../../model/run/plan.ts';
import type { Expression, Journey, RequestStep } from '../../model/run/scenario.ts';
import { secretsOfSigning } from '../../model/run/signing.ts';

/** What fills the holes of a request and of its signature. */
function expressionsOf({ path, headers, body, signing }: RequestStep): readonly Expression[] {
  const templates = [path, ...headers.map(({ value }) => value), ...(body === null ? [] : [body.template])];
  const secrets = signing === undefined ? [] : secretsOfSigning(signing);
  return [...templates, ...secrets]
    .flatMap(({ expressions }) => expressions)
    .flatMap(one => (one.kind === 'joined' ? one.template.expressions : [one]));
}

/** The slots of captures that are used, and only as whole values of JSON bodies. */
export function slotsThatKeepNull({ steps }: Journey): ReadonlySet<number> {
  const asked = steps
    .flatMap(step => (step.kind === 'unless' ? step.condition : []))
    .flatMap(condition => [condition.value, ...('other' in condition ? [condition.other] : [])])
    .flatMap(({ expressions }) => expressions.map(expression => ({ ...expression, whole: true as const })));
  const uses = steps
    .flatMap(step => (step.kind === 'request' ? expressionsOf(step) : []))
    .concat(asked)
    .filter(expression => expression.kind === 'capture');
  const asText = new Set(uses.filter(({ whole }) => whole !== true).map(({ slot }) => slot));
  return new Set(uses.map(({ slot }) => slot).filter(slot => !asText.has(slot)));
}

/** Of the data sets that a journey uses, and whose rows are used once, the shortest, and how many rows it has. */
export function scarcestSet(
  { steps }: Journey,
  { data }: Pick<Plan, 'data'>,
): { readonly set: number; readonly rows: number } | null {
  const used = steps
    .flatMap(step => (step.kind === 'request' ? expressionsOf(step) : []))
    .flatMap(expression => (expression.kind === 'data' ? [expression.set] : []));
  const sets = [...new Set(used)]
    .filter(set => data[set]?.pick === 'unique')
    .map(set => ({ set, rows: data[set]?.rows.length ?? 0 }));
  return sets.sort((a, b) => a.rows - b.rows)[0] ?? null;
}
