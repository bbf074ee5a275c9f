import { readFileSync } from 'node:fs';
import type { EncodedHistogram, Measurement, RecordHeader, RunRecord } from '../../src/model/run/record.ts';
import { micros } from '../../src/model/units.ts';
import { Histogram } from '../../src/stats/histogram.ts';
import { uniform } from '../../src/stats/random.ts';
import { indexEntryOf } from '../../src/store/records/index-entry.ts';
import { indexEntryText } from '../../src/store/records/index-entry-schema.ts';
import { recordFileName } from '../../src/store/records/record-file.ts';
import { parseRecord } from '../../src/store/records/record-reader.ts';

/** A run as a store holds it. */
export interface MadeRun {
  readonly header: RecordHeader;
  /** The name of its file. */
  readonly name: string;
  readonly record: string;
  readonly indexEntry: string;
}

/** The scenarios that a made store holds: each run measures the next one. */
export const scenarios = ['browse-bills', 'vote', 'search', 'sign-in'];
const sample = new URL('../../reports/sample/record.json', import.meta.url);
/** How many different measurements there are: making one takes far longer than giving it another header. */
const variants = 12;
/** How far runs differ at most: the log of the factor. */
const spread = 0.05;
/** The workload of a scenario changes after so many of its runs. */
const runsOfWorkload = 1_000;

/**
 * So many runs of a real one's size, oldest first, an hour apart. Each commit is measured once by every scenario; every fifth
 * run was saved on purpose, or all were.
 */
export function* madeRuns(
  count: number,
  commits: readonly string[],
  { areSaved }: { readonly areSaved: boolean },
): Generator<MadeRun> {
  const template = parseRecord(readFileSync(sample, 'utf8'), 'reports/sample/record.json');
  const made = Array.from({ length: variants }, (_, variant) => {
    const measurement = scaled(template.measurement, Math.exp(spread * (2 * uniform(1, 1, variant) - 1)));
    return {
      measurement,
      text: JSON.stringify(measurement),
      entry: indexEntryOf({ ...template, measurement }),
    };
  });
  for (let run = 0; run < count; run += 1) {
    const variant = made[(run * 7) % variants];
    const commit = commits[Math.floor(run / scenarios.length) % commits.length];
    if (variant === undefined || commit === undefined) throw new Error('no variant, or no commit');
    const header = headerOf(template.header, run, commit);
    const baseline: RunRecord['baseline'] = areSaved || run % 5 === 0 ? { verdict: 'pass' } : undefined;
    const mark = baseline === undefined ? '' : `,"baseline":${JSON.stringify(baseline)}`;
    const record = `{"schemaVersion":1,"header":${JSON.stringify(header)},"measurement":${variant.text}${mark}}\n`;
    const entry = { ...variant.entry, recordBytes: Buffer.byteLength(record), header };
    const indexEntry = indexEntryText(baseline === undefined ? entry : { ...entry, baseline });
    yield { header, name: recordFileName(header), record, indexEntry };
  }
}

function headerOf(template: RecordHeader, run: number, commit: string): RecordHeader {
  const scenario = scenarios[run % scenarios.length] ?? '';
  const workload = Math.floor(run / scenarios.length / runsOfWorkload);
  return {
    ...template,
    id: `${run.toString(16).padStart(8, '0')}-feba-488f-9841-894709588e33`,
    scenario,
    digest: `${workload}${template.digest.slice(1)}`,
    file: `scenarios/${scenario}.yaml`,
    startedAt: new Date(Date.UTC(2025, 0, 1) + run * 3_600_000).toISOString(),
    fingerprint: { ...template.fingerprint, git: { commit, branch: 'main', dirty: false } },
    subject: { path: `scenarios/${scenario}.yaml`, serve: null },
  };
}

/** The measurement with every time longer by a factor. */
function scaled(measurement: Measurement, factor: number): Measurement {
  const longer = (encoded: EncodedHistogram) => {
    const { tops, counts } = Histogram.decode(encoded).occupied();
    const histogram = new Histogram();
    tops.forEach((top, index) => {
      for (let count = counts[index] ?? 0; count > 0; count -= 1) histogram.record(micros(top * factor));
    });
    return histogram.encode();
  };
  return {
    ...measurement,
    endpoints: measurement.endpoints.map(endpoint => ({
      ...endpoint,
      windows: endpoint.windows.map(({ late: _, ...window }) => ({
        ...window,
        censored: { ...window.censored, minUs: window.censored.minUs * Math.min(1, factor) },
        histograms: {
          response: longer(window.histograms.response),
          service: longer(window.histograms.service),
          firstByte: longer(window.histograms.firstByte),
          failed: longer(window.histograms.failed),
        },
        blocks: window.blocks.map(longer),
      })),
    })),
  };
}
