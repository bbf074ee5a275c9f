import { analyse } from '../../analysis/analysis.ts';
import { exampleMetrics, parseMetric } from '../../analysis/metrics/table.ts';
import { observe } from '../../analysis/observe.ts';
import { bySubject, type FileFinder, foreignParts, isCalled, isOfScenario } from '../../analysis/subject.ts';
import { canBeBaseline } from '../../judge/baseline/baseline-choice.ts';
import { historyOf, indexedValue, type PointValue } from '../../judge/history/run-history.ts';
import { problem } from '../../model/error.ts';
import type { StoredRun, StoredRuns } from '../../model/judgement/baseline.ts';
import type { MetricHistory } from '../../model/judgement/history.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import { distancesFromHead } from '../../store/git/commit-history.ts';
import { remoteOf } from '../../store/git/data-remote.ts';
import { skippedText } from '../../words/skipped-text.ts';
import type { Baselines } from './baselines.ts';
import { fileFinder } from './file-finder.ts';
import { isMeasurement } from './measurement.ts';

/** What a history is asked for; the scenario may be left out where only one is stored. */
export interface HistoryRequest {
  /** Its name or its file. */
  readonly scenario?: string | undefined;
  /** Where the API was, if one scenario loaded several; that of the newest run where it is left out. */
  readonly target?: string | undefined;
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
  const hasFile = await fileFinder(baselines);
  const of = subjectOf(listed, request, store.place, hasFile);
  const ofSubject = listed.runs.filter(
    ({ entry: { header } }) =>
      isOfScenario(header, of, hasFile) && foreignParts(header, of, hasFile).length === 0,
  );
  const endpoint = endpointOf(ofSubject, request.endpoint, of.scenario);
  const measured = new Set(
    ofSubject.filter(canBeBaseline).flatMap(({ entry }) => entry.header.fingerprint.git?.commit ?? []),
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
    of,
    hasFile,
    endpoint,
    metric,
    distances: distances || null,
    everyMachine: request.everyMachine,
    everyBranch: request.everyBranch,
  };
  let done = 0;
  const history = await historyOf(listed, options, async (run): Promise<PointValue | 'noMeasurement'> => {
    let record: Promise<RunRecord> | undefined;
    baselines.tell?.({ done, of: ofSubject.length });
    done += 1;
    const read = () => {
      record ??= store.read(run);
      return record;
    };
    if (!(await isMeasurement(run, read))) return 'noMeasurement';
    const known = indexedValue(run, options);
    if (known !== undefined) return known;
    const { figures } = analyse(await read()).of(
      endpoint === null ? { kind: 'total' } : { kind: 'endpoint', endpoint },
    );
    const observed = observe(metric, figures);
    return observed && { ...observed, requests: figures.requests };
  });
  baselines.tell?.({ done: ofSubject.length, of: ofSubject.length });
  return history;
}

/** The newest run of the subject that is asked for. */
function subjectOf(
  { runs, skipped }: StoredRuns,
  { scenario, target }: Pick<HistoryRequest, 'scenario' | 'target'>,
  place: string,
  hasFile: FileFinder,
): RecordHeader {
  const subjects = bySubject(runs, ({ entry }) => entry.header, hasFile);
  const [first] = subjects.flatMap(([newest]) => newest?.entry.header ?? []);
  if (first === undefined) {
    throw problem('store.no-run', {
      where: place,
      found: ['no run at all', skippedText(skipped) ?? []].flat().join('; '),
      instead: 'plimsoll run, then plimsoll baseline save (or plimsoll baseline pull)',
    });
  }
  const asked = subjects.filter(subject =>
    subject.some(
      ({ entry: { header } }) =>
        (scenario === undefined || isCalled(header, scenario)) &&
        (target === undefined || foreignParts({ ...header, target }, header, hasFile).length === 0),
    ),
  );
  const headers = asked.flatMap(([newest]) => newest?.entry.header ?? []);
  const [newest] = headers;
  const isSure = scenario !== undefined || new Set(headers.map(header => header.scenario)).size === 1;
  if (newest && isSure) return newest;
  const flags = [
    ...(scenario === undefined ? [] : [`--scenario ${scenario}`]),
    ...(target === undefined ? [] : [`--target ${target}`]),
  ];
  const names = [...new Set(runs.map(({ entry }) => entry.header.scenario))];
  throw problem('history.unknown-scenario', {
    where: flags.length === 0 ? '--scenario' : flags.join(' '),
    found: newest ? 'no scenario named' : `no run of it in ${place}`,
    expected: `one of ${names.join(', ')}`,
    instead: `--scenario ${first.scenario}`,
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
