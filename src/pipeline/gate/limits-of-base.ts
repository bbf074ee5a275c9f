import { PlimsollError } from '../../model/error.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { Gate } from './gate.ts';

/** What the base limits and this checkout does not measure is no mistake of the base. */
export async function ofBase({ base }: Gate, limits: Promise<ScenarioBudgets>): Promise<ScenarioBudgets> {
  try {
    return await limits;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const instead = `what the limits of ${base.name} need; or change them first, in a pull request of their own; or --gate head, where somebody decides so`;
    throw new PlimsollError(error.problems.map(problem => ({ ...problem, instead })));
  }
}
