import type pc from 'picocolors';
import type { Verdict } from '../model/verdict.ts';

/** What the sections of a report need to know of the terminal. */
export interface Screen {
  readonly width: number;
  readonly colors: ReturnType<typeof pc.createColors>;
}

/** The colour of a verdict. */
export function paintOf(verdict: Verdict, { colors }: Screen): (text: string) => string {
  if (verdict === 'pass') return colors.green;
  return verdict === 'fail' || verdict === 'invalid' ? colors.red : colors.yellow;
}
