import { describeProblem, type ExitCode, interruptSignals, stopAllNow, worstExitCode } from '../app.ts';
import { main } from './main.ts';
import { interruptedExitCode } from './streams/session.ts';
import { terminalOn } from './streams/standard-stream.ts';

/** How long what was measured is saved and reported after SIGTERM, before the process ends in any case. */
const mostAfterSigtermMs = 4_500;

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
  const leave = () => process.exit(interruptedExitCode(interruption.signal));
  const handlers = interruptSignals.map(signal => ({
    signal,
    handle: () => {
      if (!interruption.signal.aborted) {
        interruption.abort(signal);
        // Whoever asks so expects an end soon, and sends SIGKILL next.
        if (signal === 'SIGTERM') setTimeout(leave, mostAfterSigtermMs).unref();
        stderr.write('\nStopping: waiting for the last answers. Once more to leave at once.\n');
        return;
      }
      // A terminal that goes away hangs up twice, by itself and through its shell: nobody asked twice.
      if (signal !== 'SIGHUP') leave();
    },
  }));
  const guard = () => {
    for (const { signal, handle } of handlers) process.on(signal, handle);
  };
  const unguard = () => {
    for (const { signal, handle } of handlers) process.off(signal, handle);
  };
  guard();
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
    unguarded: async work => {
      unguard();
      try {
        return await work();
      } finally {
        guard();
      }
    },
  });
}
