import type { CommandModule } from 'yargs';
import {
  assertNoneGone,
  clearedLeftBehind,
  type Deliveries,
  type ExitCode,
  earlierVerdicts,
  exitCodeOfRuns,
  foreseenText,
  leavesProcess,
  PlimsollError,
  type PreparedRun,
  preflight,
  prepareRuns,
  problem,
  publish,
  type ReportPlaces,
  repeatingText,
  runDocument,
  runSeries,
  type SavedRun,
  type SeriesOptions,
  type StaffingOptions,
  settingsFile,
  withdraw,
  worstExitCode,
} from '../../app.ts';
import { commandText } from '../flags/command-text.ts';
import { gatedPlacesOf } from '../flags/gate-flags.ts';
import { placesOf, reachOf } from '../flags/options.ts';
import { baselineFrom } from '../flags/run-baseline.ts';
import { assertNoConflict } from '../flags/run-conflicts.ts';
import { repeatFrom, retriesFrom, workersFrom } from '../flags/run-counts.ts';
import { type RunFlags, runFlags } from '../flags/run-flags.ts';
import { runSources } from '../flags/run-sources.ts';
import { ProgressLine, progressText } from '../streams/progress-line.ts';
import { guarded, interruptedExitCode, type Session } from '../streams/session.ts';
import { deliveriesOf, sayDelivered } from '../terminal/deliveries.ts';
import { filesText, formatOf, placesOfReports, resultText } from '../terminal/output.ts';
import { sayPlan } from './dry-run.ts';
import { runStepsOnce } from './run-once.ts';
import { watched } from './watch.ts';

/** `plimsoll run`. */
export function runCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, RunFlags> {
  return {
    command: 'run [scenario..]',
    describe: 'Load an API, judge it against budgets, and write a report',
    builder: argv =>
      runFlags(argv)
        .example('$0 run scenarios/browse-bills.yaml', 'one scenario')
        .example('$0 run http://127.0.0.1:3000/ --rate 100/s --duration 10s', 'without a file')
        .example('$0 run checkout --target http://10.0.0.7:8080 --json -', 'another target, JSON output')
        .example('$0 run - < scenario.yaml', 'a scenario from standard input')
        .example('$0 run --dry-run', 'shows what every scenario would send')
        .example('$0 run checkout --once', 'sends each step once, and shows the answers') as never,
    handler: async flags =>
      exit(await (flags.watch ? watchRuns(flags, session) : executeRun(flags, session))),
  };
}

/** Runs the scenarios again and again as they are written. */
async function watchRuns(flags: RunFlags, session: Session): Promise<ExitCode> {
  const sources = await runSources(flags, session);
  const files = sources.flatMap(source => (source.kind === 'file' ? [source.file] : []));
  if (files.length < sources.length) {
    const found = flags.url === undefined ? 'standard input, or a URL' : 'a URL';
    throw problem('command.conflicting-flags', { where: '--watch', found, expected: 'scenario files alone' });
  }
  const { budgets } = await placesOf(flags, session);
  const others = [settingsFile, budgets ?? 'budgets.json'];
  return await watched(files, others, () => executeRun(flags, session), session);
}

/**
 * Runs the scenarios one after another and answers the exit code of the worst. What is wrong with any of them stops all
 * before anything is sent; from then on each has its place in the report, whatever becomes of it.
 */
export async function executeRun(flags: RunFlags, session: Session): Promise<ExitCode> {
  formatOf(flags);
  assertNoConflict(flags);
  const { settings, budgets, out, gate } = await gatedPlacesOf(flags, session);
  const staffing: StaffingOptions = { workers: workersFrom(flags.workers), pacing: flags.pacing };
  const retries = retriesFrom(flags.retries, session);
  const repeat = repeatFrom(flags);
  const sources = await runSources(flags, session);
  // Who gives up what comes from standard input wants nothing of it.
  if (session.interrupt.aborted) return interruptedExitCode(session.interrupt);
  const files = sources.flatMap(source => (source.kind === 'file' ? [source.file] : []));
  const named = [...(flags.scenario ?? []), ...(flags['--'] ?? [])];
  if (gate !== null && files.length > 0) await assertNoneGone(gate, files, { cwd: session.cwd, named });
  const prepared = await prepareRuns(sources, {
    cwd: session.cwd,
    env: session.env,
    budgets,
    requireBaseline: flags.requireBaseline,
    openapi: flags.openapi,
    failsOnDrift: flags.failOnDrift,
    gate,
    ...reachOf(settings, flags),
  });
  if (flags.dryRun) return await sayPlan(prepared, flags, session);
  if (flags.once) return await runStepsOnce(prepared, out, flags, session);
  const deliveries = deliveriesOf(settings, flags, session);
  const reports = placesOfReports('run', out, flags, { settings, out });
  for (const sentence of await clearedLeftBehind(session.env)) {
    if (!flags.quiet) session.stderr.write(`note: ${sentence}\n`);
  }
  await preflight(prepared, { out, reports });
  const baseline = await baselineFrom(flags, session, { settings, gate });
  await withdraw(reports);

  const ran: Ran = { runs: [], problems: [], exitCodes: [] };
  try {
    const terms = { out, staffing, baseline, retries, repeat };
    await guarded(session, () => runAll(prepared, terms, ran, flags, session));
  } finally {
    // Whatever ended the runs, those that were made are told.
    if (ran.runs.length > 0) await tell(ran, { reports, deliveries }, flags, session);
  }
  for (const { message } of ran.problems) session.stderr.write(`${message}\n`);
  return worstExitCode([
    ...(session.interrupt.aborted ? [interruptedExitCode(session.interrupt)] : []),
    exitCodeOfRuns(ran.runs),
    ...ran.exitCodes,
  ]);
}

