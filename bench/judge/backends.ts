import { join } from 'node:path';
import { freePorts } from '../../src/launch/process/port.ts';
import { type Served, serve } from '../../src/launch/process/serve.ts';
import { type OfBoth, sides } from '../../src/model/duet/duet.ts';
import type { Plan, Target } from '../../src/model/run/plan.ts';
import { millis } from '../../src/model/units.ts';
import { temporaryFolder } from '../temporary.ts';
import type { JudgeSetting } from './setting.ts';
import { planOf, servers, type Workload } from './workloads.ts';

/** Two instances of a server, ready for load. */
export interface Backends {
  readonly plan: Plan;
  readonly places: OfBoth<{ readonly target: Target; readonly addresses: readonly string[] }>;
}

const host = '127.0.0.1';

/** Starts the server of a workload twice, afresh, lets `use` load both, and stops them whatever happens. */
export async function withBackends<Result>(
  workload: Workload,
  { root, signal }: Pick<JudgeSetting, 'root' | 'signal'>,
  use: (backends: Backends) => Promise<Result>,
): Promise<Result> {
  const server = servers[workload.server];
  const logs = temporaryFolder('bench-judge');
  const running: Served[] = [];
  try {
    const ports = await freePorts(sides.length);
    const plans = await Promise.all(ports.map(port => planOf(workload, `http://${host}:${port}`)));
    for (const [index, plan] of plans.entries()) {
      const { target, transport } = plan;
      const started = {
        install: null,
        build: null,
        start: `exec ${server.command.map(word => `'${word}'`).join(' ')}`,
        ready: { method: 'GET', path: '/health' },
        timeout: millis(30_000),
        directory: join(root, ...server.folder),
      };
      const logFile = join(logs.path, `${index}.log`);
      running.push(await serve(started, { target, tls: transport.tls, env: process.env, logFile, signal }));
    }
    const [base, head] = plans.map(({ target }) => ({ target, addresses: [host] }));
    const [plan] = plans;
    if (!base || !head || !plan) throw new Error('no two plans');
    return await use({ plan, places: { base, head } });
  } finally {
    await Promise.all(running.map(served => served.stop()));
    logs.remove();
  }
}
