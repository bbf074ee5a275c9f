import type { CommandModule } from 'yargs';
import {
  assertNoneGone,
  continuable,
  type Deliveries,
  duetsDocument,
  type ExitCode,
  earlierNames,
  layoutOptions,
  preflightDuet,
  prepareDuet,
  problem,
  publish,
  type ReportPlaces,
  readEarlier,
  rebuildOption,
  runDuets,
  type SavedDuet,
  sideNames,
  withdraw,
  worstExitCode,
} from '../../app.ts';
import { commandText } from '../flags/command-text.ts';
import { type GateFlags, gatedPlacesOf, gateFlag } from '../flags/gate-flags.ts';
import { reachOf } from '../flags/options.ts';
import { onlyScenario } from '../flags/scenarios.ts';
import { type TurnFlags, turnFlags } from '../flags/turn-flags.ts';
import { ProgressLine } from '../streams/progress-line.ts';
import { guarded, interruptedExitCode, type Session } from '../streams/session.ts';
import { deliveriesOf, sayDelivered } from '../terminal/deliveries.ts';
import { duetWatcher } from '../terminal/duet-progress.ts';
import { filesText, formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface DuetFlags extends TurnFlags, GateFlags {
  readonly base: readonly string[] | undefined;
  readonly head: readonly string[] | undefined;
  readonly continue: string | undefined;
  readonly rebuild: number | undefined;
}

/** `plimsoll duet`. */
export function duetCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, DuetFlags> {
  return {
    command: 'duet [scenario]',
    describe: 'Find out if a commit is slower than another one, by loading both in turn',
    builder: argv =>
      turnFlags(
        argv.options({
          ...gateFlag,
          base: {
            type: 'string',
            array: true,
            nargs: 1,
            describe: 'Before the change: a commit, branch or tag; or a URL, repeatable for instances of it',
          },
          head: {
            type: 'string',
            array: true,
            nargs: 1,
            describe:
              'After the change, repeatable: commits are compared with --base each; URLs are as many as of --base [default: HEAD]',
          },
          continue: {
            type: 'string',
            requiresArg: true,
            describe: 'The record of an inconclusive duet: add restarts to it, instead of starting anew',
          },
          rebuild: {
            type: 'number',
            requiresArg: true,
            describe: 'How often to build each commit; each restart runs one of the builds [default: 1]',
          },
        }),
        'restart',
        'duet',
      )
        .example('$0 duet browse-bills --base main', 'this commit against main')
        .example('$0 duet --continue reports/duets/….json', 'more restarts of an inconclusive duet')
        .example(
          '$0 duet browse-bills --base main --head a --head b',
          'two branches against main, in one duet',
        )
        .example(
          '$0 duet checkout --base http://10.0.0.7:8080 --head http://10.0.0.8:8080',
          'two APIs that already run',
        ) as never,
    handler: async flags => exit(await duet(flags, session)),
  };
}

async function duet(flags: DuetFlags, session: Session): Promise<ExitCode> {
  formatOf(flags);
  const { settings, budgets, out, gate } = await gatedPlacesOf(flags, session);
  const { cwd, env, interrupt } = session;
  const earlier = flags.continue === undefined ? undefined : await readEarlier(flags.continue);
  const given = earlier ? earlierNames(earlier, flags) : givenSides(flags);
  const sides = sideNames(given.base, given.head);
  const layout = layoutOptions(flags);
  const rebuild = rebuildOption(flags.rebuild, sides.kind);
  const surroundings = { cwd, env, ...reachOf(settings, flags) };
  const asked = flags.scenario ?? earlier?.record.header.file ?? undefined;
  const scenario = await onlyScenario(asked, cwd, 'plimsoll duet', '--base main');
  const named = flags.scenario === undefined ? [] : [flags.scenario];
  if (gate !== null) await assertNoneGone(gate, [scenario], { cwd, named });
  const prepared = await prepareDuet({ kind: 'file', file: scenario }, sides, {
    ...surroundings,
    budgets,
    gate,
  });
  const going = earlier && (await continuable(earlier, prepared, { cwd, env, out, layout }));
  const deliveries = deliveriesOf(settings, flags, session);
  const reports = placesOfReports('duet', out, flags, { settings, out });
  await preflightDuet({ out, reports });
  await withdraw(reports);
  const progress = new ProgressLine(session.stderr, flags.quiet);
  try {
    const saved = await guarded(session, () =>
      runDuets(prepared, {
        ...surroundings,
        out,
        layout,
        rebuild,
        command: commandText(session.argv),
        earlier: going,
        interrupt,
        onEvent: duetWatcher(progress),
      }),
    );
    progress.clear();
    return await tell(saved, { reports, deliveries }, flags, session);
  } catch (error) {
    if (interrupt.aborted && error === interrupt.reason) return interruptedExitCode(interrupt);
    throw error;
  } finally {
    progress.clear();
  }
}

function givenSides({ base, head = ['HEAD'] }: Pick<DuetFlags, 'base' | 'head'>): {
  readonly base: readonly string[];
  readonly head: readonly string[];
} {
  if (base !== undefined) return { base, head };
  throw problem('command.missing-argument', {
    where: '--base',
    expected: 'a commit, branch or tag, or a URL; or --continue with a record',
    instead: 'plimsoll duet --base main',
  });
}

async function tell(
  duets: readonly SavedDuet[],
  { reports, deliveries }: { readonly reports: ReportPlaces; readonly deliveries: Deliveries },
  flags: DuetFlags,
  session: Session,
): Promise<ExitCode> {
  const document = duetsDocument(duets);
  const published = await publish(document, reports);
  const records = duets.map(({ file }) => ({ name: 'record', file }));
  session.stdout.write(resultText(document, flags, session) + filesText(published, records, flags));
  const wentWrong = [...duets.flatMap(({ problems }) => problems), ...published.problems];
  for (const { message } of wentWrong) session.stderr.write(`${message}\n`);
  const exitCode = worstExitCode(duets.map(one => one.exitCode));
  await sayDelivered({ document, exitCode, earlier: [] }, deliveries, session);
  return worstExitCode([exitCode, ...wentWrong.map(({ exitCode }) => exitCode)]);
}
