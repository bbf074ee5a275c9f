import { analyse } from '../../analysis/analysis.ts';
import { exampleMetrics, parseMetric } from '../../analysis/metrics/table.ts';
import { observe } from '../../analysis/observe.ts';
import { canBeBaseline } from '../../judge/baseline/baseline-choice.ts';
import { historyOf, indexedValue, type PointValue } from '../../judge/history/run-history.ts';
import { problem } from '../../model/error.ts';
import type { StoredRun, StoredRuns } from '../../model/judgement/baseline.ts';
import type { MetricHistory } from '../../model/judgement/history.ts';
import { distancesFromHead } from '../../store/git/commit-history.ts';
import { remoteOf } from '../../store/git/data-remote.ts';
import { skippedText } from '../../words/skipped-text.ts';
import type { Baselines } from './baselines.ts';

/** What a history is asked for; the scenario may be left out where only one is stored. */
export interface HistoryRequest {
  readonly scenario?: string | undefined;
  /** All endpoints together where it is left out. */
  readonly endpoint?: string | undefined;
  readonly metric: string;
  /** True to mix machines. */
  readonly everyMachine: boolean;
  /** True to mix branches. */
  readonly everyBranch: boolean;
  /** The branch that the present commit is meant for, of which a shallow clone gets more too; found out where it is left out. */
  readonly targetBranch?: string | undefined;
}

/** The course of a metric over the stored runs. Throws where nothing is stored, or a name is not known. */
export async function metricHistory(baselines: Baselines, request: HistoryRequest): Promise<MetricHistory> {
  const { store, repository, env } = baselines;
  const metric = parseMetric(request.metric);
  if (!metric) {
    throw problem('history.unknown-metric', {
      where: '--metric',
      found: request.metric,
      expected: `a metric such as ${exampleMetrics().join(', ')}`,
    });
  }
  const listed = await store.list();
  const { runs } = listed;
  const scenario = scenarioOf(listed, request.scenario, store.place);
  const ofScenario = runs.filter(({ entry }) => entry.header.scenario === scenario);
  const endpoint = endpointOf(ofScenario, request.endpoint, scenario);
  const measured = new Set(
    ofScenario.filter(canBeBaseline).flatMap(({ entry }) => entry.header.fingerprint.git?.commit ?? []),
  );
  const distances =
    repository &&
    measured.size > 0 &&
    !request.everyBranch &&
    (await distancesFromHead(repository, {
      measured,
      env,
      target: request.targetBranch,
      remote: await remoteOf(repository).catch(() => null),
      mayFetch: true,
    }));
  const options = {
    scenario,
    endpoint,
    metric,
    distances: distances || null,
    everyMachine: request.everyMachine,
    everyBranch: request.everyBranch,
  };
  return await historyOf(listed, options, async (run): Promise<PointValue> => {
    const known = indexedValue(run, options);
    if (known !== undefined) return known;
    const { figures } = analyse(await store.read(run)).of(
      endpoint === null ? { kind: 'total' } : { kind: 'endpoint', endpoint },
    );
    const observed = observe(metric, figures);
    return observed && { ...observed, requests: figures.requests };
  });
}

function scenarioOf({ runs, skipped }: StoredRuns, options: string | undefined, place: string): string {
  const names = [...new Set(runs.map(({ entry }) => entry.header.scenario))];
  const [first] = names;
  if (first === undefined) {
    throw problem('store.no-run', {
      where: place,
      found: ['no run at all', skippedText(skipped) ?? []].flat().join('; '),
      instead: 'plimsoll run, then plimsoll baseline save (or plimsoll baseline pull)',
    });
  }
  if (options === undefined && names.length === 1) return first;
  if (options !== undefined && names.includes(options)) return options;
  throw problem('history.unknown-scenario', {
    where: options === undefined ? '--scenario' : `--scenario ${options}`,
    found: options === undefined ? 'no scenario named' : `no run of it in ${place}`,
    expected: `one of ${names.join(', ')}`,
    instead: `--scenario ${first}`,
  });
}

function endpointOf(
  runs: readonly StoredRun[],
  options: string | undefined,
  scenario: string,
): string | null {
  if (options === undefined) return null;
  const names = [...new Set(runs.flatMap(({ entry }) => entry.endpoints.map(({ name }) => name)))];
  if (names.includes(options)) return options;
  throw problem('history.unknown-endpoint', {
    where: `endpoint ${options}`,
    expected: `an endpoint of ${scenario}: ${names.join(', ')}`,
    ...(names[0] === undefined ? {} : { instead: `'${names[0]}'` }),
  });
}
