import type { ApiDescription } from '../../config/description/api-description.ts';
import type { Plan } from '../../model/run/plan.ts';
import { proxiesOf } from '../../safety/proxy/proxy-rules.ts';

/** A plan, and the description that it is held against. */
export interface Described {
  readonly plan: Plan;
  /** Null for none. */
  readonly description: ApiDescription | null;
}

/** How much of a description some scenarios load together. */
export interface CoverageByAll {
  /** The description, for people. */
  readonly source: string;
  readonly operations: number;
  /** Operations that none of them loads. */
  readonly uncovered: readonly string[];
  /** Endpoints that the description does not have. */
  readonly undescribed: readonly string[];
}

/** What scenarios load of the description that they were prepared with; null where there is none. */
export async function coverageByAll(prepared: readonly Described[]): Promise<CoverageByAll | null> {
  const description = prepared[0]?.description ?? null;
  if (description === null) return null;
  const { coverageOf } = await import('../../config/description/description-check.ts');
  const all = prepared.map(({ plan }) => coverageOf(plan, description));
  const { source, operations } = description;
  const isUncovered = (name: string) => all.every(({ uncovered }) => uncovered.includes(name));
  return {
    source,
    operations: operations.length,
    uncovered: operations.map(({ name }) => name).filter(isUncovered),
    undescribed: [...new Set(all.flatMap(({ undescribed }) => undescribed))],
  };
}

/** Reads the description that runs are to be held against; null where they are not. */
export async function descriptionFrom({
  openapi,
  cwd,
  env,
}: {
  readonly openapi?: string | undefined;
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
}): Promise<ApiDescription | null> {
  if (openapi === undefined) return null;
  const { readDescription } = await import('../../config/description/api-description.ts');
  return await readDescription(openapi, cwd, proxiesOf(env));
}
