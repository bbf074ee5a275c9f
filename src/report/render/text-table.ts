import { displayWidth, padded, shortened } from '../../safety/untrusted-text.ts';

/** One column of a table on a terminal; the first one shrinks where the table is too wide. */
export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Columns that may go where there is no room, lowest first; never, if absent. */
  readonly goes?: number;
  /** True of a column that gets the room that the others leave, and is cut to it. */
  readonly fills?: true;
}

/** One cell: its text, and how the padded text is coloured. */
export interface TextCell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

const gap = '  ';
/** The first column is not cut below this while another can go, and never below the other. */
const comfortableFirst = 24;
const leastFirst = 14;

/** A column that fills the rest is not cut below this. */
const leastFill = 36;

/** An aligned table of at most `width` columns, as lines: columns are dropped and the first shortened to make room. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly TextCell[])[],
  width: number,
  paintTitle: (text: string) => string,
): readonly string[] {
  const natural = columns.map((column, index) =>
    rows.reduce(
      (most, row) => Math.max(most, displayWidth(row[index]?.text ?? '')),
      displayWidth(column.title),
    ),
  );
  const least = natural.map((own, index) => (columns[index]?.fills ? Math.min(own, leastFill) : own));
  const kept = keptColumns(columns, least, width);
  const others = kept.slice(1).reduce((sum, index) => sum + gap.length + (least[index] ?? 0), 0);
  const first = Math.min(natural[0] ?? 0, Math.max(leastFirst, width - others));
  const spare = Math.max(0, width - others - first);
  const rooms = least.map((own, index) =>
    index === 0 ? first : Math.min(natural[index] ?? 0, own + (columns[index]?.fills ? spare : 0)),
  );
  const line = (cells: readonly TextCell[]) =>
    kept
      .map((index, place) => {
        const { text, paint } = cells[index] ?? { text: '' };
        const room = rooms[index] ?? 0;
        const isLast = place === kept.length - 1;
        const shown = aligned(
          index === 0 || columns[index]?.fills ? shortened(text, room) : text,
          room,
          columns[index]?.align,
          isLast,
        );
        return paint ? paint(shown) : shown;
      })
      .join(gap)
      .trimEnd();
  const titles = columns.map(({ title }) => ({ text: title, paint: paintTitle }));
  return [titles, ...rows].map(line);
}

function keptColumns(
  columns: readonly TextColumn[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const widthOf = (kept: readonly number[], firstAtMost: number) =>
    kept.reduce((sum, index) => {
      const own = natural[index] ?? 0;
      return sum + (index === 0 ? Math.min(own, firstAtMost) : gap.length + own);
    }, 0);
  let kept = columns.map((_, index) => index);
  const order = kept
    .filter(index => columns[index]?.goes !== undefined)
    .sort((one, other) => (columns[one]?.goes ?? 0) - (columns[other]?.goes ?? 0));
  for (const [place, dropped] of order.entries()) {
    if (widthOf(kept, place === 0 ? comfortableFirst : leastFirst) <= width) break;
    kept = kept.filter(index => index !== dropped);
  }
  return kept;
}

function aligned(
  text: string,
  room: number,
  align: TextColumn['align'] | undefined,
  isLast: boolean,
): string {
  if (align === 'right') return ' '.repeat(Math.max(0, room - displayWidth(text))) + text;
  return isLast ? text : padded(text, room);
}

/** Spaces at which a line may end: not between a number and its unit, a method and its path, a sign and its number. */
const breakable = / (?!(?<=\d )(?:µs|ms|s|min|h|[kMGT]?B)\b|(?<=[A-Z] )\/|(?<=[≤≥×] )\d|(?<=\d )×)/;

/** Prose broken into lines of at most `width` columns: `lead` stands before the first, `indent` before the others. */
export function wrapped(text: string, width: number, indent = '', lead = ''): readonly string[] {
  const lines: string[] = [];
  let line = lead;
  let isEmpty = true;
  const end = () => {
    lines.push(line);
    line = indent;
    isEmpty = true;
  };
  for (const word of text.split(breakable).flatMap(long => pieces(long, width - indent.length))) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) end();
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  end();
  return lines;
}

/** A word that no line can hold, in parts that one can. */
function pieces(word: string, room: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (part !== '' && displayWidth(part + character) > room) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
