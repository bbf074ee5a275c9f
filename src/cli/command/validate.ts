import type { CommandModule } from 'yargs';
import {
  type CoverageByAll,
  counted,
  coverageByAll,
  type ExitCode,
  foreseenText,
  inertText,
  type PreparedRun,
  prepareRuns,
  problem,
} from '../../app.ts';
import {
  allowHostFlag,
  budgetsFlag,
  openapiFlag,
  placesOf,
  type ReachFlags,
  reachOf,
} from '../flags/options.ts';
import { scenarioFiles } from '../flags/scenarios.ts';
import type { Session } from '../streams/session.ts';

interface ValidateFlags extends ReachFlags {
  readonly scenario: readonly string[] | undefined;
  readonly '--'?: readonly string[] | undefined;
  readonly budgets: string | undefined;
  readonly openapi: string | undefined;
  readonly failOnUncovered: boolean;
  readonly quiet: boolean;
}

/** `plimsoll validate`. */
export function validateCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, ValidateFlags> {
  return {
    command: 'validate [scenario..]',
    describe: 'Check scenarios, budgets and settings without sending anything',
    builder: argv =>
      argv
        .positional('scenario', {
          type: 'string',
          array: true,
          describe: 'Scenario files, or names of files in scenarios/ [default: all in scenarios/]',
        })
        .options({
          ...budgetsFlag,
          ...allowHostFlag,
          openapi: {
            ...openapiFlag.openapi,
            describe: 'Show which operations of this API description no scenario loads: a file or a URL',
          },
          'fail-on-uncovered': {
            type: 'boolean',
            default: false,
            describe: 'Exit with 1 if no scenario loads some operations of --openapi',
          },
          quiet: { type: 'boolean', default: false, describe: 'Print mistakes alone' },
        })
        .example('$0 validate', 'every scenario, with budgets.json')
        .example('$0 validate checkout --budgets strict.json', 'one scenario, other budgets') as never,
    async handler(flags) {
      const { cwd, env, stdout } = session;
      const { settings, budgets } = await placesOf({ ...flags, out: undefined }, session);
      const files = await scenarioFiles([...(flags.scenario ?? []), ...(flags['--'] ?? [])], cwd);
      const sources = files.map(file => ({ kind: 'file', file }) as const);
      const { openapi, failOnUncovered } = flags;
      if (failOnUncovered && openapi === undefined) {
        throw problem('command.conflicting-flags', {
          where: '--fail-on-uncovered',
          found: 'no --openapi',
          expected: 'the description whose operations must be loaded',
        });
      }
      const prepared = await prepareRuns(sources, {
        cwd,
        env,
        budgets,
        openapi,
        ...reachOf(settings, flags),
      });
      if (!flags.quiet) for (const one of prepared) stdout.write(validText(one));
      const covered = await coverageByAll(prepared);
      if (covered !== null) stdout.write(coveredText(covered));
      exit(failOnUncovered && covered !== null && covered.uncovered.length > 0 ? 1 : 0);
    },
  };
}

/** What a scenario holds that is known to be right, and what will be said of it before its run. */
function validText({ plan, budgets, foreseen }: PreparedRun): string {
  const holds = [
    counted(plan.journeys.length, 'journey'),
    counted(plan.endpoints.length, 'endpoint'),
    counted(budgets.budgets.length, 'budget'),
  ];
  const notes = foreseen.map(one => `  note: ${foreseenText(one)}\n`);
  return `✓ ${plan.file ?? plan.scenario}: ${holds.join(', ')}\n${notes.join('')}`;
}

/** What no scenario loads of a description, and what they load that it does not have. */
function coveredText({ source, operations, uncovered, undescribed }: CoverageByAll): string {
  const loaded = operations - uncovered.length;
  return [
    `${source}: ${loaded} of ${counted(operations, 'operation')} loaded`,
    ...uncovered.map(name => `  not loaded: ${name}`),
    ...undescribed.map(name => `  not in the description: ${name}`),
    '',
  ]
    .map(inertText)
    .join('\n');
}
