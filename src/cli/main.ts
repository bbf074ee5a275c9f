import yargs from 'yargs';
import { type ExitCode, PlimsollError, version } from '../app.ts';
import { bugText } from './bug-text.ts';
import { baselineCommand } from './command/baseline.ts';
import { calibrateCommand } from './command/calibrate.ts';
import { compareCommand } from './command/compare.ts';
import { demoCommand } from './command/demo.ts';
import { duetCommand } from './command/duet.ts';
import { historyCommand } from './command/history.ts';
import { judgeCommand, reportCommand } from './command/judge.ts';
import { runCommand } from './command/run.ts';
import { assertSingleValues, type Declared, usageProblem } from './flags/usage.ts';
import type { Session } from './streams/session.ts';

/**
 * Runs the command line and answers its exit code. Every error that a user can mend is told on standard error, and so is
 * any other, as the bug that it is.
 */
export async function main(session: Session): Promise<ExitCode> {
  let code: ExitCode = 0;
  const exit = (decided: ExitCode) => {
    code = decided;
  };
  const parser = yargs([...session.argv])
    .scriptName('plimsoll')
    .usage('$0 <command>\n\nLoads an API, measures it honestly, and judges it against performance budgets.')
    .command(runCommand(session, exit))
    .command(judgeCommand(session, exit))
    .command(reportCommand(session, exit))
    .command(duetCommand(session, exit))
    .command(calibrateCommand(session, exit))
    .command(compareCommand(session, exit))
    .command(baselineCommand(session, exit))
    .command(historyCommand(session, exit))
    .command(demoCommand(session, exit))
    .demandCommand(1, 'a command is needed')
    .strict()
    .parserConfiguration({ 'populate--': true })
    .check((given, options) => {
      assertSingleValues(given, options as unknown as Declared);
      return true;
    })
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(100, session.stdout.columns ?? 100))
    .epilogue(exitCodes)
    .exitProcess(false)
    .fail((message, error) => {
      // The parser's own errors are the user's, whatever class they have.
      if (error && error.name !== 'YError') throw error;
      throw usageProblem(message, session.argv);
    });
  try {
    await parser.parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof PlimsollError)) {
      session.stderr.write(bugText(error));
      return 70;
    }
    session.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

const exitCodes = `Exit codes: 0 no budget exceeded: pass, warn, or inconclusive unless the budgets say that this fails
1 a budget was exceeded, or something regressed · 2 something to mend: nothing was sent, or an output was not written
3 not a measurement · 4 inconclusive, where the budgets say that this fails · 70 a bug in Plimsoll
129, 130, 131, 143 interrupted (SIGHUP, SIGINT, SIGQUIT, SIGTERM)`;
