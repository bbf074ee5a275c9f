import type { Block, Part, Section } from './document.ts';
import type { Medium, Placed } from './placed.ts';
import type { Table } from './table.ts';

/** What a medium shows of a part: what is for another one is left out, and what is empty then. */
export function shownOn(medium: Medium, { sections }: Pick<Part, 'sections'>): readonly Section[] {
  const isShown = ({ only }: Placed) =>
    only === undefined || only === medium || (only === 'page' && medium === 'drawing');
  const blockOf = (block: Block): Block => {
    if (block.kind === 'list') return { ...block, items: block.items.filter(isShown) };
    if (block.kind === 'facts') return { ...block, facts: block.facts.filter(isShown) };
    return block.kind === 'table' ? withColumns(block, isShown) : block;
  };
  return sections
    .filter(isShown)
    .map(section => ({
      ...section,
      blocks: section.blocks.filter(isShown).map(blockOf).filter(holdsSomething),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}

function withColumns(table: Table, isShown: (column: Placed) => boolean): Table {
  const kept = table.columns.map(isShown);
  return {
    ...table,
    columns: table.columns.filter((_, index) => kept[index]),
    rows: table.rows.map(row => ({ ...row, cells: row.cells.filter((_, index) => kept[index]) })),
  };
}

function holdsSomething(block: Block): boolean {
  switch (block.kind) {
    case 'list':
      return block.items.length > 0;
    case 'facts':
      return block.facts.length > 0;
    case 'entries':
      return block.entries.length > 0;
    case 'table':
      return block.rows.length > 0;
    default:
      return true;
  }
}
