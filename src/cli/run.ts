import type { CommandModule } from 'yargs';
import {
  assertWritable,
  type ExitCode,
  type PreparedRun,
  prepareRun,
  problem,
  publish,
  type RunSource,
  rehearse,
  runPrepared,
  type SavedRun,
  worstExitCode,
} from '../index.ts';
import { commandText } from './command-text.ts';
import { placesOf } from './options.ts';
import { printResult, printsDocument } from './output.ts';
import { ProgressLine, progressText } from './progress-line.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { type RunFlags, runFlags } from './run-flags.ts';
import { scenarioFiles } from './scenarios.ts';
import { interruptedExitCode, type Session } from './session.ts';

/** `plimsoll run`. */
export function runCommand(
  session: Session,
  exit: (code: ExitCode) => void,
): CommandModule<object, RunFlags> {
  return {
    command: 'run [scenario..]',
    describe: 'Load an API, judge it against its budgets, write a report',
    builder: argv =>
      runFlags(argv)
        .example('$0 run scenarios/browse-bills.yaml', 'one scenario, by its own target and budgets')
        .example('$0 run --url http://127.0.0.1:3000/ --rate 100/s --duration 10s', 'no file at all')
        .example(
          '$0 run checkout --target http://10.0.0.7:8080 --json -',
          'staging, with the summary for a program',
        )
        .example('$0 run --dry-run', 'every scenario: what would be sent') as never,
    handler: async flags => exit(await run(flags, session)),
  };
}

/** Runs the scenarios one after another and answers the exit code of the worst. */
export async function run(flags: RunFlags, session: Session): Promise<ExitCode> {
  const { settings, budgets, out } = await placesOf(flags, session);
  const prepared: PreparedRun[] = [];
  for (const source of await sourcesOf(flags, session)) {
    prepared.push(
      await prepareRun(source, {
        cwd: session.cwd,
        env: session.env,
        budgets,
        allowHosts: [...settings.allowHosts, ...(flags.allowHost ?? [])],
      }),
    );
  }
  if (flags.dryRun) {
    session.stdout.write(prepared.map(one => rehearsalText(rehearse(one))).join('\n'));
    return 0;
  }
  await assertWritable(out);
  const progress = new ProgressLine(session.stderr, flags.quiet);
  const runs: SavedRun[] = [];
  for (const one of prepared) {
    if (session.interrupt.aborted) break;
    const saved = await runOne(one, out, progress, flags, session);
    if (saved) runs.push(saved);
  }
  if (runs.length === 0) return interruptedExitCode(session.interrupt);
  const report = await publish(runs, out);
  await printResult(runs, flags, session);
  if (!flags.quiet && !printsDocument(flags)) {
    const records = runs.map(({ file }) => `  record   ${file}\n`).join('');
    session.stdout.write(`\n  report   ${report.markdown}\n  summary  ${report.summary}\n${records}`);
  }
  return session.interrupt.aborted
    ? interruptedExitCode(session.interrupt)
    : worstExitCode(runs.map(({ exitCode }) => exitCode));
}

async function runOne(
  prepared: PreparedRun,
  out: string,
  progress: ProgressLine,
  flags: RunFlags,
  session: Session,
): Promise<SavedRun | null> {
  const { plan, foreseen } = prepared;
  if (!flags.quiet) for (const sentence of foreseen) progress.note(`note: ${sentence}`);
  try {
    return await runPrepared(prepared, {
      cwd: session.cwd,
      env: session.env,
      out,
      command: commandText(session.argv),
      interrupt: session.interrupt,
      onEvent(event) {
        if (event.kind === 'serving') progress.show(`${plan.scenario}  starting ${event.command}`);
        else if (event.kind === 'ready') progress.show(`${plan.scenario}  the API is ready`);
        else if (event.kind === 'progress') progress.show(progressText(plan.scenario, event.progress));
        else
          progress.note(
            ['The API ended while it was being measured. Its last lines:', ...event.lastLines].join('\n  '),
          );
      },
    });
  } catch (error) {
    // An interrupt before the first request leaves nothing to report.
    if (session.interrupt.aborted && error === session.interrupt.reason) return null;
    throw error;
  } finally {
    progress.clear();
  }
}

async function sourcesOf(flags: RunFlags, { cwd }: Session): Promise<readonly RunSource[]> {
  const { url, rate, users, duration, method, body, timeout, warmup, poisson } = flags;
  const { scenario = [], header = [] } = flags;
  if (url !== undefined) {
    if (scenario.length > 0 || flags.target !== undefined) {
      throw problem('command.usage', {
        where: '--url',
        found: flags.target === undefined ? 'a scenario file as well' : '--target as well',
        expected: 'either scenario files or --url',
      });
    }
    const optional = { rate, users, duration, method, body, timeout, warmup, poisson };
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
    return [{ kind: 'flags', flags: { url, headers: header, ...given } }];
  }
  const stray = Object.entries({ rate, users, duration, method, body, timeout, warmup, poisson }).find(
    ([, value]) => value !== undefined,
  );
  if (stray || header.length > 0) {
    throw problem('command.usage', {
      where: `--${stray?.[0] ?? 'header'}`,
      found: 'no --url',
      expected: '--url beside it; a scenario file says this itself',
    });
  }
  const files = await scenarioFiles(scenario, cwd);
  return files.map(file => ({
    kind: 'file',
    file,
    ...(flags.target === undefined ? {} : { target: flags.target }),
  }));
}
