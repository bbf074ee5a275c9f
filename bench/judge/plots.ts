import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineChartSvg, type Series } from './line-chart.ts';
import { rules } from './rules.ts';
import { countOf, type Tally } from './tally.ts';
import { workloads } from './workloads.ts';

/** The spread between starts that is drawn. */
const drawnSpread = 0.03;
const colours = ['#b35900', '#8a6d00', '#7a3e9d', '#5c5c5c'];

/** Draws how often each rule accuses, by how much slower head is, and writes a picture for each workload and kind of change. */
export function writePlots(folder: string, tallies: readonly Tally[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Object.values(workloads).flatMap(({ name, title }) =>
    (['scale', 'tail'] as const).flatMap(kind => {
      const drawn = tallies
        .filter(({ workload, spread }) => workload === name && spread === drawnSpread)
        .filter(({ rule }) => rule.kind === 'none' || rule.kind === kind)
        .toSorted((one, other) => percentOf(one) - percentOf(other));
      // One point is no line.
      if (drawn.length < 2) return [];
      const where = kind === 'scale' ? 'all of its times' : 'p95 alone';
      const file = join(folder, `accused-${name}-${kind}.svg`);
      writeFileSync(
        file,
        lineChartSvg({
          title: `How often head is accused: ${title}`,
          x: {
            title: `one endpoint of head is slower by, on ${where}`,
            ticks: [0, 5, 10, 15, 20, 25].map(at => ({ at, label: at === 0 ? 'unchanged' : `${at} %` })),
          },
          y: {
            title: 'accused',
            ticks: [0, 20, 40, 60, 80, 100].map(at => ({ at, label: `${at} %` })),
          },
          series: seriesOf(drawn),
        }),
      );
      return [file];
    }),
  );
}

function seriesOf(tallies: readonly Tally[]): readonly Series[] {
  const line = (
    name: string,
    colour: string,
    isBold: boolean,
    accused: (tally: Tally) => number,
  ): Series => ({
    name,
    colour,
    isBold,
    points: tallies.map(tally => ({ x: percentOf(tally), y: (100 * accused(tally)) / tally.duets })),
  });
  return [
    ...rules
      .filter(({ isCharted }) => isCharted)
      .map(({ name }, index) =>
        line(name, colours[index % colours.length] ?? '#000000', false, ({ rules: by }) => by[name] ?? 0),
      ),
    line('Plimsoll', '#00539c', true, tally =>
      countOf(tally, tally.rule.kind === 'none' ? ['caught', 'accused'] : ['caught']),
    ),
  ];
}

const percentOf = ({ rule }: Tally) => (rule.kind === 'none' ? 0 : 100 * rule.factor);
