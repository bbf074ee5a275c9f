import type { Endpoint } from '../../model/run/plan.ts';
import type { Capture, DataSet, Framing, Journey, Step } from '../../model/run/scenario.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';
import { type Path, placeOf } from '../source/place.ts';
import type { ReadData } from './references.ts';
import { buildRequest, type Workshop, type WrittenRequest, type WrittenStep } from './request-step.ts';

type Workload = { readonly [part: string]: unknown };

/** Journeys ready to run, with what of them counts when two runs are compared. */
export interface BuiltJourneys {
  readonly journeys: readonly Journey[];
  readonly workload: readonly Workload[];
}

/** Builds the journeys, or the single one that top-level steps make; every mistake goes to the workshop's diagnostics. */
export function buildJourneys(
  scenario: Pick<ScenarioFile, 'journeys' | 'steps'>,
  name: string,
  data: ReadData,
  workshop: Workshop,
): BuiltJourneys {
  const written = scenario.journeys?.map((journey, index) => ({
    ...journey,
    name: journey.name ?? `journey ${index + 1}`,
    place: ['journeys', index] as Path,
  })) ?? [{ name, weight: 1, steps: scenario.steps ?? [], place: [] as Path }];
  refuseSharedNames(written, workshop);

  const built = written.map(({ name: journeyName, weight, steps, place }) => {
    const { steps: ready, slots, workload } = buildSteps(steps, [...place, 'steps'], data, workshop);
    return {
      journey: { name: journeyName, weight, steps: ready, slots },
      workload: { weight, steps: workload },
    };
  });
  return { journeys: built.map(({ journey }) => journey), workload: built.map(({ workload }) => workload) };
}

function refuseSharedNames(
  journeys: readonly { readonly name: string; readonly place: Path }[],
  { document, diagnostics }: Workshop,
): void {
  journeys.forEach(({ name, place }, index) => {
    if (journeys.findIndex(other => other.name === name) === index) return;
    diagnostics.add({
      code: 'journey.duplicate-name',
      where: placeOf(document, [...place, 'name']),
      found: JSON.stringify(name),
      expected: 'a name that no other journey has',
    });
  });
}

interface BuiltSteps {
  readonly steps: readonly Step[];
  readonly slots: number;
  readonly workload: readonly Workload[];
}

/** Each sees what steps before it captured; a name that is captured again keeps its slot. */
function buildSteps(
  written: readonly WrittenStep[],
  place: Path,
  data: ReadData,
  workshop: Workshop,
): BuiltSteps {
  const everCaptured = new Set(written.flatMap(step => Object.keys(asRequest(step)?.capture ?? {})));
  const captures = new Map<string, number>();
  const steps: Step[] = [];
  const workload: Workload[] = [];

  written.forEach((step, index) => {
    const request = asRequest(step);
    if (request === undefined) {
      const { from: min, to: max } = (step as Extract<WrittenStep, { think: unknown }>).think;
      steps.push({ kind: 'think', min, max });
      workload.push({ think: [min, max] });
      return;
    }
    const names = { ...data, captures: new Map(captures), later: everCaptured };
    const built = buildRequest(request, [...place, index], names, workshop);
    const kept = Object.entries(request.capture ?? {}).map(([name, source]): Capture => {
      const slot = captures.get(name) ?? captures.size;
      captures.set(name, slot);
      return { name, slot, ...source };
    });
    steps.push({ ...built.step, captures: kept });
    workload.push({ ...built.workload, captures: kept });
  });
  return { steps, slots: captures.size, workload };
}

/** A setup and a teardown ready to run, and the data that all other journeys know. */
export interface BuiltFraming {
  readonly framing: Framing | null;
  readonly data: ReadData;
  /** What of them counts when two runs are compared. */
  readonly workload: readonly { readonly [part: string]: unknown }[];
}

/** Builds the setup, whose captures become a row of data, and the teardown; their endpoints are nobody else's. */
export function buildFraming(
  { setup, teardown }: Pick<ScenarioFile, 'setup' | 'teardown'>,
  data: ReadData,
  workshop: Workshop,
): BuiltFraming {
  if (setup === undefined && teardown === undefined) return { framing: null, data, workload: [] };
  const endpoints: Endpoint[] = [];
  const own = { ...workshop, endpoints };
  const journeyOf = (name: string, steps: typeof setup, known: ReadData) => {
    if (steps === undefined) return { journey: null, workload: [] };
    const built = buildSteps(steps, [name], known, own);
    const journey: Journey = { name, weight: 1, steps: built.steps, slots: built.slots };
    return { journey, workload: [{ [name]: built.workload }] };
  };
  const first = journeyOf('setup', setup, data);
  const names = capturedNames(first.journey);
  const row: DataSet = {
    name: '',
    pick: 'sequential',
    columns: names,
    rows: [names.map(name => `<${name}>`)],
    ofSetup: true,
  };
  const known = names.length === 0 ? data : { ...data, sets: [...data.sets, row] };
  const last = journeyOf('teardown', teardown, known);
  return {
    framing: { setup: first.journey, teardown: last.journey, endpoints },
    data: known,
    workload: [...first.workload, ...last.workload],
  };
}

/** By slot. */
function capturedNames(journey: Journey | null): readonly string[] {
  const captures = journey?.steps.flatMap(step => (step.kind === 'request' ? step.captures : [])) ?? [];
  return Array.from(
    { length: journey?.slots ?? 0 },
    (_, slot) => captures.find(one => one.slot === slot)?.name ?? '',
  );
}

function asRequest(step: WrittenStep): WrittenRequest | undefined {
  if ('think' in step) return undefined;
  return 'request' in step ? step : { request: step };
}
