import { PlimsollError } from '../../model/error.ts';
import type { Endpoint, Plan, Transport } from '../../model/run/plan.ts';
import type { Step } from '../../model/run/scenario.ts';
import type { Signal } from '../../model/run/signal.ts';
import { type Millis, millis } from '../../model/units.ts';
import { secretsInCommand, secretsInData } from '../../safety/found-secrets.ts';
import { proxiesFor, proxyTo, secretsOfProxies } from '../../safety/proxy/proxy-rules.ts';
import { distinctSecrets, secretsInPath } from '../../safety/secret.ts';
import { parseTarget } from '../grammar/target-url.ts';
import type { ScenarioFile } from '../schema/scenario-schema.ts';
import { serveOf } from '../schema/serve-schema.ts';
import { type Diagnostics, gather } from '../source/diagnostics.ts';
import { documentFrom, readScenarioDocument } from '../source/document.ts';
import type { Environment } from '../source/environment.ts';
import { documentOf, placeOf, type SourceDocument } from '../source/place.ts';
import { secretsFromEnvironment, secretVariables } from '../source/secret-places.ts';
import { autocannonLimits } from './autocannon-limits.ts';
import { codeOf, digestOfWorkload } from './digest.ts';
import { givenTwice } from './flags.ts';
import { MeasuredNames } from './flow/measured-names.ts';
import { gated } from './gated.ts';
import { buildFraming, buildJourneys } from './journeys.ts';
import { loadOf } from './load.ts';
import { readBodyFiles, readDataSets, readExpectedSchemas } from './references.ts';
import { defaultName, readScenario } from './scenario-file.ts';
import { readTls } from './tls.ts';

export { type FlagRun, planFromFlags } from './flags.ts';

/**
 * Where a scenario comes from: a file, relative to the working folder or absolute; the bytes of standard input; or a value,
 * which stands in a program.
 */
export type ScenarioSource =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'input'; readonly bytes: Uint8Array }
  | { readonly kind: 'value'; readonly value: unknown };

/** A scenario and what is said over it. */
export type PlanInput = ScenarioSource & {
  /** In place of the scenario's own target. */
  readonly target?: string | undefined;
  /** The base's own, which says what of it belongs to the gate. */
  readonly base?: SourceDocument | undefined;
};

/** Where a command runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Reads a scenario with its data and schema files. All mistakes are told at once, as one `PlimsollError`: of a scenario
 * with a section of the wrong shape, those in the other sections and in the files that they name as well.
 */
