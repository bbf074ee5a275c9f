import { mismatchOf } from '../../analysis/likeness.ts';
import type { IndexFigures, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun, newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import type { HistoryChange, HistoryPoint, LeftOut, MetricHistory } from '../../model/judgement/history.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { changePoints } from '../../stats/changes/change-points.ts';

/** What a history is asked for. */
export interface HistoryQuery {
  readonly scenario: string;
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
 * course: complete runs of committed code, of the workload and a machine like those of the newest run. `readValue` reads
 * the metric of a run; one whose record it cannot read is left out and named.
 */
export async function historyOf(
  { runs, skipped }: StoredRuns,
  options: HistoryQuery,
  readValue: (run: StoredRun) => PointValue | Promise<PointValue>,
): Promise<MetricHistory> {
  const { scenario, endpoint, metric, distances } = options;
  const ofScenario = newestFirst(runs.filter(({ entry }) => entry.header.scenario === scenario));
  const leftOut: { [reason in LeftOut]?: number } = {};
  const drop = (reason: LeftOut) => {
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  };
  const damaged: SkippedRun[] = [...skipped];
  let newest: StoredRun | null = null;
  const points: { readonly point: HistoryPoint; readonly distance: number }[] = [];
  for (const run of ofScenario) {
    const distance = distanceOf(run, distances);
    const reason = unfit(run, newest, distance, options);
    if (reason !== null) {
      drop(reason);
      continue;
    }
    newest ??= run;
    let seen: PointValue;
    try {
      seen = await readValue(run);
    } catch (error) {
      if (!isOfOneRun(error)) throw error;
      damaged.push({ where: run.where, error });
      continue;
    }
    if (seen === null) {
      drop('noValue');
      continue;
    }
    const { header } = run.entry;
    const { git } = header.fingerprint;
    points.push({
      point: {
        commit: git?.commit ?? null,
        branch: git?.branch ?? null,
        startedAt: header.startedAt,
        run: header.id,
        ...seen,
      },
      distance: options.everyBranch ? 0 : (distance ?? 0),
    });
  }
  const course = points
    .reverse()
    .sort((one, other) => other.distance - one.distance)
    .map(({ point }) => point);
  return {
    schemaVersion: 1,
    scenario,
    endpoint,
    metric: metric.name,
    unit: metric.unit,
    points: course,
    changes: changesOf(course),
    leftOut,
    damaged: damaged.map(damageText),
  };
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
  return changePoints(isPositive ? values.map(Math.log) : values).flatMap(
    ({ index, confidence, ...levels }) => {
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

function unfit(
  { entry }: StoredRun,
  newest: StoredRun | null,
  distance: number | undefined,
  { distances, everyBranch, everyMachine }: HistoryQuery,
): LeftOut | null {
  const { header, completion } = entry;
  if (completion !== 'complete') return 'incomplete';
  if (header.fingerprint.git?.dirty) return 'uncommittedChanges';
  if (distances !== null && distance === undefined && !everyBranch) return 'otherBranch';
  if (newest === null) return null;
  const { workload, machine } = mismatchOf(header, newest.entry.header);
  if (workload) return 'otherWorkload';
  return machine.length > 0 && !everyMachine ? 'otherMachine' : null;
}
