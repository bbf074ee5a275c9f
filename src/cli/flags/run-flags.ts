import type { Argv } from 'yargs';
import { type StoreFlags, storeFlags } from './baseline-flags.ts';
import { type GateFlags, gateFlag } from './gate-flags.ts';
import { allowHostFlag, openapiFlag, type SharedFlags, sharedFlags } from './options.ts';

/** The flags of `plimsoll run`. */
export interface RunFlags extends SharedFlags, StoreFlags, GateFlags {
  readonly out: string | undefined;
  readonly baseline: string | undefined;
  readonly scenario: readonly string[] | undefined;
  /** What follows `--`: scenarios, even where they look like flags. */
  readonly '--'?: readonly string[] | undefined;
  readonly target: string | undefined;
  readonly allowHost: readonly string[] | undefined;
  readonly allowUnsafe?: boolean | undefined;
  readonly requireBaseline: boolean;
  readonly openapi?: string | undefined;
  readonly failOnDrift?: boolean | undefined;
  readonly dryRun: boolean;
  readonly watch?: boolean | undefined;
  readonly once: boolean;
  readonly workers: string | undefined;
  readonly pacing: 'auto' | 'precise' | 'economical';
  readonly retries: string | undefined;
  readonly url: string | undefined;
  readonly rate: string | undefined;
  readonly users: number | undefined;
  readonly iterations: number | undefined;
  readonly duration: string | undefined;
  readonly method: string | undefined;
  readonly header: readonly string[] | undefined;
  readonly body: string | undefined;
  readonly repeat: string | undefined;
  readonly timeout: string | undefined;
  readonly warmup: string | undefined;
  readonly poisson: boolean | undefined;
  readonly insecure: boolean | undefined;
  readonly http2: boolean | undefined;
}

const withoutFile = 'Without a scenario file:';

/** Declares the flags of `plimsoll run`. */
export function runFlags(argv: Argv<object>): Argv<RunFlags> {
  return sharedFlags(
    storeFlags(argv)
      .positional('scenario', {
        type: 'string',
        array: true,
        describe:
          'Scenario files, names of files in scenarios/, - for standard input, or one URL [default: all in scenarios/]',
      })
      .options({
        target: {
          type: 'string',
          requiresArg: true,
          describe: "Load this base URL or unix:/path instead of the scenario's target; serve is ignored",
        },
        ...allowHostFlag,
        baseline: {
          type: 'string',
          requiresArg: true,
          describe:
            'Run to compare with: a record file, a commit, a run id, or none [default: chosen by commit]',
        },
        ...gateFlag,
        'require-baseline': {
          type: 'boolean',
          default: false,
          describe: 'Fail a run that is not compared with an earlier one',
        },
        openapi: {
          ...openapiFlag.openapi,
          describe:
            'Show which operations of this API description are not loaded, and which answers break it: a file or a URL',
        },
        'fail-on-drift': {
          type: 'boolean',
          default: false,
          describe: 'Fail if answers break the description of --openapi',
        },
        'dry-run': {
          type: 'boolean',
          default: false,
          describe: 'Show what would be sent, without sending it',
        },
        watch: {
          type: 'boolean',
          describe: 'Run again whenever a scenario, its data or the budgets change, until Ctrl-C',
        },
        once: {
          type: 'boolean',
          default: false,
          describe: 'Send each step once, and show requests and answers',
        },
        workers: {
          type: 'string',
          requiresArg: true,
          describe: 'Number of threads that send load, or auto [default: auto]',
        },
        pacing: {
          choices: ['auto', 'precise', 'economical'] as const,
          requiresArg: true,
          default: 'auto' as const,
          describe: 'precise: exact send times, more CPU; economical: the opposite',
        },
        retries: {
          type: 'string',
          requiresArg: true,
          describe:
            'Times to repeat a run that its load generator spoiled, such as on a busy machine [default: 1 in CI, else 0]',
        },
        repeat: {
          type: 'string',
          requiresArg: true,
          describe: 'Times to play the load, up to 20; each budget is judged by its median [default: 1]',
        },
        url: { type: 'string', requiresArg: true, group: withoutFile, describe: 'URL to load' },
        rate: {
          alias: 'r',
          type: 'string',
          requiresArg: true,
          group: withoutFile,
          describe: 'Requests per second, such as 100/s',
        },
        users: {
          alias: 'c',
          type: 'number',
          requiresArg: true,
          group: withoutFile,
          describe: 'Number of concurrent users, instead of a rate',
        },
        iterations: {
          alias: 'n',
          type: 'number',
          requiresArg: true,
          group: withoutFile,
          describe: 'Number of requests of all users together, instead of a duration',
        },
        duration: {
          alias: 'd',
          type: 'string',
          requiresArg: true,
          group: withoutFile,
          describe: 'Length of the test, such as 10s',
        },
        method: {
          alias: 'm',
          type: 'string',
          requiresArg: true,
          group: withoutFile,
          describe: 'Request method [default: GET]',
        },
        header: {
          alias: 'H',
          type: 'string',
          array: true,
          nargs: 1,
          group: withoutFile,
          describe: "Request header, as 'name: value'; repeatable",
        },
        body: { alias: 'b', type: 'string', requiresArg: true, group: withoutFile, describe: 'Request body' },
        timeout: {
          type: 'string',
          requiresArg: true,
          group: withoutFile,
          describe: 'Timeout of a request [default: 10s]',
        },
        warmup: {
          type: 'string',
          requiresArg: true,
          group: withoutFile,
          describe: 'Warm-up before the measurement, such as 5s',
        },
        poisson: {
          type: 'boolean',
          group: withoutFile,
          describe: 'Random arrivals instead of evenly spaced ones',
        },
        insecure: {
          type: 'boolean',
          group: withoutFile,
          describe: 'Accept any TLS certificate',
        },
        http2: {
          type: 'boolean',
          group: withoutFile,
          describe: 'Speak HTTP/2: by ALPN with https://, at once with http://',
        },
      }),
  ) as unknown as Argv<RunFlags>;
}
