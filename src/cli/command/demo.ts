import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandModule } from 'yargs';
import { type ExitCode, problem } from '../../app.ts';
import { type SharedFlags, sharedFlags } from '../flags/options.ts';
import type { Session } from '../streams/session.ts';
import { executeRun } from './run.ts';

const scenario = join('scenarios', 'browse-bills.yaml');

/** `plimsoll demo`. */
export function demoCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, SharedFlags> {
  return {
    command: 'demo',
    describe: 'Load and judge an example API, in a clone of this repository',
    builder: argv => sharedFlags(argv).example('$0 demo', 'takes about a minute') as never,
    async handler(flags) {
      const root = checkout();
      const target = `http://127.0.0.1:${await freePort()}`;
      if (!flags.quiet) {
        session.stderr.write(
          `Starts examples/bills-api, an API on a real database, and runs:\n  plimsoll run ${scenario}\n\n`,
        );
      }
      const here = { ...session, cwd: root, env: { ...session.env, TARGET: target } };
      const code = await executeRun(
        {
          ...flags,
          // What is named on the command line lies where it is run.
          budgets: flags.budgets && resolve(session.cwd, flags.budgets),
          out: resolve(session.cwd, flags.out ?? 'reports'),
          scenario: [scenario],
          target: undefined,
          baseline: 'none',
          store: undefined,
          allowHost: undefined,
          gate: 'head',
          requireBaseline: false,
          dryRun: false,
          once: false,
          workers: undefined,
          pacing: 'auto',
          retries: undefined,
          url: undefined,
          rate: undefined,
          users: undefined,
          iterations: undefined,
          duration: undefined,
          method: undefined,
          header: undefined,
          body: undefined,
          repeat: undefined,
          timeout: undefined,
          warmup: undefined,
          poisson: undefined,
          insecure: undefined,
          http2: undefined,
        },
        here,
      );
      exit(code);
    },
  };
}

/** The repository that this file is part of; the published package holds no example API. */
function checkout(): string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json')) && root !== dirname(root)) root = dirname(root);
  if (existsSync(join(root, scenario)) && existsSync(join(root, 'examples', 'bills-api'))) return root;
  throw problem('command.needs-checkout', {
    where: 'plimsoll demo',
    found: 'an installed package, which holds no example API',
    expected: "a checkout of Plimsoll's repository",
    instead: 'load your own API: plimsoll run --url http://127.0.0.1:3000/ --rate 50/s --duration 10s',
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise(closed => server.close(closed));
  return typeof address === 'object' && address ? address.port : 4010;
}
