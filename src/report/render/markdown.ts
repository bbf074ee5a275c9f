import { markdownCode } from '../../safety/untrusted-text.ts';
import { counted } from '../../words/quantity-text.ts';
import type { Document, Part, Section } from '../document/document.ts';
import { shownOn } from '../document/medium.ts';
import type { Table } from '../document/table.ts';
import { markdownBlock } from './markdown-blocks.ts';
import { markdownSentence } from './markdown-text.ts';
import type { RenderOptions } from './render-options.ts';

/** GitHub refuses a step summary over 1 MiB: this leaves room for what else the step writes. */
const usualBytes = 900_000;

/**
 * A document in GitHub's Markdown: the sentence, what is always visible, and the rest folded. It never exceeds
 * `maxBytes` of UTF-8: what does not fit is left out, sections before scenarios, and counted.
 */
export function markdown(document: Document, { maxBytes = usualBytes }: RenderOptions = {}): string {
  const { parts } = document;
  const { overview } = document;
  const opening = joined([
    markdownSentence(document.sentence),
    ...(overview === undefined ? [] : [overviewText(overview, maxBytes / 3)]),
  ]);
  let room = maxBytes - bytesOf(opening) - bytesOf(leftOut(parts.length, 'scenario'));
  const fits = (block: string): boolean => {
    const bytes = bytesOf(block);
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };
  const shown = parts
    .map(part => ({ ...partTexts(part), kept: [] as string[], left: 0 }))
    .filter(({ visible }) => fits(visible + leftOut(9, 'section')));
  for (const part of shown) {
    for (const fold of part.folds) {
      if (fits(fold)) part.kept.push(fold);
      else part.left += 1;
    }
  }
  const blocks = [
    opening,
    ...shown.flatMap(({ visible, kept, left }) => [visible, ...kept, leftOut(left, 'section')]),
    leftOut(parts.length - shown.length, 'scenario'),
  ];
  return `${joined(blocks)}\n`;
}

/** What is always visible comes first, then the folds, those first that hold what the verdict rests on. */
function partTexts(part: Part): { readonly visible: string; readonly folds: readonly string[] } {
  const { heading } = part;
  const sections = shownOn('page', part);
  const title =
    heading === null
      ? []
      : [
          `### ${markdownCode(heading.name.text, heading.name.most)}`,
          ...(heading.sentence === null ? [] : [markdownSentence(heading.sentence)]),
        ];
  const decides = ({ fold }: Section) => fold?.decides === true;
  const folds = [...sections.filter(decides), ...sections.filter(section => !decides(section))].flatMap(
    ({ fold, blocks }) => (fold === null ? [] : [folded(fold.title, blocks.map(markdownBlock))]),
  );
  const visible = sections.filter(({ fold }) => fold === null).flatMap(({ blocks }) => blocks);
  return { visible: joined([...title, ...visible.map(markdownBlock)]), folds };
}

/** What stands above the parts: of a table as many rows as the room allows, and nothing that has none. */
function overviewText(overview: Section, mostBytes: number): string {
  const blocks = shownOn('page', { sections: [overview] }).flatMap(section => section.blocks);
  const text = joined(
    blocks.map(block => (block.kind === 'table' ? rowsText(block, mostBytes) : markdownBlock(block))),
  );
  return bytesOf(text) > mostBytes ? '' : text;
}

function rowsText(table: Table, mostBytes: number): string {
  const { rows } = table;
  let shown = rows.length;
  const text = () => markdownBlock({ ...table, rows: rows.slice(0, shown), omitted: rows.length - shown });
  while (shown > 1 && bytesOf(text()) > mostBytes) shown = Math.floor(shown / 2);
  return text();
}

function folded(title: string, blocks: readonly string[]): string {
  return `<details>\n<summary>${title}</summary>\n\n${joined(blocks)}\n\n</details>`;
}

function joined(blocks: readonly string[]): string {
  return blocks.filter(block => block !== '').join('\n\n');
}

function leftOut(count: number, noun: string): string {
  return count === 0 ? '' : `_${counted(count, noun)} left out, since the report would be too long._`;
}

/** With the blank line that follows it. */
function bytesOf(block: string): number {
  return Buffer.byteLength(block) + 2;
}
