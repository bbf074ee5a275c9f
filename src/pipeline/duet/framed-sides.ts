import { PlimsollError } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { LearningRedactor } from '../../safety/secret.ts';
import { afterSetup, teardown } from '../run/framing.ts';
import type { Place, RunningSides } from './duet-sides.ts';

/** What a restart is framed by. */
export interface FramingTerms {
  readonly plan: Plan;
  readonly interrupt?: AbortSignal | undefined;
  /** Told what is to be told at once. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/**
 * Makes the setup once on every side, whose journeys use what was captured there, then the work, and then the teardown of the sides
 * that were set up, whatever became of the work. A setup that fails is a `PlimsollError`; a teardown that fails is noted.
 */
export async function framed<Outcome>(
  running: RunningSides,
  { plan, interrupt, onNote }: FramingTerms,
  work: (running: RunningSides) => Promise<Outcome>,
): Promise<Outcome> {
  if (plan.framing === undefined) return await work(running);
  const redaction = new LearningRedactor(plan.secrets);
  const ready = new Map<string, Plan>();
  const places: { [name: string]: Place } = {};
  try {
    for (const [name, place] of Object.entries(running.places)) {
      const { target, addresses } = place;
      const own = { ...plan, target };
      const after = await afterSetup(own, redaction, { addresses, interrupt }).catch((error: unknown) => {
        throw onSide(name, error);
      });
      ready.set(name, after);
      const { data, setupCookies } = after;
      places[name] = { ...place, data, ...(setupCookies === undefined ? {} : { setupCookies }) };
    }
    running.learn?.(redaction.secrets);
    return await work({ ...running, places });
  } finally {
    for (const [name, own] of ready) {
      const { addresses = [] } = running.places[name] ?? {};
      const { problem } = await teardown(own, redaction, { addresses });
      if (problem !== null) onNote?.(`the teardown failed on ${name}: ${problem.problems[0]?.found}`);
    }
  }
}

function onSide(name: string, error: unknown): unknown {
  if (!(error instanceof PlimsollError)) return error;
  return new PlimsollError(
    error.problems.map(problem => ({ ...problem, where: `${problem.where}, on ${name}` })),
    { cause: error },
  );
}
