import type { ExitCode } from '../index.ts';

/** The process around a command: everything that it reads, writes and may be interrupted by. */
export interface Session {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Aborted with `SIGINT` or `SIGTERM` as its reason at the first such signal. */
  readonly interrupt: AbortSignal;
}

/** A stream that may be a terminal. */
export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** The exit code of an interrupted command that measured nothing. */
export function interruptedExitCode(interrupt: AbortSignal): ExitCode {
  return interrupt.reason === 'SIGTERM' ? 143 : 130;
}

/** Whether to colour what goes to standard output (https://no-color.org, and FORCE_COLOR for CI). */
export function wantsColor({ env, stdout }: Session, flag: boolean | undefined): boolean {
  if (flag === false || (env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY && env.TERM !== 'dumb';
}
