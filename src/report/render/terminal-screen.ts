import type pc from 'picocolors';
import type { Verdict } from '../../model/judgement/verdict.ts';
import { verdictSigns } from '../words/wording.ts';
import { wrapped } from './text-table.ts';

/** How wide a report is where nothing says how wide the terminal is. */
const usualWidth = 100;
/** Narrower terminals break the lines themselves. */
const leastWidth = 60;

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

/** A screen of these colours, so many columns wide. */
export function screenOf(colors: Screen['colors'], width: number | undefined): Screen {
  return { width: Math.max(leastWidth, width ?? usualWidth), colors };
}

/** The lines of a sentence that begins with its verdict: sign and colour before what it says in detail. */
export function verdictLines(text: string, verdict: Verdict, screen: Screen): readonly string[] {
  const [first = '', ...rest] = wrapped(`${verdictSigns[verdict]} ${text}`, screen.width, '  ');
  const end = first.search(/[:(]/);
  const lead = end < 0 ? first : first.slice(0, end);
  return [screen.colors.bold(paintOf(verdict, screen)(lead)) + first.slice(lead.length), ...rest];
}

/** Blocks of lines with an empty line between them. */
export function blocks(sections: readonly (readonly string[])[]): string {
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n');
}
