import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { counted, type ExitCode, filesOfScenario, PlimsollError } from '../../app.ts';
import { interruptedExitCode, type Session } from '../streams/session.ts';

const lookMs = 200;

/**
 * Runs again whenever a scenario changes, a file that it names, or one of the `others`, until an interrupt. Mistakes are told, and
 * the next change mends them.
 */
export async function watched(
  scenarios: readonly string[],
  others: readonly string[],
  run: () => Promise<ExitCode>,
  session: Session,
): Promise<ExitCode> {
  const { cwd, interrupt, stderr } = session;
  for (;;) {
    const named = await Promise.all(scenarios.map(file => filesOfScenario(file, cwd)));
    const files = [...new Set([...named.flat(), ...others])];
    const before = await stateOf(files, cwd);
    try {
      const code = await run();
      if (interrupt.aborted) return code;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      stderr.write(`${error.message}\n`);
    }
    stderr.write(`\nWatching ${counted(files.length, 'file')}. Ctrl-C ends it.\n`);
    while ((await stateOf(files, cwd)) === before) {
      await delay(lookMs, undefined, { signal: interrupt }).catch(() => {});
      if (interrupt.aborted) return interruptedExitCode(interrupt);
    }
  }
}

/** Stands for what the files hold, by their times and sizes; editors replace files, so that one may be gone for a moment. */
async function stateOf(files: readonly string[], cwd: string): Promise<string> {
  const states = files.map(async file => {
    const found = await stat(resolve(cwd, file)).catch(() => null);
    return found && [found.mtimeMs, found.size, found.ino];
  });
  return JSON.stringify(await Promise.all(states));
}
