import type { Readable } from 'node:stream';
import { type ExitCode, interruptExitCode, interruptSignalOf } from '../../app.ts';

/** The process around a command: everything that it reads, writes and may be interrupted by. */
export interface Session {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Standard input, opened when it is asked for. */
  readonly stdin: () => Readable;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Aborted at the first signal that interrupts guarded work, with its name as the reason. */
  readonly interrupt: AbortSignal;
  /**
   * Does work that an interrupt ends in order, since something has to be stopped or saved. Everywhere else a signal ends the process at
   * once, as it would without a handler, though it computes in one go.
   */
  readonly guarded?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** Does work that starts programs or measures, which the interrupt of the session ends in order. */
export function guarded<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
  return session.guarded ? session.guarded(work) : work();
}

/** A stream that may be a terminal. */
export interface Terminal {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** The exit code of an interrupted command. */
export function interruptedExitCode(interrupt: AbortSignal): ExitCode {
  return interruptExitCode(interruptSignalOf(interrupt));
}

/** Whether to colour what goes to standard output (https://no-color.org, and FORCE_COLOR for CI). */
export function wantsColor({ env, stdout }: Session, flag: boolean | undefined): boolean {
  if (flag === false || (env.NO_COLOR ?? '') !== '') return false;
  if ((env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0') return true;
  return stdout.isTTY && env.TERM !== 'dumb';
}
