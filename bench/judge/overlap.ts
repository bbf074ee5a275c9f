import type { DuetLine } from './duet-line.ts';
import { isSameMachine } from './machine-kind.ts';

/** Of some duets, how many shared a machine for a time with another one that is stored. */
export function sharing(lines: readonly DuetLine[], stored: readonly DuetLine[]): number {
  return lines.filter(line => stored.some(other => other !== line && overlap(line, other))).length;
}

function overlap(one: DuetLine, other: DuetLine): boolean {
  const [[start, end], [otherStart, otherEnd]] = [timesOf(one), timesOf(other)];
  return start < otherEnd && otherStart < end && isSameMachine(one.machine, other.machine);
}

function timesOf({ startedAt, wallMinutes }: DuetLine): readonly [startMs: number, endMs: number] {
  const startMs = Date.parse(startedAt);
  return [startMs, startMs + wallMinutes * 60_000];
}