export async function loadPlan(input: PlanInput, { cwd, env }: Surroundings): Promise<Plan> {
  const diagnostics = gather();
  const written = await scenarioDocument(input, cwd);
  const read = input.base === undefined ? written : gated(written, input.base);
  const document = input.target === undefined ? read : withTarget(read, input.target, diagnostics);
  const result = readScenario(document, env, diagnostics);
  if (result === undefined) return diagnostics.fail();
  const { scenario, sections, expansions } = result;

  const naming = { ...result, document, cwd, diagnostics };
  const ownData = await readDataSets(naming);
  const schemas = await readExpectedSchemas(naming);
  const files = await readBodyFiles(naming);
  const tls = await readTls(naming);
  const name = sections.name ?? (input.kind === 'file' ? defaultName(read.file) : 'scenario');
  const workshop = {
    document,
    schemas,
    files,
    diagnostics,
    endpoints: [] as Endpoint[],
    secrets: [] as string[],
    transactions: new MeasuredNames(),
    tokens: [],
    isProgram: input.kind === 'value' || document.module !== undefined,
  };
  const { defaults } = sections;
  const isReady = scenario !== undefined || hasSteps(sections);
  const framed =
    defaults !== undefined && isReady
      ? buildFraming(sections, ownData, { ...workshop, defaults })
      : undefined;
  const data = framed?.data ?? ownData;
  const built =
    defaults !== undefined && isReady
      ? buildJourneys(sections, name, data, { ...workshop, defaults })
      : undefined;
  if (scenario === undefined || tls === undefined || built === undefined || framed === undefined) {
    return diagnostics.fail();
  }
  workshop.transactions.refuseEndpoints(workshop);
  diagnostics.finish();

  const { journeys, workload: sent } = built;
  const transactions = workshop.transactions.names;
  const load = loadOf(scenario.load);
  const { seed, engine, target, serve, dns, abortOn = null, cache = null } = scenario;
  const { max = 1_000, reconnect, streams } = scenario.connections;
  const transport: Transport = {
    tls,
    dns,
    reconnect: reconnect === 'every request' ? 'everyRequest' : 'asNeeded',
    ...(scenario.protocol === 'http2' ? { protocol: 'http2' } : {}),
    ...(streams === undefined ? {} : { streams }),
    maxResponse: scenario.maxResponse,
    maxBodies: scenario.maxBodies,
  };
  const kept = scenario.cookies ? ({ cookies: true } as const) : {};
  const workload = { load, seed, engine, connections: { max }, transport, ...kept, data: data.sets };
  const hasChecks = engine === 'http' && journeys.some(({ steps }) => steps.some(isChecked));
  const hasStreams = engine === 'http' && journeys.some(({ steps }) => steps.some(isStreamed));
  const signals: readonly Signal[] = [
    ...(cache === null ? [] : [{ name: 'cache', rule: cache } as const]),
    ...(hasChecks ? [{ name: 'checks' } as const] : []),
    ...(hasStreams ? [{ name: 'stream' } as const] : []),
  ];
  const proxies = proxiesFor(scenario.proxy, env);
  const proxy = diagnostics.attempt(placeOf(document, ['proxy']), () => proxyTo(proxies, target)) ?? null;
  const unproxied = engine === 'autocannon' ? 'engine' : transport.protocol === 'http2' ? 'protocol' : null;
  if (unproxied !== null && proxy !== null) {
    diagnostics.add({
      code: 'proxy.invalid',
      where: placeOf(document, [unproxied]),
      found: `the proxy of ${proxy.from}`,
      expected: `no proxy beside ${unproxied === 'engine' ? 'engine: autocannon' : 'protocol: http2'}`,
      instead: 'proxy: none, or NO_PROXY with the host of the target',
    });
  }
  if (engine === 'autocannon') {
    diagnostics.add(...autocannonLimits({ load, journeys, transport, ...kept, signals }, document));
  }
  diagnostics.finish();

  return {
    scenario: name,
    file: input.kind === 'file' ? document.file : null,
    digest: digestOfWorkload(
      workload,
      [...sent, ...framed.workload],
      document.module && codeOf(document.module),
    ),
    target,
    serve: serve === undefined ? null : { ...serveOf(serve), directory: cwd },
    ...workload,
    abortOn,
    signals,
    endpoints: workshop.endpoints,
    ...(transactions.length === 0 ? {} : { transactions }),
    ...(proxies === undefined ? {} : { proxies }),
    journeys,
    ...(workshop.tokens.length === 0 ? {} : { tokens: workshop.tokens }),
    ...(framed.framing === null ? {} : { framing: framed.framing }),
    ...(document.module === undefined ? {} : { module: document.module }),
    secrets: distinctSecrets([
      ...(document.module === undefined ? [] : secretVariables(env)),
      ...secretsFromEnvironment(expansions, target.url),
      ...workshop.secrets,
      ...secretsOfProxies(proxies),
      ...secretsInData(data.sets, journeys),
      ...(serve === undefined ? [] : secretsOfServe(serveOf(serve))),
      ...(tls.key === null ? [] : [tls.key]),
    ]),
  };
}

function secretsOfServe({ install, build, start, ready }: ReturnType<typeof serveOf>): readonly string[] {
  return [...[install ?? '', build ?? '', start].flatMap(secretsInCommand), ...secretsInPath(ready.path)];
}

/** What a scenario says; errors call one that stands in a program `scenario`. Paths in either start at the working folder. */
async function scenarioDocument(source: ScenarioSource, cwd: string): Promise<SourceDocument> {
  if (source.kind === 'file') return await readScenarioDocument(source.file, cwd);
  return source.kind === 'input'
    ? await documentFrom(source.bytes, 'standard input')
    : documentOf('scenario', source.value);
}

/** Whether a step expects anything but a usual status. */
function isChecked(step: Step): boolean {
  if (step.kind !== 'request') return false;
  const { statuses, schema, graphql, checks } = step.expect;
  if (step.check !== undefined) return true;
  return statuses !== null || schema !== null || graphql !== undefined || checks !== undefined;
}

function isStreamed(step: Step): boolean {
  return step.kind === 'request' && step.stream !== undefined;
}

/** The longest time that any request of the plan may take. */
export function timeoutOf({ journeys }: Pick<Plan, 'journeys'>): Millis {
  const timeouts = journeys.flatMap(({ steps }) =>
    steps.map(step => (step.kind === 'request' ? step.timeout : 0)),
  );
  return millis(Math.max(0, ...timeouts));
}

/** Whether steps or journeys are there, and nothing is wrong with either; a section that is left out is `undefined`. */
function hasSteps(sections: Partial<ScenarioFile>): boolean {
  const { steps, journeys } = sections;
  return 'steps' in sections && 'journeys' in sections && (steps === undefined) !== (journeys === undefined);
}

/** The document with another target, so that what the file says of its own one does not matter. */
function withTarget(document: SourceDocument, target: string, diagnostics: Diagnostics): SourceDocument {
  const isTarget =
    diagnostics.attempt('--target', () => {
      if (Array.isArray(target)) throw new PlimsollError([givenTwice('--target', target)]);
      return parseTarget(target);
    }) !== undefined;
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return document;
  // What is wrong with it was told; the rest of the file is checked with one that is right.
  const written = isTarget ? target.replaceAll('${', '$${') : 'http://localhost';
  return { ...document, value: { ...value, target: written } };
}
