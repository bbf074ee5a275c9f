/** A line of a chart, drawn from left to right. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly colour: string;
  readonly isBold: boolean;
}

/** A chart of lines over one pair of axes; values are in the restarts of their ticks. */
export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

/** From the first tick to the last. */
export interface Axis {
  readonly title: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const size = { width: 720, height: 400 };
const frame = { left: 70, right: 180, top: 50, bottom: 60 };
const ink = '#333333';
const grid = '#dddddd';
/** Two names at the right end stand at least so far apart. */
const lineHeight = 16;

/** Draws a chart as an SVG document, readable on light and on dark pages. */
export function lineChartSvg({ title, x, y, series }: LineChart): string {
  const inner = {
    width: size.width - frame.left - frame.right,
    height: size.height - frame.top - frame.bottom,
  };
  const place = (axis: Axis, value: number) => {
    const [first, last] = [axis.ticks[0]?.at ?? 0, axis.ticks.at(-1)?.at ?? 1];
    return (value - first) / (last - first);
  };
  const left = (value: number) => round(frame.left + place(x, value) * inner.width);
  const top = (value: number) => round(frame.top + (1 - place(y, value)) * inner.height);
  const [right, bottom] = [frame.left + inner.width, frame.top + inner.height];
  const rows = y.ticks.flatMap(({ at, label }) => [
    `<line x1="${frame.left}" y1="${top(at)}" x2="${right}" y2="${top(at)}" stroke="${grid}"/>`,
    text(label, frame.left - 8, top(at) + 4, 'end'),
  ]);
  const columns = x.ticks.map(({ at, label }) => text(label, left(at), bottom + 20, 'middle'));
  const lines = series.flatMap(({ points, colour, isBold }) => [
    `<polyline fill="none" stroke="${colour}" stroke-width="${isBold ? 3 : 1.5}"${isBold ? '' : ' stroke-dasharray="6 3"'} points="${points.map(point => `${left(point.x)},${top(point.y)}`).join(' ')}"/>`,
    ...points.map(
      point => `<circle cx="${left(point.x)}" cy="${top(point.y)}" r="${isBold ? 4 : 3}" fill="${colour}"/>`,
    ),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(title, frame.left, 28, 'start', ink, 'bold'),
    ...rows,
    ...columns,
    text(x.title, frame.left + inner.width / 2, size.height - 14, 'middle'),
    `<g transform="rotate(-90 18 ${frame.top + inner.height / 2})">${text(y.title, 18, frame.top + inner.height / 2, 'middle')}</g>`,
    ...lines,
    ...names(series, top).map(({ name, colour, isBold, at }) =>
      text(name, right + 10, at + 4, 'start', colour, isBold ? 'bold' : 'normal'),
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** The names beside the last points, moved apart where they would overlap. */
function names(series: readonly Series[], top: (value: number) => number) {
  const placed = series
    .map(one => ({ ...one, at: top(one.points.at(-1)?.y ?? 0) }))
    .sort((one, other) => one.at - other.at);
  let least = Number.NEGATIVE_INFINITY;
  return placed.map(one => {
    const at = Math.max(one.at, least);
    least = at + lineHeight;
    return { ...one, at };
  });
}

function text(
  content: string,
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  colour = ink,
  weight: 'normal' | 'bold' = 'normal',
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}" font-weight="${weight}">${escaped(content)}</text>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

const escaped = (content: string) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
