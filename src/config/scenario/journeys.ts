import type { Endpoint } from '../../model/run/plan.ts';
import type { Capture, DataSet, Framing, Journey, Step } from '../../model/run/scenario.ts';
import { readCondition } from '../grammar/condition.ts';
import { literal, type Names } from '../grammar/template.ts';
import type { PlainStep, WrittenStep } from '../schema/flow-schema.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';
import { type Path, placeOf } from '../source/place.ts';
import { flowOf, mostSteps, plainSteps, type Seen, stepsIn, type Workload } from './flow/flow.ts';
import type { MeasuredNames } from './flow/measured-names.ts';
import type { ReadData } from './references.ts';
import { buildRequest, type Workshop, type WrittenRequest } from './request-step.ts';

/** A workshop that knows what is measured as a whole; null where nothing is measured. */
export interface JourneyWorkshop extends Workshop {
  readonly transactions: MeasuredNames | null;
}

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
  workshop: JourneyWorkshop,
): BuiltJourneys {
  const written = scenario.journeys?.map((journey, index) => ({
    ...journey,
    name: journey.name ?? `journey ${index + 1}`,
    place: ['journeys', index] as Path,
  })) ?? [{ name, endpoint: undefined, weight: 1, steps: scenario.steps ?? [], place: [] as Path }];
  refuseSharedNames(written, workshop);

  const built = written.map(({ name: journeyName, weight, steps, place, endpoint }) => {
    const { steps: ready, slots, workload } = buildSteps(steps, [...place, 'steps'], data, workshop);
    const measured =
      endpoint === undefined
        ? undefined
        : workshop.transactions?.ofJourney(endpoint, [...place, 'endpoint'], workshop);
    const whole = measured === undefined ? {} : { transaction: measured };
    return {
      journey: { name: journeyName, weight, steps: ready, slots, ...whole },
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
  { transactions, ...workshop }: JourneyWorkshop,
): BuiltSteps {
  const everCaptured = new Set(
    plainSteps(written).flatMap(step => Object.keys(asRequest(step)?.capture ?? {})),
  );
  const slots = new Map<string, number>();
  const namesFor = (seen: Seen): Names => ({
    ...data,
    captures: new Map([...slots].filter(([name]) => seen.has(name))),
    later: everCaptured,
  });
  const { steps, workload } = flowOf(written, place, {
    plain(step, at, seen) {
      if ('think' in step) {
        const { from: min, to: max, ...more } = step.think;
        const think = 'mean' in more ? { mean: more.mean } : [min, max];
        return { step: { kind: 'think', min, max, ...more }, workload: { think }, captured: [] };
      }
      const request = asRequest(step) as WrittenRequest;
      const built = buildRequest(request, at, namesFor(seen), workshop);
      const kept = Object.entries(request.capture ?? {}).map(([name, source]): Capture => {
        const slot = slots.get(name) ?? slots.size;
        slots.set(name, slot);
        return { name, slot, ...source };
      });
      return {
        step: { ...built.step, captures: kept },
        workload: { ...built.workload, captures: kept },
        captured: kept.map(({ name }) => name),
      };
    },
    condition(condition, at, seen) {
      const where = placeOf(workshop.document, at);
      const read = workshop.diagnostics.attempt(where, () => readCondition(condition, namesFor(seen)));
      return read ?? { is: 'there', value: literal('') };
    },
    transaction: (name, at) => transactions?.ofGroup(name, at, workshop) ?? null,
  });
  const count = stepsIn(written);
  if (count > mostSteps) {
    workshop.diagnostics.add({
      code: 'value.out-of-range',
      where: placeOf(workshop.document, place),
      found: `${count} steps, with those that are repeated`,
      expected: `at most ${mostSteps} steps in a journey`,
    });
  }
  return { steps, slots: slots.size, workload };
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
  const own = { ...workshop, endpoints, transactions: null };
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

function asRequest(step: PlainStep): WrittenRequest | undefined {
  if ('think' in step) return undefined;
  return 'request' in step ? step : { request: step };
}
