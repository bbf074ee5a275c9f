import pc from 'picocolors';
import { displayWidth, printable } from '../../safety/untrusted-text.ts';
import type { Document, Part, Section, Title } from '../document/document.ts';
import { shownOn } from '../document/medium.ts';
import { plainText, type Sentence, spoken } from '../words/inline.ts';
import { verdictSigns } from '../words/wording.ts';
import type { RenderOptions } from './render-options.ts';
import { blockLines } from './terminal-blocks.ts';
import { paintOf, type Screen, screenOf } from './terminal-screen.ts';
import { wrapped } from './text-table.ts';

/** A document for a terminal: everything unfolded, in aligned tables; or its sentence alone. */
export function terminal(document: Document, options: RenderOptions = {}): string {
  const { color = false, width, quiet = false } = options;
  const { sentence, overview, parts } = document;
  if (quiet) return `${sentence.verdict === null ? plainText(sentence.said) : spoken(sentence)}\n`;
  const screen = screenOf(pc.createColors(color), width);
  const sections = [
    sentenceLines(sentence, screen),
    ...(overview === undefined ? [] : sectionsLines([overview], screen)),
    ...parts.flatMap(part => partLines(part, screen)),
  ];
  const shown = sections.filter(lines => lines.length > 0).map(lines => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function partLines(part: Part, screen: Screen): readonly (readonly string[])[] {
  const { heading } = part;
  const sections = sectionsLines(part.sections, screen);
  if (heading === null) return sections;
  const title = [rule(printable(heading.name.text, heading.name.most), screen)];
  const sentence = heading.sentence === null ? [] : sentenceLines(heading.sentence, screen);
  return [title, sentence, ...sections];
}

function sectionsLines(sections: readonly Section[], screen: Screen): readonly (readonly string[])[] {
  return shownOn('screen', { sections }).map(section => sectionLines(section, screen));
}

function rule(title: string, { width, colors }: Screen): string {
  return colors.dim(`── ${title} ${'─'.repeat(Math.max(2, width - displayWidth(title) - 4))}`);
}

/** The lines of a sentence that begins with its verdict: sign and colour before what it says in detail. */
function sentenceLines(sentence: Sentence | Title, screen: Screen): readonly string[] {
  const { verdict } = sentence;
  if (verdict === null) return wrapped(plainText(sentence.said), screen.width).map(screen.colors.bold);
  const [first = '', ...rest] = wrapped(`${verdictSigns[verdict]} ${spoken(sentence)}`, screen.width, '  ');
  const end = `${verdictSigns[verdict]} ${verdict}`.length;
  return [screen.colors.bold(paintOf(verdict, screen)(first.slice(0, end))) + first.slice(end), ...rest];
}

/** The blocks of a section below each other, with an empty line before a table that does not begin it. */
function sectionLines({ blocks }: Section, screen: Screen): readonly string[] {
  return blocks.flatMap((block, index) => {
    const lines = blockLines(block, screen);
    return block.kind === 'table' && index > 0 ? ['', ...lines] : lines;
  });
}
