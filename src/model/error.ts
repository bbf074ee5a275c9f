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

/** Every error that a person can meet, with its exit code: 2, nothing was sent; 3, not a measurement. */
export const errorTable = {
  'file.missing': { exitCode: 2, what: 'the file does not exist' },
  'file.unreadable': { exitCode: 2, what: 'the file cannot be read' },
  'file.syntax': { exitCode: 2, what: 'the file cannot be parsed' },
  'file.format': { exitCode: 2, what: 'this kind of file is not understood' },
  'value.unknownKey': { exitCode: 2, what: 'unknown key' },
  'value.missing': { exitCode: 2, what: 'a required value is missing' },
  'value.wrong': { exitCode: 2, what: 'the value is not what is expected here' },
  'value.quantity': { exitCode: 2, what: 'the quantity cannot be read' },
  'value.unquoted': { exitCode: 2, what: 'a template must be quoted in YAML' },
  'value.reference': { exitCode: 2, what: 'the name refers to nothing' },
  'environment.unset': { exitCode: 2, what: 'an environment variable is not set' },
  'budget.noScenario': { exitCode: 2, what: 'budgets for a scenario that does not exist' },
  'budget.noEndpoint': { exitCode: 2, what: 'a budget for an endpoint that the scenario does not have' },
  'budget.aboveTimeout': { exitCode: 2, what: 'a latency limit at or above the timeout can never be judged' },
  'budget.notRecorded': { exitCode: 2, what: 'a budget on a metric that the scenario does not record' },
  'target.invalid': { exitCode: 2, what: 'the target is not a URL that can be loaded' },
  'target.refused': { exitCode: 2, what: 'the target is neither loopback nor private nor allowed' },
  'target.unresolved': { exitCode: 3, what: 'the target never answered: its name does not resolve' },
  'command.usage': { exitCode: 2, what: 'the command is not understood' },
  'output.unwritable': { exitCode: 2, what: 'the output cannot be written' },
  'record.corrupt': { exitCode: 2, what: 'the run record is damaged, or of another version' },
  'record.unfit': { exitCode: 2, what: 'the run record is no baseline' },
  'record.incomparable': { exitCode: 2, what: 'the two runs cannot be compared' },
  'store.noRun': { exitCode: 2, what: 'no such run is stored' },
  'store.noRepository': { exitCode: 2, what: 'this folder is in no git repository' },
  'store.noRemote': { exitCode: 2, what: 'there is no remote to share baselines with' },
  'store.branchCorrupt': { exitCode: 2, what: 'the branch of baselines is damaged' },
  'store.busy': { exitCode: 2, what: 'the branch of baselines is in use by others, again and again' },
  'store.git': { exitCode: 2, what: 'git could not do it' },
  'ref.unknown': { exitCode: 2, what: 'git knows no such commit' },
  'process.kept': { exitCode: 2, what: 'a process cannot be ended' },
  'folder.kept': { exitCode: 2, what: 'the folder cannot be removed' },
  'build.failed': { exitCode: 2, what: 'the build failed' },
  'serve.occupied': { exitCode: 2, what: "something already listens on the target's port" },
  'calibration.broken': { exitCode: 3, what: 'the calibration broke off' },
  'serve.died': { exitCode: 3, what: 'the API ended before it was ready' },
  'serve.notReady': { exitCode: 3, what: 'the API did not get ready in time' },
} as const satisfies Record<string, { readonly exitCode: 2 | 3; readonly what: string }>;

/** The key of an error in the table. */
export type ErrorCode = keyof typeof errorTable;

/** An error that the user can mend: one or more problems of one or more table entries. */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(describeProblem).join('\n'), options);
    this.problems = problems;
  }

  /** The exit code of the worst problem: 2 before 3. */
  get exitCode(): 2 | 3 {
    return this.problems.some(problem => errorTable[problem.code].exitCode === 2) ? 2 : 3;
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

/** A problem in words, one fact a line: where and what, then found, expected and what to write instead. */
export function describeProblem({ code, where, found, expected, instead }: Problem): string {
  const { what } = errorTable[code];
  return [
    where === undefined ? what : `${where}: ${what}`,
    found === undefined ? undefined : `  found     ${found}`,
    expected === undefined ? undefined : `  expected  ${expected}`,
    instead === undefined ? undefined : `  instead   ${instead}`,
  ]
    .filter(line => line !== undefined)
    .join('\n');
}
