import type { Endpoint, Plan } from '../model/plan.ts';
import { type Millis, millis } from '../model/units.ts';
import { digestOf } from './digest.ts';
import { readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { type Gathering, gather } from './gathering.ts';
import { buildJourneys } from './journeys.ts';
import { loadOf } from './load.ts';
import type { Document } from './place.ts';
import { readDataSets, readExpectedSchemas } from './references.ts';
import { defaultName, readScenario } from './scenario-file.ts';
import { distinctSecrets, secretsFromEnvironment } from './secrets.ts';
import { parseTarget } from './target-url.ts';

export { type FlagRun, planFromFlags } from './flags.ts';

/** A scenario file and what the command line says over it. */
export interface PlanInput {
  /** Relative to the working folder, or absolute. */
  readonly file: string;
  /** In place of the scenario's own target. */
  readonly target?: string | undefined;
}

/** Where a command runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Reads a scenario file with its data and schema files. All mistakes are told at once, as one `PlimsollError`; those
 * in the shape of the file come first, since names can be resolved only in a file of the right shape.
 */
export async function loadPlan(input: PlanInput, { cwd, env }: Surroundings): Promise<Plan> {
  const gathering = gather();
  const read = await readDocument(input.file, cwd);
  const document = input.target === undefined ? read : withTarget(read, input.target, gathering);
  const result = readScenario(document, env, gathering);
  if (result === undefined) return gathering.fail();
  gathering.finish();
  const { scenario, expansions } = result;

  const naming = { scenario, document, cwd, gathering };
  const data = await readDataSets(naming);
  const schemas = await readExpectedSchemas(naming);
  if (data.length < Object.keys(scenario.data).length) gathering.finish();
  const name = scenario.name ?? defaultName(input.file);
  const workshop = {
    document,
    defaults: scenario.defaults,
    schemas,
    gathering,
    endpoints: [] as Endpoint[],
    secrets: [] as string[],
  };
  const { journeys, workload } = buildJourneys(scenario, name, data, workshop);
  gathering.finish();

  const load = loadOf(scenario.load);
  const { seed, connections, insecure, target, serve } = scenario;
  return {
    scenario: name,
    file: document.file,
    digest: digestOf({ load, seed, connections, data, journeys: workload }),
    target,
    serve: serve === undefined ? null : { ...serve, directory: cwd },
    load,
    seed,
    connections,
    insecure,
    endpoints: workshop.endpoints,
    data,
    journeys,
    secrets: distinctSecrets([...secretsFromEnvironment(expansions), ...workshop.secrets]),
  };
}

/** The longest time that any request of the plan may take. */
export function timeoutOf({ journeys }: Pick<Plan, 'journeys'>): Millis {
  const timeouts = journeys.flatMap(({ steps }) =>
    steps.map(step => (step.kind === 'request' ? step.timeout : 0)),
  );
  return millis(Math.max(0, ...timeouts));
}

/** The document with another target, so that what the file says of its own one does not matter. */
function withTarget(document: Document, target: string, gathering: Gathering): Document {
  gathering.attempt('--target', () => parseTarget(target));
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return document;
  return { ...document, value: { ...value, target: target.replaceAll('${', '$${') } };
}
