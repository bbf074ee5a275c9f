import { type Restart, sides } from '../../model/duet/duet.ts';

/** Whether there are restarts, and in none of them either side had one expected answer: they say nothing of any build. */
export function nothingAnswered(restarts: readonly Restart[]): boolean {
  const hasAnswer = ({ endpoints }: Restart) =>
    endpoints.some(reading => sides.some(side => reading[side].requests > reading[side].errors));
  return restarts.length > 0 && !restarts.some(hasAnswer);
}
