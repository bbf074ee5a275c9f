import { unreachable } from '../../engine/slots/duet-layout.ts';
import type { DuetLayout } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { span } from '../../words/quantity-text.ts';

/** Refuses a plan whose engine cannot take turns. */
export function assertPlayable({ engine, file, scenario, data, tokens }: Plan): void {
  if (tokens !== undefined) {
    throw problem('duet.unsupported-auth', {
      where: `${file ?? scenario}, auth`,
      found: 'oauth2, whose token is fetched before the load',
      expected: 'credentials that are there before, such as bearer with a command',
    });
  }
  const once = data.find(({ pick }) => pick === 'unique');
  if (once !== undefined) {
    throw problem('duet.unsupported-data', {
      where: `${file ?? scenario}, data.${once.name}`,
      found: 'pick: unique',
      expected: 'rows that can be used again, since each restart begins anew',
    });
  }
  if (engine === 'http') return;
  throw problem('duet.unsupported-engine', {
    where: `${file ?? scenario}, engine`,
    found: `engine: ${engine}`,
    expected: 'engine: http, since a duet loads its sides in turns of a quarter of a second',
  });
}

/** Refuses a plan of which a restart would end before some endpoint is requested, whichever build is the faster. */
export function assertReachable(plan: Plan, layout: DuetLayout): void {
  const { restartMs, endpoints } = unreachable(plan, layout);
  const [first] = endpoints;
  if (first === undefined) return;
  throw problem('duet.unreached-endpoint', {
    where: `${plan.file ?? plan.scenario}, think`,
    found: `${first.endpoint} comes after ${span(first.afterMs)} of think time, and a side has ${span(restartMs)} of its own in a restart`,
    expected: 'every endpoint to be requested in every restart',
  });
}
