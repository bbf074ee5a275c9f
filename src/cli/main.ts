import yargs from 'yargs';
import { type ExitCode, PlimsollError, version } from '../app.ts';
import { bugText } from './bug-text.ts';
import { acceptCommand } from './command/accept.ts';
import { baselineCommand } from './command/baseline.ts';
import { calibrateCommand } from './command/calibrate.ts';
import { capacityCommand } from './command/capacity.ts';
import { compareCommand } from './command/compare.ts';
import { demoCommand } from './command/demo.ts';
import { duetCommand } from './command/duet.ts';
import { historyCommand } from './command/history.ts';
import { initCommand } from './command/init.ts';
import { judgeCommand, reportCommand } from './command/judge.ts';
import { runCommand } from './command/run.ts';
import { validateCommand } from './command/validate.ts';
import { CommandChoice } from './command-choice.ts';
import { assertFileNames, assertFolderName, assertHosts } from './flags/options.ts';
import { completeScenarios } from './flags/scenarios.ts';
import { assertNoneEmpty, assertSingleValues, type Declared, usageProblem } from './flags/usage.ts';
import type { Session } from './streams/session.ts';
import { inert } from './streams/standard-stream.ts';

/**
 * Runs the command line and answers its exit code. Every error that a user can mend is told on standard error, and so is
 * any other, as the bug that it is.
 */
export async function main(given: Session): Promise<ExitCode> {
  const session = { ...given, stdout: inert(given.stdout), stderr: inert(given.stderr) };
  // A shell asks while the line is written, so that it is seldom right.
  const isCompleting = session.argv[0] === '--get-yargs-completions';
  let code: ExitCode = 0;
  const exit = (decided: ExitCode) => {
    code = decided;
  };
  const choice = new CommandChoice();
  const parser = yargs([...session.argv])
    .scriptName('plimsoll')
    .usage('$0 <command>\n\nLoad-test an API, judge it against performance budgets, and find regressions.')
    .command(choice.of(runCommand(session, exit)))
    .command(choice.of(validateCommand(session, exit)))
    .command(choice.of(initCommand(session, exit)))
    .command(choice.of(judgeCommand(session, exit)))
    .command(choice.of(reportCommand(session, exit)))
    .command(choice.of(duetCommand(session, exit)))
    .command(choice.of(calibrateCommand(session, exit)))
    .command(choice.of(capacityCommand(session, exit)))
    .command(choice.of(compareCommand(session, exit)))
    .command(baselineCommand(session, exit))
    .command(choice.of(acceptCommand(session, exit)))
    .command(choice.of(historyCommand(session, exit)))
    .command(choice.of(demoCommand(session, exit)))
    .completion(
      'completion',
      'Print a completion script for bash or zsh',
      completeScenarios(session) as never,
    )
    .demandCommand(1, 'a command')
    .strict()
    .parserConfiguration({ 'populate--': true })
    .check((given, options) => {
      if (isCompleting) return true;
      assertSingleValues(given, options as unknown as Declared);
      assertFolderName(given.out, '--out');
      assertFileNames(given);
      assertNoneEmpty(given, session.argv);
      assertHosts(given.allowHost);
      return true;
    })
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(100, session.stdout.columns ?? 100))
    .epilogue(exitCodes)
    .exitProcess(false)
    .fail((message, error, usage) => {
      // The parser's own errors are the user's, whatever class they have.
      if (error && error.name !== 'YError') throw error;
      throw usageProblem(message, session.argv, String(usage.help()));
    });
  try {
    await choice.madeBy(() => parser.parseAsync());
    return code;
  } catch (error) {
    if (isCompleting) return 0;
    if (!(error instanceof PlimsollError)) {
      session.stderr.write(bugText(error));
      return 70;
    }
    session.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

const exitCodes = `Exit codes:
  0  pass, warn, or inconclusive (see 4)
  1  a budget was exceeded, or a regression was found
  2  wrong command, scenario or budgets: nothing was sent; or an output could not be written
  3  not a measurement: the API never answered, or the load generator was the bottleneck
  4  inconclusive, if the budgets file has regression.onInconclusive: fail
  70 a bug in Plimsoll
  129, 130, 131, 143  interrupted (SIGHUP, SIGINT, SIGQUIT, SIGTERM)`;
