import type { Load } from '../../model/run/scenario.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';

/** The load of a plan; a fixed count is one stage of its longest duration with its number of journeys. */
export function loadOf(load: ScenarioFile['load']): Load {
  if (load.model === 'open') {
    const stages = load.stages.map(({ duration, rate: { from, to } }) => ({ duration, from, to }));
    return { model: 'open', warmup: load.warmup, arrivals: load.arrivals, stages };
  }
  const { warmup, pacing, stagger } = load;
  const model = 'closed' as const;
  const closed = stagger === 'none' ? { model, warmup, pacing, stagger } : { model, warmup, pacing };
  if ('stages' in load) {
    const stages = load.stages.map(({ duration, users: { from, to } }) => ({ duration, from, to }));
    return { ...closed, stages, iterations: null };
  }
  const { users, iterations, maxDuration: duration } = load;
  return { ...closed, stages: [{ duration, from: users, to: users }], iterations };
}
