import type { Completion } from './record.ts';
import type { Verdict } from './verdict.ts';

/** The exit codes of the command line. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130 | 143;

/**
 * The exit code of one judged run. An interrupt stands before every verdict; `inconclusive` fails only where the
 * user's policy says so.
 */
export function exitCodeOf(
  verdict: Verdict,
  completion: Completion,
  onInconclusive: 'warn' | 'fail',
): ExitCode {
  if (completion.state === 'interrupted') return completion.signal === 'SIGTERM' ? 143 : 130;
  if (verdict === 'invalid') return 3;
  if (verdict === 'fail') return 1;
  return verdict === 'inconclusive' && onInconclusive === 'fail' ? 4 : 0;
}

const precedence: readonly ExitCode[] = [143, 130, 2, 3, 1, 4, 0];

/** The exit code that stands of several runs: interrupted, invalid, fail, inconclusive, then success. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return precedence.find(code => codes.includes(code)) ?? 0;
}
