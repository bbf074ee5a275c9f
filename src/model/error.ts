import { type ErrorCode, entryOf } from './error-table.ts';
import { powerless } from './powerless-text.ts';

/** One mistake, told so that a person can mend it. */
export interface Problem {
  readonly code: ErrorCode;
  /** A file with line and column, a path inside it, or a flag. */
  readonly where?: string;
  readonly found?: string;
  readonly expected?: string;
  /** What to write or do instead. */
  readonly instead?: string;
}

/** An error that the user can mend: one or more problems of one or more table entries. */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    const whole = problems.map(withRemedy);
    super(whole.map(describeProblem).join('\n'), options);
    this.problems = whole;
  }

  /** The exit code of the worst problem: 2 before 3. */
  get exitCode(): 2 | 3 {
    return this.problems.some(problem => entryOf(problem.code).exitCode === 2) ? 2 : 3;
  }
}

/** An error of one problem. */
export function problem(
  code: ErrorCode,
  details: Omit<Problem, 'code'> = {},
  options?: ErrorOptions,
): PlimsollError {
  return new PlimsollError([{ code, ...details }], options);
}

/** An error with every text of its problems rewritten. */
export function rewritten(error: PlimsollError, rewrite: (text: string) => string): PlimsollError {
  const problems = error.problems.map(({ code, ...texts }) => ({
    code,
    ...Object.fromEntries(Object.entries(texts).map(([fact, text]) => [fact, rewrite(text)])),
  }));
  return new PlimsollError(problems, { cause: error.cause });
}

/** A problem with the remedy of its table entry, unless it names one. */
function withRemedy(problem: Problem): Problem {
  const { instead } = entryOf(problem.code);
  return instead === undefined ? problem : { instead, ...problem };
}

/**
 * A problem in words, one fact a line: where, what and the code, by which docs/errors.md is sorted; then what was found,
 * what is expected and what to write instead.
 */
export function describeProblem({ code, where, found, expected, instead }: Problem): string {
  const what = `${entryOf(code).what} [${code}]`;
  return [
    where === undefined ? what : `${oneLine(where)}: ${what}`,
    found === undefined ? undefined : `  found     ${indented(found)}`,
    expected === undefined ? undefined : `  expected  ${indented(expected)}`,
    instead === undefined ? undefined : `  instead   ${indented(instead)}`,
  ]
    .filter(line => line !== undefined)
    .join('\n');
}

/** What may quote others never begins a line where ours begin, and has no power over a terminal. */
const indented = (text: string) => powerless(text.toWellFormed().replace(/\r?\n(?! {4})/g, '\n    '));
const oneLine = (text: string) => powerless(text.toWellFormed().replace(/\r?\n/g, '\\n'));
