import type { CommandModule } from 'yargs';
import {
  calibrationDocument,
  calibrationSize,
  type ExitCode,
  layoutOptions,
  preflightDuet,
  prepareDuet,
  problem,
  publish,
  type ReportPlaces,
  runCalibration,
  type SavedCalibration,
  sideNames,
  withdraw,
  worstExitCode,
} from '../../app.ts';
import { commandText } from '../flags/command-text.ts';
import { placesOf, reachOf } from '../flags/options.ts';
import { onlyScenario } from '../flags/scenarios.ts';
import { type TurnFlags, turnFlags } from '../flags/turn-flags.ts';
import { ProgressLine } from '../streams/progress-line.ts';
import { guarded, interruptedExitCode, type Session } from '../streams/session.ts';
import { calibrationWatcher } from '../terminal/calibration-progress.ts';
import { filesText, formatOf, placesOfReports, resultText } from '../terminal/output.ts';

interface CalibrateFlags extends TurnFlags {
  readonly ref: string | undefined;
  readonly url: string | undefined;
  readonly restarts: number;
  readonly effects: string;
}

/** `plimsoll calibrate`. */
export function calibrateCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, CalibrateFlags> {
  return {
    command: 'calibrate [scenario]',
    describe: 'Measure which slowdowns a duet can find on this machine',
    builder: argv =>
      turnFlags(
        argv.options({
          ref: {
            type: 'string',
            requiresArg: true,
            conflicts: 'url',
            describe: 'Commit, branch or tag to build and start on both sides [default: HEAD]',
          },
          url: {
            type: 'string',
            requiresArg: true,
            describe: 'An API that already runs, over http, instead of a commit',
          },
          restarts: {
            type: 'number',
            requiresArg: true,
            default: 20,
            describe: 'Number of restarts, or of rounds for --url',
          },
          effects: {
            type: 'string',
            requiresArg: true,
            default: '5%,10%,20%',
            describe: 'Delays to inject: into all answers, and into the slowest tenth; or none',
          },
        }),
        'phase',
        'calibration',
      )
        .example('$0 calibrate browse-bills', 'takes half an hour or more')
        .example('$0 calibrate checkout --url http://10.0.0.7:8080', 'an API that already runs') as never,
    handler: async flags => exit(await calibrate(flags, session)),
  };
}

async function calibrate(flags: CalibrateFlags, session: Session): Promise<ExitCode> {
  formatOf(flags);
  const { settings, budgets, out } = await placesOf(flags, session);
  const { cwd, env, interrupt } = session;
  const options = { ...calibrationSize(flags), layout: layoutOptions(flags) };
  const surroundings = { cwd, env, ...reachOf(settings, flags) };
  const scenario = await onlyScenario(flags.scenario, cwd, 'plimsoll calibrate');
  const prepared = await prepareDuet({ kind: 'file', file: scenario }, cellSidesOf(flags), {
    ...surroundings,
    budgets,
  });
  const reports = placesOfReports('calibration', out, flags);
  await preflightDuet({ out, reports, records: 'calibrations' });
  await withdraw(reports);
  const progress = new ProgressLine(session.stderr, flags.quiet);
  try {
    const saved = await guarded(session, () =>
      runCalibration(prepared, {
        ...surroundings,
        ...options,
        out,
        command: commandText(session.argv),
        interrupt,
        onEvent: calibrationWatcher(progress),
      }),
    );
    progress.clear();
    return await tell(saved, reports, flags, session);
  } catch (error) {
    if (interrupt.aborted && error === interrupt.reason) return interruptedExitCode(interrupt);
    throw error;
  } finally {
    progress.clear();
  }
}

/** The same on both sides. */
function cellSidesOf({ ref, url }: CalibrateFlags): ReturnType<typeof sideNames> {
  const name = url ?? ref ?? 'HEAD';
  const sides = sideNames(name, name);
  const asked = url === undefined ? 'refs' : 'urls';
  if (sides.kind === asked) return sides;
  throw problem('command.invalid-value', {
    where: url === undefined ? '--ref' : '--url',
    found: name,
    expected: url === undefined ? 'a commit, branch or tag; a URL goes to --url' : 'a URL over http',
  });
}

async function tell(
  { calibration, file, problems: unsaved }: SavedCalibration,
  reports: ReportPlaces,
  flags: CalibrateFlags,
  session: Session,
): Promise<ExitCode> {
  const document = calibrationDocument(calibration);
  const published = await publish(document, reports);
  const kept = [{ name: 'kept', file }];
  session.stdout.write(resultText(document, flags, session) + filesText(published, kept, flags));
  const wentWrong = [...unsaved, ...published.problems];
  for (const { message } of wentWrong) session.stderr.write(`${message}\n`);
  return worstExitCode([0, ...wentWrong.map(({ exitCode }) => exitCode)]);
}
