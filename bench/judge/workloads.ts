import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadPlan } from '../../src/config/scenario/plan.ts';
import type { Plan } from '../../src/model/run/plan.ts';

/** The endpoint of the reference backend that gets slower, where one does. */
export const changedEndpoint = 'GET /api/bills/:id';

/** The workloads that are recorded and judged, by name; `changed` gets slower, where an endpoint does. */
export const workloads = {
  one: {
    name: 'one',
    title: 'one endpoint at 150/s',
    file: 'one-endpoint.yaml',
    server: 'reference',
    changed: changedEndpoint,
  },
  four: {
    name: 'four',
    title: 'four endpoints sharing 150/s',
    file: 'four-endpoints.yaml',
    server: 'reference',
    changed: changedEndpoint,
  },
  plain: {
    name: 'plain',
    title: 'another server at 150/s',
    file: 'plain-server.yaml',
    server: 'plain',
    changed: 'GET /parts/:id',
  },
} as const;

/** Those of the reference backend, which are measured unless others are asked for. */
export const usualWorkloads = Object.values(workloads).filter(({ server }) => server === 'reference');

/** One of them. */
export type Workload = (typeof workloads)[keyof typeof workloads];

/** What the first lines of requests match whose answers are to be slower. */
export const changedRequest = /^GET \/(?:api\/bills|parts)\/\d+ HTTP\//;

/** How a server is started, without npm between it and its process group, and where. */
export const servers = {
  reference: {
    command: [process.execPath, '--import', import.meta.resolve('tsx'), 'src/main.ts'],
    folder: ['examples', 'bills-api'],
  },
  plain: { command: [process.execPath, 'plain-server.mjs'], folder: ['bench', 'targets'] },
} as const;

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
