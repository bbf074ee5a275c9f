import { type DuetUnit, sides } from '../../model/duet/duet.ts';

/** Whether there are units, and in none of them either side had one expected answer: they say nothing of any build. */
export function nothingAnswered(units: readonly DuetUnit[]): boolean {
  const hasAnswer = ({ endpoints }: DuetUnit) =>
    endpoints.some(reading => sides.some(side => reading[side].requests > reading[side].errors));
  return units.length > 0 && !units.some(hasAnswer);
}
