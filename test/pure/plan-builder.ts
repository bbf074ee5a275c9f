import { type Plan, usualTransport } from '../../src/model/run/plan.ts';
import type { Load, RequestStep, Step, Template } from '../../src/model/run/scenario.ts';
import { millis, perSecond } from '../../src/model/units.ts';

/** A template without holes. */
export const text = (literal: string): Template => ({ literals: [literal], expressions: [] });

/** An open load of one stage at a constant rate. */
export function openLoad(rate: number, seconds: number): Load {
  return {
    model: 'open',
    warmup: millis(0),
    arrivals: 'constant',
    stages: [{ duration: millis(seconds * 1_000), from: perSecond(rate), to: perSecond(rate) }],
  };
}

/** A closed load of one stage with a constant number of users. */
export function closedLoad(users: number, seconds: number, iterations: number | null = null): Load {
  return {
    model: 'closed',
    warmup: millis(0),
    pacing: millis(0),
    iterations,
    stages: [{ duration: millis(seconds * 1_000), from: users, to: users }],
  };
}

/** A request step to endpoint 0. */
export function request(path: string, overrides: Partial<RequestStep> = {}): RequestStep {
  return {
    kind: 'request',
    endpoint: 0,
    method: 'GET',
    path: text(path),
    headers: [],
    body: null,
    timeout: millis(10_000),
    expect: { statuses: null, schema: null },
    captures: [],
    ...overrides,
  };
}

/** A plan of one journey against a loopback port. */
export function planFor(
  port: number,
  load: Load,
  steps: readonly Step[],
  overrides: Partial<Plan> = {},
): Plan {
  const requests = steps.filter(step => step.kind === 'request');
  const names = [...new Set(requests.map(step => step.endpoint))];
  return {
    scenario: 'test',
    file: null,
    digest: '0'.repeat(64),
    target: {
      url: `http://127.0.0.1:${port}`,
      protocol: 'http',
      host: '127.0.0.1',
      port,
      basePath: '',
      socketPath: null,
    },
    serve: null,
    load,
    seed: 1,
    connections: { max: 1000 },
    transport: usualTransport,
    engine: 'http',
    abortOn: null,
    signals: [],
    endpoints: names.map(index => {
      const step = requests.find(({ endpoint }) => endpoint === index);
      return { name: `${step?.method} ${step?.path.literals.join('*')}`, method: step?.method ?? 'GET' };
    }),
    data: [],
    journeys: [{ name: 'journey', weight: 1, steps, slots: 4 }],
    secrets: [],
    ...overrides,
  };
}
