import type { Completion, InterruptSignal } from '../run/record.ts';
import type { Verdict } from './verdict.ts';

/** The exit codes of the command line; 70 is a bug in Plimsoll itself (EX_SOFTWARE of sysexits.h). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 70 | 129 | 130 | 131 | 143;

const interruptCodes: { readonly [signal in InterruptSignal]: ExitCode } = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGTERM: 143,
};

/** The signals that end a run early. */
export const interruptSignals = Object.keys(interruptCodes) as readonly InterruptSignal[];

/** The signal that an abort signal was aborted with; Ctrl-C's where it names none. */
export function interruptSignalOf({ reason }: AbortSignal): InterruptSignal {
  return interruptSignals.find(signal => signal === reason) ?? 'SIGINT';
}

/** What a process exits with after a signal: 128 and the signal's number. */
export function interruptExitCode(signal: InterruptSignal): ExitCode {
  return interruptCodes[signal];
}

/**
 * The exit code of one judged run. An interrupt stands before every verdict; `inconclusive` fails only where the
 * user's policy says so.
 */
export function exitCodeOf(
  verdict: Verdict,
  completion: Completion,
  onInconclusive: 'warn' | 'fail',
): ExitCode {
  if (completion.state === 'interrupted') return interruptExitCode(completion.signal);
  if (verdict === 'invalid') return 3;
  if (verdict === 'fail') return 1;
  return verdict === 'inconclusive' && onInconclusive === 'fail' ? 4 : 0;
}

/** Whether a process was ended by a signal. */
export function isInterrupted(code: ExitCode): boolean {
  return Object.values(interruptCodes).includes(code);
}

const precedence: readonly ExitCode[] = [143, 131, 130, 129, 70, 2, 1, 3, 4, 0];

/**
 * The exit code that stands of several, by the codes alone: interrupted, a mistake, fail, invalid, inconclusive, then
 * success. They do not say whether a fail is firm; `exitCodeOfRuns` knows.
 */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return precedence.find(code => codes.includes(code)) ?? 0;
}
