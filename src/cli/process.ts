import {
  describeProblem,
  type ExitCode,
  endChildrenNow,
  stopAllNow,
  watchSections,
  worstExitCode,
} from '../app.ts';
import { main } from './main.ts';
import { Interrupts } from './streams/interrupts.ts';
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
  const interrupts = new Interrupts({
    stopping: () => stderr.write('\nStopping: waiting for the last answers. Once more to leave at once.\n'),
    hurry: () => endChildrenNow('SIGTERM'),
    leave: () => process.exit(interruptedExitCode(interrupts.signal)),
  });
  watchSections(interrupts);
  process.on('exit', code => {
    stopAllNow();
    if (interrupts.signal.aborted) endChildrenNow('SIGKILL');
    if (outputFailed) process.exitCode = worstExitCode([code as ExitCode, 2]);
  });
  process.exitCode = await main({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdin: () => process.stdin,
    stdout,
    stderr,
    interrupt: interrupts.signal,
    guarded: work => interrupts.guarded(work),
  });
  // A git that did not heed the interrupt would keep this process.
  if (interrupts.signal.aborted) endChildrenNow('SIGKILL');
}
