import type pc from 'picocolors';
import type { Verdict } from '../../model/judgement/verdict.ts';

/** How wide a report is where nothing says how wide the terminal is. */
const usualWidth = 100;
/** Narrower terminals break the lines themselves. */
const leastWidth = 60;

/** What the blocks of a report need to know of the terminal. */
export interface Screen {
  readonly width: number;
  readonly colors: ReturnType<typeof pc.createColors>;
}

/** The colour of a verdict. */
export function paintOf(verdict: Verdict, { colors }: Screen): (text: string) => string {
  if (verdict === 'pass') return colors.green;
  return verdict === 'fail' || verdict === 'invalid' ? colors.red : colors.yellow;
}

/** A screen of these colours, so many columns wide. */
export function screenOf(colors: Screen['colors'], width: number | undefined): Screen {
  return { width: Math.max(leastWidth, width ?? usualWidth), colors };
}
