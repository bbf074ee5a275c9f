import type { Plan } from '../../model/run/plan.ts';
import type { Step } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';

/** How long think times may keep a journey from its first request: of the journey that they keep the least. */
export function leadingThink({ journeys }: Pick<Plan, 'journeys'>): Micros {
  const leads = journeys.map(({ steps }) => {
    const isRequest = ({ kind }: Step) => kind === 'request';
    // Where the way is open, the first request may be any.
    const isOpen = steps.some(({ kind }) => kind === 'unless' || kind === 'pick');
    const first = isOpen ? steps.findLastIndex(isRequest) : steps.findIndex(isRequest);
    return steps.slice(0, Math.max(0, first)).reduce((sum, step) => sum + mostOf(step), 0);
  });
  return micros(leads.length === 0 ? 0 : Math.min(...leads));
}

function mostOf(step: Plan['journeys'][number]['steps'][number]): number {
  return step.kind === 'think' ? millisToMicros(step.max) : 0;
}
