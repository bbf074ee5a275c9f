import { describeProblem, type ExitCode, interruptSignals, stopAllNow, worstExitCode } from '../app.ts';
import { main } from './main.ts';
import { interruptedExitCode } from './streams/session.ts';
import { terminalOn } from './streams/standard-stream.ts';

/** Runs the command line of this process, and leaves its exit code. */
export async function runProcess(): Promise<void> {
  // Whoever read standard error is gone: there is nobody to tell.
  const stderr = terminalOn(process.stderr, () => {});
  let outputFailed = false;
  const stdout = terminalOn(process.stdout, ({ message }) => {
    outputFailed = true;
    const failure = { code: 'output.unwritable', where: 'standard output', found: message } as const;
    stderr.write(`${describeProblem(failure)}\n`);
  });
  const interruption = new AbortController();
  for (const signal of interruptSignals) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) {
        interruption.abort(signal);
        stderr.write('\nStopping: waiting for the last answers. Once more to leave at once.\n');
        return;
      }
      // A terminal that goes away hangs up twice, by itself and through its shell: nobody asked twice.
      if (signal !== 'SIGHUP') process.exit(interruptedExitCode(interruption.signal));
    });
  }
  process.on('exit', code => {
    stopAllNow();
    if (outputFailed) process.exitCode = worstExitCode([code as ExitCode, 2]);
  });
  process.exitCode = await main({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdin: () => process.stdin,
    stdout,
    stderr,
    interrupt: interruption.signal,
  });
}
