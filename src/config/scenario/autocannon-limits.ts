import type { Problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RequestStep, Step } from '../../model/run/scenario.ts';
import { type Path, placeOf, type SourceDocument } from '../source/place.ts';

/** What it can send; at HEAD it would wait for the body that the answer announces and never has. */
const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/** What a scenario asks for that autocannon cannot do, each with its place; nothing where it can do all of it. */
export function autocannonLimits(
  plan: Pick<Plan, 'load' | 'journeys' | 'transport' | 'cookies' | 'signals'>,
  document: SourceDocument,
): readonly Problem[] {
  const { load, journeys, transport, signals } = plan;
  const problems: Problem[] = [];
  const refuse = (path: Path, found: string, expected: string) => {
    problems.push({
      code: 'engine.unsupported',
      where: placeOf(document, path),
      found,
      expected: `${expected} beside engine: autocannon`,
    });
  };

  if (load.model === 'open') refuse(['load', 'model'], 'an open load', 'a closed load');
  else {
    if (load.pacing > 0) refuse(['load', 'pacing'], 'pacing', 'no pacing');
    load.stages.forEach(({ from, to }, index) => {
      if (from === to) return;
      refuse(['load', 'stages', index, 'users'], 'a ramp of users', 'a fixed number of users in each stage');
    });
  }
  if (transport.reconnect === 'everyRequest') {
    refuse(['connections', 'reconnect'], 'every request', 'connections that are kept');
  }
  if (transport.protocol === 'http2') refuse(['protocol'], 'HTTP/2', 'protocol: http1');
  if (transport.dns === 'perConnection') refuse(['dns'], 'perConnection', 'a name that is resolved once');
  if (plan.cookies) refuse(['cookies'], 'cookies', 'no cookies');
  for (const { name } of signals) refuse([name], name, 'no headers that are read');
  if (journeys.length > 1) refuse(['journeys'], `${journeys.length} journeys`, 'a single journey');
  const isList = document.value !== null && Object.hasOwn(document.value as object, 'steps');
  journeys.forEach(({ steps, transaction }, journey) => {
    if (transaction !== undefined) {
      refuse(['journeys', journey, 'endpoint'], 'a journey that is measured as a whole', 'no such journeys');
    }
    steps.forEach((step, index) => {
      const path = isList ? ['steps', index] : ['journeys', journey, 'steps', index];
      for (const [found, expected] of beyond(step)) refuse(path, found, expected);
    });
  });
  return problems;
}

/** What of a step is beyond autocannon: what was found, and what is expected. */
function beyond(step: Step): readonly (readonly [found: string, expected: string])[] {
  if (step.kind === 'think') return [['a think time', 'no think times']];
  if (step.kind === 'unless') return [['a condition', 'no conditions']];
  if (step.kind === 'parallel') return [['parallel requests of a user', 'one request after another']];
  if (step.kind === 'pick') return [['a choice', 'no choices']];
  if (step.kind !== 'request') return step.kind === 'begin' ? [['a group', 'no groups']] : [];
  return [
    ...(step.redirects === undefined ? [] : [['redirects: follow', 'no redirects'] as const]),
    ...(step.stream === undefined
      ? []
      : [['a streamed answer', 'answers that are read as a whole'] as const]),
    ...(step.captures.length > 0 ? [['a capture', 'no captures'] as const] : []),
    ...(step.expect.schema !== null ? [['a schema of the answer', 'no check but the status'] as const] : []),
    ...(step.expect.graphql === undefined
      ? []
      : [['a check for errors of GraphQL', 'no check but the status'] as const]),
    ...(step.expect.checks === undefined
      ? []
      : [['a check of the answer', 'no check but the status'] as const]),
    ...(hasTemplate(step) ? [['a template', 'requests that are always the same'] as const] : []),
    ...(step.signing === undefined ? [] : [['a signature', 'requests that are not signed'] as const]),
    ...(step.prepare === undefined ? [] : [['prepare', 'requests that no function changes'] as const]),
    ...(step.check === undefined ? [] : [['a check of the answer', 'no check but the status'] as const]),
    ...(methods.includes(step.method) ? [] : [[step.method, methods.join(', ')] as const]),
  ];
}

function hasTemplate({ path, headers, body }: RequestStep): boolean {
  const templates = [path, ...headers.map(({ value }) => value), ...(body === null ? [] : [body.template])];
  return templates.some(({ expressions }) => expressions.some(({ kind }) => kind !== 'file'));
}
