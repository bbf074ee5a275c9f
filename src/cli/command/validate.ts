import type { CommandModule } from 'yargs';
import { counted, type ExitCode, foreseenText, type PreparedRun, prepareRuns } from '../../app.ts';
import { allowHostFlag, budgetsFlag, placesOf, type ReachFlags, reachOf } from '../flags/options.ts';
import { scenarioFiles } from '../flags/scenarios.ts';
import type { Session } from '../streams/session.ts';

interface ValidateFlags extends ReachFlags {
  readonly scenario: readonly string[] | undefined;
  readonly '--'?: readonly string[] | undefined;
  readonly budgets: string | undefined;
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
          quiet: { type: 'boolean', default: false, describe: 'Print mistakes alone' },
        })
        .example('$0 validate', 'every scenario, with budgets.json')
        .example('$0 validate checkout --budgets strict.json', 'one scenario, other budgets') as never,
    async handler(flags) {
      const { cwd, env, stdout } = session;
      const { settings, budgets } = await placesOf({ ...flags, out: undefined }, session);
      const files = await scenarioFiles([...(flags.scenario ?? []), ...(flags['--'] ?? [])], cwd);
      const sources = files.map(file => ({ kind: 'file', file }) as const);
      const prepared = await prepareRuns(sources, { cwd, env, budgets, ...reachOf(settings, flags) });
      if (!flags.quiet) for (const one of prepared) stdout.write(validText(one));
      exit(0);
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
