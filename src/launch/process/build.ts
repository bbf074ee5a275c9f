import { once } from 'node:events';
import { type PlimsollError, problem } from '../../model/error.ts';
import { exitText } from '../../words/exit-text.ts';
import type { Clean } from './clean-log.ts';
import { openLog } from './log.ts';
import { type Exit, type ProcessGroup, startGroup } from './process-group.ts';
import { withLines } from './start-up-error.ts';

/** A step on the way from a checkout to what can be served. */
export interface BuildCommand {
  readonly name: 'install' | 'build';
  readonly command: string;
}

/** Where a build is made, and who is told of it. */
export interface BuildOptions {
  /** The folder in which the commands run. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the commands' output is appended; its folder is made. */
  readonly logFile: string;
  /** Takes secrets out of the commands' output, which is kept without them. */
  readonly clean?: Clean | undefined;
  /** How a person repeats the step in a checkout: shell commands, in words to follow "run it by hand:". */
  readonly byHand?: string | undefined;
  /** Ends the build: everything is stopped, and the signal's reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as a command runs. */
  readonly onStart?: ((group: ProcessGroup) => void) | undefined;
}

/**
 * Runs the commands one after another, each through the shell in a process group of its own, for as long as they take; what
 * a command leaves running, daemons too, is stopped when it ends. Throws `build.failed` with the last lines of the first one that fails,
 * and `output.unwritable` for the log.
 */
export async function build(commands: readonly BuildCommand[], options: BuildOptions): Promise<void> {
  for (const command of commands) await carryOut(command, options);
}

async function carryOut(step: BuildCommand, options: BuildOptions): Promise<void> {
  const { directory, env, logFile, clean, signal, onStart, byHand } = options;
  const whole = `the whole output is in ${logFile}`;
  const advice = byHand === undefined ? whole : `run it by hand: ${byHand}; ${whole}`;
  signal?.throwIfAborted();
  const log = openLog(logFile, clean);
  const group = await startGroup(step.command, { directory, env, output: log.descriptor }).catch(
    async (cause: Error) => {
      await log.end();
      throw failed(step, `it could not be started in ${directory}: ${cause.message}`, advice, { cause });
    },
  );
  let exit: Exit | null;
  try {
    onStart?.(group);
    exit = await endOf(group, signal);
  } finally {
    await group.stop();
    await log.end();
  }
  if (exit === null) throw signal?.reason;
  if (exit.code !== 0) throw failed(step, withLines(exitText(exit), log.lastLines()), advice);
}

/** How the command ended; null where it was told to end before. */
async function endOf(group: ProcessGroup, signal: AbortSignal | undefined): Promise<Exit | null> {
  if (signal === undefined) return await group.exited;
  if (signal.aborted) return null;
  const settled = new AbortController();
  try {
    const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => null);
    return await Promise.race([group.exited, aborted]);
  } finally {
    settled.abort();
  }
}

function failed(
  { name, command }: BuildCommand,
  found: string,
  instead: string,
  options?: ErrorOptions,
): PlimsollError {
  return problem(
    'build.failed',
    {
      where: `${name} \`${command}\``,
      found,
      expected: 'exit code 0',
      instead,
    },
    options,
  );
}
