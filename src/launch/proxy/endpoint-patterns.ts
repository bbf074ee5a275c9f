import type { Plan } from '../../model/run/plan.ts';
import type { Template } from '../../model/run/scenario.ts';

/**
 * A regular expression for each endpoint of a plan, which the first line of any request to it matches; the first that
 * matches is the request's. Values that fill a path are percent-encoded, so that they hold none of `/?#&=`.
 */
export function endpointPatterns(plan: Pick<Plan, 'endpoints' | 'journeys' | 'target'>): readonly string[] {
  const requests = plan.journeys.flatMap(({ steps }) => steps.filter(step => step.kind === 'request'));
  return plan.endpoints.map((_, endpoint) => {
    const ways = requests
      .filter(request => request.endpoint === endpoint)
      .map(({ method, path }) => `${escaped(`${method} ${plan.target.basePath}`)}${pathPattern(path)}`);
    return `^(?:${[...new Set(ways)].join('|')}) HTTP/`;
  });
}

function pathPattern({ literals }: Template): string {
  return literals.map(escaped).join(`[^/?#&=\\s]*`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
