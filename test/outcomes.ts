import { resolve } from 'node:path';

/** What the reporter writes of a test, a suite or a file that ended. */
interface Ended {
  /** The source, as source maps have it, or its bundle. */
  readonly file: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly isTest: boolean;
}

/** The tests of a run by how they ended, and the files in which none ran. */
export interface Outcomes {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly empty: readonly string[];
}

/** Counts what the reporter wrote, a line of JSON each. */
export function count(bundles: { readonly [bundle: string]: readonly string[] }, log: string): Outcomes {
  const ended = log
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Ended);
  const number = (outcome: Ended['outcome']) => ended.filter(test => test.outcome === outcome).length;
  const tested = new Set(ended.map(({ file }) => resolve(file)));
  const empty = Object.entries(bundles).flatMap(([bundle, files]) =>
    files.length === 1 && tested.has(resolve(bundle)) ? [] : files.filter(file => !tested.has(resolve(file))),
  );
  return { passed: number('passed'), failed: number('failed'), skipped: number('skipped'), empty };
}
