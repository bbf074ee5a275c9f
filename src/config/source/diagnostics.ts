import { describeProblem, PlimsollError, type Problem } from '../../model/error.ts';

/** Collects problems, so that people meet all mistakes at once and not one a run. */
export interface Diagnostics {
  readonly add: (...problems: readonly Problem[]) => void;
  /** What `read` returns; undefined where it throws problems, which then stand at `where`, if they have no place. */
  readonly attempt: <T>(where: string, read: () => T) => T | undefined;
  readonly attemptAsync: <T>(where: string, read: () => Promise<T>) => Promise<T | undefined>;
  /** Throws everything gathered; nothing where all is well. */
  readonly finish: () => void;
  /** Throws everything gathered. */
  readonly fail: () => never;
}

/** An empty diagnostics. */
export function gather(): Diagnostics {
  /** By its words: a mistake in a default would otherwise be told for every step that inherits it. */
  const problems = new Map<string, Problem>();
  const add = (...more: readonly Problem[]): void => {
    for (const problem of more) problems.set(describeProblem(problem), problem);
  };
  const keep = (where: string, error: unknown): undefined => {
    if (!(error instanceof PlimsollError)) throw error;
    add(...error.problems.map(problem => ({ where, ...problem })));
  };
  const fail = (): never => {
    throw new PlimsollError([...problems.values()]);
  };
  return {
    add,
    attempt: (where, read) => {
      try {
        return read();
      } catch (error) {
        return keep(where, error);
      }
    },
    attemptAsync: async (where, read) => {
      try {
        return await read();
      } catch (error) {
        return keep(where, error);
      }
    },
    finish: () => {
      if (problems.size > 0) fail();
    },
    fail,
  };
}
