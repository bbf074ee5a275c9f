import yargs from 'yargs';
import { type ExitCode, PlimsollError, problem, version } from '../index.ts';
import { demoCommand } from './demo.ts';
import { judgeCommand, reportCommand } from './judge.ts';
import { runCommand } from './run.ts';
import type { Session } from './session.ts';

/** Runs the command line and answers its exit code; every error that a user can mend is told on standard error. */
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
    .command(demoCommand(session, exit))
    .demandCommand(1, 'a command is needed')
    .strict()
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(100, session.stdout.columns ?? 100))
    .epilogue(exitCodes)
    .exitProcess(false)
    .fail((message, error) => {
      throw (
        error ??
        problem('command.usage', { found: inWords(message, session.argv), instead: 'plimsoll --help' })
      );
    });
  try {
    await parser.parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    session.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

const exitCodes = `Exit codes: 0 every budget held · 1 a budget was exceeded · 2 something to mend, nothing was sent
3 not a measurement · 4 inconclusive, where the budgets say that this fails · 130, 143 interrupted`;

/** yargs names an unknown flag in both of its spellings, and an unknown command like a flag. */
function inWords(message: string, argv: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ');
  if (!unknown) return message;
  const written = unknown.filter(name => !unknown.some(other => other !== name && camelCase(other) === name));
  const spelled = written.map(name => argv.find(word => word.replace(/^--?|=.*$/g, '') === name) ?? name);
  return `unknown: ${spelled.join(', ')}`;
}

const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
