import type { CommandModule } from 'yargs';
import {
  capacityDocument,
  clearedLeftBehind,
  type ExitCode,
  exitCodeOfCapacity,
  leavesProcess,
  preflight,
  prepareRuns,
  publish,
  type RunSource,
  searchCapacity,
  withdraw,
  worstExitCode,
} from '../../app.ts';
import { commandText } from '../flags/command-text.ts';
import {
  allowHostFlag,
  placesOf,
  type ReachFlags,
  reachOf,
  type SharedFlags,
  sharedFlags,
} from '../flags/options.ts';
import { onlyScenario } from '../flags/scenarios.ts';
import { ProgressLine } from '../streams/progress-line.ts';
import { guarded, interruptedExitCode, type Session } from '../streams/session.ts';
import { capacityWatcher } from '../terminal/capacity-progress.ts';
import { filesText, formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface CapacityCommandFlags extends SharedFlags, ReachFlags {
  readonly scenario: string | undefined;
  readonly target: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly step: string | undefined;
}

/** `plimsoll capacity`. */
export function capacityCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, CapacityCommandFlags> {
  return {
    command: 'capacity [scenario]',
    describe: 'Find the highest load at which the budgets hold',
    builder: argv =>
      sharedFlags(
        argv
          .positional('scenario', {
            type: 'string',
            describe:
              'A scenario file, the name of one in scenarios/, or a URL [default: the only one in scenarios/]',
          })
          .options({
            target: {
              type: 'string',
              requiresArg: true,
              describe: "Load this base URL instead of the scenario's target; serve is ignored",
            },
            ...allowHostFlag,
            from: {
              type: 'string',
              requiresArg: true,
              describe: 'Load to begin with: a rate, or users of a closed load [default: 10/s, or 1]',
            },
            to: {
              type: 'string',
              requiresArg: true,
              describe: 'Highest load that may be sent [default: 5000/s, or 500 users]',
            },
            step: {
              type: 'string',
              requiresArg: true,
              describe: 'How long each load is measured; the last one three times as long [default: 10s]',
            },
          }),
        { subject: 'capacity' },
      )
        .example('$0 capacity browse-bills', 'doubles the rate until a budget breaks, then narrows it down')
        .example('$0 capacity http://127.0.0.1:3000/ --to 2000/s', 'without a file') as never,
    handler: async flags => exit(await capacity(flags, session)),
  };
}

async function capacity(flags: CapacityCommandFlags, session: Session): Promise<ExitCode> {
  formatOf(flags);
  const { settings, budgets, out } = await placesOf(flags, session);
  const { cwd, env, interrupt } = session;
  const [prepared] = await prepareRuns([await sourceOf(flags, session)], {
    ...{ cwd, env, budgets, requireBaseline: false, gate: null },
    ...reachOf(settings, flags),
  });
  if (prepared === undefined) throw new Error('one source makes one run');
  const reports = placesOfReports('capacity', out, flags);
  for (const sentence of await clearedLeftBehind(env)) {
    if (!flags.quiet) session.stderr.write(`note: ${sentence}\n`);
  }
  await preflight([prepared], { out, reports });
  await withdraw(reports);
  const progress = new ProgressLine(session.stderr, flags.quiet);
  try {
    const saved = await guarded(session, () =>
      searchCapacity(prepared, {
        ...{ cwd, env, out, interrupt, flags, guard: reachOf(settings, flags).guard },
        command: commandText(session.argv),
        onEvent: capacityWatcher(progress, {
          unit: prepared.plan.load.model === 'open' ? 'perSecond' : 'users',
          quiet: flags.quiet,
        }),
      }),
    );
    progress.clear();
    const document = capacityDocument(saved.capacity);
    const published = await publish(document, reports);
    const kept = [{ name: 'kept', file: saved.file }];
    session.stdout.write(resultText(document, flags, session) + filesText(published, kept, flags));
    const problems = [...saved.problems, ...published.problems];
    for (const { message } of problems) session.stderr.write(`${message}\n`);
    return worstExitCode([
      ...(interrupt.aborted ? [interruptedExitCode(interrupt)] : []),
      exitCodeOfCapacity(saved.capacity, prepared.budgets.onInconclusive),
      ...problems.map(({ exitCode }) => exitCode),
      ...(leavesProcess(saved) ? [2 as const] : []),
    ]);
  } catch (error) {
    if (interrupt.aborted && error === interrupt.reason) return interruptedExitCode(interrupt);
    throw error;
  } finally {
    progress.clear();
  }
}

/** A URL alone is an open load; how much of it is for the search to say. */
async function sourceOf({ scenario, target }: CapacityCommandFlags, { cwd }: Session): Promise<RunSource> {
  if (scenario !== undefined && /^(?:https?:\/\/|unix:)/i.test(scenario)) {
    return { kind: 'flags', flags: { url: scenario, rate: '10/s', duration: '10s' } };
  }
  const file = await onlyScenario(scenario, cwd, 'plimsoll capacity');
  return { kind: 'file', file, ...(target === undefined ? {} : { target }) };
}
