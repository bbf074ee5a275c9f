import type { Step } from './scenario.ts';

/**
 * How often a journey comes to each of its steps at most, on average: a pick shares its journeys out by weight, and every
 * condition is taken to hold, as is its opposite.
 */
export function visitsOf(steps: readonly Step[]): readonly number[] {
  const visits = new Array<number>(steps.length + 1).fill(0);
  visits[0] = 1;
  const add = (at: number, count: number) => {
    visits[at] = (visits[at] ?? 0) + count;
  };
  for (const [index, step] of steps.entries()) {
    const count = visits[index] ?? 0;
    if (step.kind === 'pick') {
      const weights = step.branches.reduce((sum, { weight }) => sum + weight, 0);
      for (const { weight, to } of step.branches) add(to, (count * weight) / weights);
    } else if (step.kind === 'unless') {
      add(index + 1, count);
      if (hasElse(steps, step.to)) add(step.to, count);
    } else if (step.kind !== 'goto') add(index + 1, count);
    else if (step.leaves === 'oneOf') add(step.to, count);
  }
  return visits.slice(0, steps.length);
}

/** The least sum of think times, in ms, on the way to each step. */
export function leastThinkTo(steps: readonly Step[]): readonly number[] {
  const least = new Array<number>(steps.length + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  for (const [index, step] of steps.entries()) {
    const here = (least[index] ?? 0) + (step.kind === 'think' ? step.min : 0);
    for (const to of nextOf(step, index)) least[to] = Math.min(least[to] ?? here, here);
  }
  return least.slice(0, steps.length);
}

/** Whether each step is made only where a condition holds, or does not hold. */
export function conditionalSteps(steps: readonly Step[]): readonly boolean[] {
  const conditional = new Array<boolean>(steps.length).fill(false);
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'unless') continue;
    const before = steps[step.to - 1];
    const end = hasElse(steps, step.to) && before?.kind === 'goto' ? before.to : step.to;
    conditional.fill(true, index + 1, end);
  }
  return conditional;
}

/** A step's number among requests and pauses, from 1, by its position. */
export function stepNumber(steps: readonly Step[], position: number): number {
  return steps.slice(0, position + 1).filter(({ kind }) => kind === 'request' || kind === 'think').length;
}

/** Whether what stands before the target of a condition leads around its other part. */
function hasElse(steps: readonly Step[], to: number): boolean {
  const before = steps[to - 1];
  return before?.kind === 'goto' && before.leaves === 'if' && before.to > to;
}

function nextOf(step: Step, index: number): readonly number[] {
  if (step.kind === 'goto') return [step.to];
  if (step.kind === 'unless') return [index + 1, step.to];
  return step.kind === 'pick' ? step.branches.map(({ to }) => to) : [index + 1];
}
