import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPlan } from '../../src/config/scenario/plan.ts';
import type { Plan } from '../../src/model/run/plan.ts';

/** The workloads that are recorded and judged, by name. */
export const workloads = {
  one: { name: 'one', title: 'one endpoint at 150/s', file: 'one-endpoint.yaml', server: 'reference' },
  four: {
    name: 'four',
    title: 'four endpoints sharing 150/s',
    file: 'four-endpoints.yaml',
    server: 'reference',
  },
  plain: { name: 'plain', title: 'another server at 150/s', file: 'plain-server.yaml', server: 'plain' },
} as const;

/** Those of the reference backend, which are measured unless others are asked for; only these are played in real duets. */
export const usualWorkloads = Object.values(workloads).filter(({ server }) => server === 'reference');

/** One of them. */
export type Workload = (typeof workloads)[keyof typeof workloads];

/** The endpoint that gets slower, where one does. */
export const changedEndpoint = 'GET /api/bills/:id';

/** What the first lines of its requests match. */
export const changedRequest = /^GET \/api\/bills\/\d+ HTTP\//;

/** Its plan against a target. */
export async function planOf(workload: Workload, target: string): Promise<Plan> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  return await loadPlan({ kind: 'file', file: fileOf(workload), target }, { cwd, env: {} });
}

/** Its scenario file, as text. */
export function scenarioOf(workload: Workload): string {
  return readFileSync(fileOf(workload), 'utf8');
}

function fileOf({ file }: Workload): string {
  return fileURLToPath(new URL(`scenarios/${file}`, import.meta.url));
}