/** What became of the scenarios so far. */
interface Ran {
  readonly runs: SavedRun[];
  /** What went wrong besides what the verdicts say. */
  readonly problems: PlimsollError[];
  /** Of what went wrong besides. */
  readonly exitCodes: ExitCode[];
}

/** Where records go, who sends the load, what runs are held against, and how often they are made again. */
type RunTerms = Pick<SeriesOptions, 'out' | 'staffing' | 'baseline' | 'retries' | 'repeat'>;

async function runAll(
  prepared: readonly PreparedRun[],
  terms: RunTerms,
  ran: Ran,
  flags: RunFlags,
  session: Session,
): Promise<void> {
  const progress = new ProgressLine(session.stderr, flags.quiet);
  for (const one of prepared) {
    if (session.interrupt.aborted) return;
    try {
      const saved = await runOne(one, terms, progress, flags, session);
      ran.runs.push(saved);
      ran.problems.push(...saved.problems);
      ran.exitCodes.push(saved.file === null || leavesProcess(saved) ? 2 : 0);
    } catch (error) {
      // An interrupt before the first request leaves nothing to report.
      if (session.interrupt.aborted && error === session.interrupt.reason) return;
      if (!(error instanceof PlimsollError)) throw error;
      ran.problems.push(error);
      ran.exitCodes.push(error.exitCode);
    } finally {
      progress.clear();
    }
  }
}

async function tell(
  ran: Ran,
  { reports, deliveries }: { readonly reports: ReportPlaces; readonly deliveries: Deliveries },
  flags: RunFlags,
  session: Session,
): Promise<void> {
  const document = runDocument(ran.runs);
  const published = await publish(document, reports);
  const { problems } = published;
  ran.problems.push(...problems);
  ran.exitCodes.push(...problems.map(({ exitCode }) => exitCode));
  const records = ran.runs.map(({ file }) => ({ name: 'record', file }));
  session.stdout.write(resultText(document, flags, session) + filesText(published, records, flags));
  const exitCode = exitCodeOfRuns(ran.runs);
  await sayDelivered({ document, exitCode, earlier: earlierVerdicts(ran.runs) }, deliveries, session);
}

async function runOne(
  prepared: PreparedRun,
  terms: RunTerms,
  progress: ProgressLine,
  flags: RunFlags,
  session: Session,
): Promise<SavedRun> {
  const { plan, foreseen } = prepared;
  if (!flags.quiet) for (const one of foreseen) progress.note(`note: ${foreseenText(one)}`);
  let number = '';
  return await runSeries(prepared, {
    cwd: session.cwd,
    env: session.env,
    ...terms,
    command: commandText(session.argv),
    interrupt: session.interrupt,
    onEvent(event) {
      if (event.kind === 'serving') progress.show(`${plan.scenario}  starting ${event.command}`);
      else if (event.kind === 'ready') progress.show(`${plan.scenario}  the API is ready`);
      else if (event.kind === 'progress') progress.show(progressText(plan.scenario + number, event.progress));
      else if (event.kind === 'playing') number = ` ${event.number}/${event.of}`;
      else if (event.kind === 'repeating') {
        if (!flags.quiet) progress.note(`note: ${repeatingText(event)}`);
      } else progress.note(endedText(event.end.lastLines));
    },
  });
}

function endedText(lastLines: readonly string[]): string {
  const ended = 'The API ended while it was being measured.';
  if (lastLines.length === 0) return `${ended} It wrote nothing.`;
  return [`${ended} Its last lines:`, ...lastLines].join('\n  ');
}
