import { mismatchOf } from '../../analysis/likeness.ts';
import { type FileFinder, foreignParts, isOfScenario, isSameFile } from '../../analysis/subject.ts';
import type { IndexFigures, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun, newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import type { HistoryChange, HistoryPoint, LeftOut, MetricHistory } from '../../model/judgement/history.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { agreedChanges } from '../../stats/changes/agreed-changes.ts';

/** What a history is asked for. */
export interface HistoryQuery {
  /** The run whose subject it is about, the newest of it. */
  readonly of: RecordHeader;
  readonly hasFile: FileFinder;
  /** Null for all endpoints together. */
  readonly endpoint: string | null;
  readonly metric: Metric;
  /** Distance from the present commit by commit, of its ancestors; null where there is no repository to ask. */
  readonly distances: ReadonlyMap<string, number> | null;
  readonly everyMachine: boolean;
  readonly everyBranch: boolean;
}

/** The value of a run in a history; null where none was seen. */
export type PointValue = Pick<HistoryPoint, 'value' | 'atLeast' | 'requests'> | null;

/**
 * The course of a metric over the commits that led to the present one, oldest first. Only what can be compared makes a
 * course: complete runs of committed code that were a measurement, of one subject, and of the workload and a machine like
 * those of the newest such run. `readValue` reads the metric of a run; one whose record it cannot read is left out and named.
 */
export async function historyOf(
  { runs, skipped }: StoredRuns,
  options: HistoryQuery,
  readValue: (run: StoredRun) => PointValue | 'noMeasurement' | Promise<PointValue | 'noMeasurement'>,
): Promise<MetricHistory> {
  const { of, hasFile, endpoint, metric, distances } = options;
  const ofScenario = newestFirst(runs.filter(({ entry }) => isOfScenario(entry.header, of, hasFile)));
  const leftOut: { [reason in LeftOut]?: number } = {};
  const drop = (reason: LeftOut) => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  const damaged: SkippedRun[] = [...skipped];
  let newest: StoredRun | null = null;
  const points: { readonly point: HistoryPoint; readonly header: RecordHeader; readonly distance: number }[] =
    [];
  for (const run of ofScenario) {
    const distance = distanceOf(run, distances);
    const reason = unfit(run, newest, distance, options);
    if (reason !== null) {
      drop(reason);
      continue;
    }
    let seen: PointValue | 'noMeasurement';
    try {
      seen = await readValue(run);
    } catch (error) {
      if (!isOfOneRun(error)) throw error;
      damaged.push({ where: run.where, error });
      continue;
    }
    if (seen === 'noMeasurement') {
      drop(seen);
      continue;
    }
    newest ??= run;
    if (seen === null) {
      drop('noValue');
      continue;
    }
    const { header, baseline } = run.entry;
    const { git } = header.fingerprint;
    points.push({
      point: {
        commit: git?.commit ?? null,
        branch: git?.branch ?? null,
        startedAt: header.startedAt,
        run: header.id,
        ...seen,
        ...baseline,
      },
      header,
      distance: options.everyBranch ? 0 : (distance ?? 0),
    });
  }
  const formerly = formerNames(
    points.map(({ header }) => header),
    of,
  );
  const course = points
    .reverse()
    .sort((one, other) => other.distance - one.distance)
    .map(({ point }) => point);
  return {
    schemaVersion: 1,
    scenario: of.scenario,
    ...(formerly.length === 0 ? {} : { formerly }),
    endpoint,
    metric: metric.name,
    unit: metric.unit,
    points: course,
    changes: changesOf(course),
    leftOut,
    damaged: damaged.map(damageText),
  };
}

/** What else a scenario was called, each once. */
function formerNames(
  headers: readonly RecordHeader[],
  of: RecordHeader,
): readonly Pick<RecordHeader, 'scenario' | 'file'>[] {
  const names = new Map<string, Pick<RecordHeader, 'scenario' | 'file'>>();
  for (const header of headers) {
    if (header.scenario === of.scenario && isSameFile(header, of)) continue;
    const file = header.subject?.path ?? header.file;
    names.set(JSON.stringify([header.scenario, file]), { scenario: header.scenario, file });
  }
  return [...names.values()];
}

function damageText({ error }: SkippedRun): string {
  const [line = ''] = error.message.split('\n', 1);
  return line;
}

/** Change points, on the logarithm where there is one, since a metric changes by a factor and not by an amount. */
function changesOf(points: readonly HistoryPoint[]): readonly HistoryChange[] {
  const values = points.map(({ value }) => value);
  const isPositive = values.every(value => value > 0);
  const read = isPositive ? Math.exp : (value: number) => value;
  return agreedChanges(isPositive ? values.map(Math.log) : values).flatMap(
    ({ index, confidence, detectors, ...levels }) => {
      const [first, last] = [points[index], points[index - 1]];
      if (!first || !last) return [];
      const [before, after] = [read(levels.before), read(levels.after)];
      return [
        {
          commit: first.commit,
          run: first.run,
          previousRun: last.run,
          before,
          after,
          change: before === 0 ? null : after / before - 1,
          confidence,
          detectors,
        },
      ];
    },
  );
}

/** The value of a metric that the index entry of a run holds; undefined of one that only the record knows. */
export function indexedValue(
  { entry }: StoredRun,
  { endpoint, metric }: Pick<HistoryQuery, 'endpoint' | 'metric'>,
): PointValue | undefined {
  const figures: IndexFigures | undefined =
    endpoint === null ? entry.total : entry.endpoints.find(({ name }) => name === endpoint);
  if (!figures) return null;
  const value = figures.metrics[metric.name];
  if (value === undefined) return undefined;
  return value === null
    ? null
    : { value, atLeast: figures.atLeast.includes(metric.name), requests: figures.requests };
}

function distanceOf({ entry }: StoredRun, distances: HistoryQuery['distances']): number | undefined {
  return distances?.get(entry.header.fingerprint.git?.commit ?? '');
}

const foreignReasons = { file: 'otherFile', target: 'otherTarget', serve: 'otherServe' } as const;

function unfit(
  { entry }: StoredRun,
  newest: StoredRun | null,
  distance: number | undefined,
  { of, hasFile, distances, everyBranch, everyMachine }: HistoryQuery,
): LeftOut | null {
  const { header, completion } = entry;
  const [foreign] = foreignParts(header, of, hasFile);
  if (foreign) return foreignReasons[foreign.part];
  if (completion !== 'complete') return 'incomplete';
  if (header.fingerprint.git?.dirty) return 'uncommittedChanges';
  if (distances !== null && distance === undefined && !everyBranch) return 'otherBranch';
  if (newest === null) return null;
  const { workload, machine } = mismatchOf(header, newest.entry.header);
  if (workload) return 'otherWorkload';
  return machine.length > 0 && !everyMachine ? 'otherMachine' : null;
}
