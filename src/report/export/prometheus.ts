import { printable } from '../../safety/untrusted-text.ts';
import type { Document } from '../document/document.ts';
import { type Gauge, gaugesOf, type Labels } from './series.ts';

/** The longest value of a label. */
const most = 400;

/** The figures of runs in the text format of Prometheus, which is also OpenMetrics: for a textfile collector or a push gateway. */
export function prometheus(document: Document): string {
  return exposition(gaugesOf(document), labelValue);
}

/** The same of each scenario by itself, by its name as it is shown, for a push gateway that keeps them apart. */
export function prometheusByScenario(document: Document): ReadonlyMap<string, string> {
  const gauges = gaugesOf(document);
  const scenarios = new Set(
    gauges.flatMap(({ samples }) => samples.map(({ labels: { scenario = '' } }) => scenario)),
  );
  return new Map(
    [...scenarios].map(scenario => {
      const own = gauges.map(gauge => ({
        ...gauge,
        samples: gauge.samples.filter(({ labels }) => labels.scenario === scenario),
      }));
      return [printable(scenario, most), exposition(own, labelValue)];
    }),
  );
}

/** What a merge request is compared by in GitLab. */
const compared: { readonly [gauge: string]: readonly string[] | null } = {
  error: null,
  requests_per_second: null,
  response_time: ['p50', 'p95', 'p99'],
  signal: null,
};

/**
 * The few figures that people compare, as a GitLab metrics report. GitLab takes what follows `#` for a comment, even in the value of
 * a label, and compares values as texts, so they are rounded.
 */
export function gitlabMetrics(document: Document): string {
  const gauges = gaugesOf(document).flatMap(gauge => {
    const statistics = compared[gauge.name];
    if (statistics === undefined) return [];
    const samples = gauge.samples
      .filter(({ labels: { statistic } }) => statistic === undefined || statistics?.includes(statistic))
      .map(({ labels, value }) => ({ labels, value: Number(value.toPrecision(3)) }));
    return samples.length === 0 ? [] : [{ ...gauge, samples }];
  });
  return exposition(gauges, value => labelValue(value).replaceAll('#', '%23'));
}

const suffixes = { s: '_seconds', By: '_bytes', 1: '_ratio' } as const;

/** The name of a gauge as Prometheus wants it: with its unit. */
function nameOf({ name, unit }: Gauge): string {
  return `plimsoll_${name}${unit === null ? '' : suffixes[unit]}`;
}

function exposition(gauges: readonly Gauge[], shown: (value: string) => string): string {
  const lines = gauges.flatMap(gauge => {
    const name = nameOf(gauge);
    // Names that read alike once they are printable would be one series twice, for which a whole file is refused.
    const samples = new Map<string, number>();
    for (const { labels, value } of gauge.samples) {
      const series = name + labelsText(labels, shown);
      if (!samples.has(series)) samples.set(series, value);
    }
    return [
      `# HELP ${name} ${gauge.help}`,
      `# TYPE ${name} gauge`,
      ...[...samples].map(([series, value]) => `${series} ${value}`),
    ];
  });
  return [...lines, '# EOF', ''].join('\n');
}

function labelsText(labels: Labels, shown: (value: string) => string): string {
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${shown(value)}"`)
    .join(',')}}`;
}

function labelValue(value: string): string {
  return printable(value, most).replaceAll(/["\\]/g, '\\$&');
}
