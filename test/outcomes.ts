import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/** What the reporter writes of a test, a suite or a file that ended. */
interface Ended {
  /** Where it was written: in the source or, where Node reads no source maps, in a bundle. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
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
  const sourceOf = sources();
  const tested = new Set(ended.flatMap(test => [resolve(test.file), sourceOf(test)]));
  const empty = Object.entries(bundles).flatMap(([bundle, files]) =>
    files.length === 1 && tested.has(resolve(bundle)) ? [] : files.filter(file => !tested.has(resolve(file))),
  );
  return { passed: number('passed'), failed: number('failed'), skipped: number('skipped'), empty };
}

/** Finds the source of a place in a bundle, by the source map beside it; a place elsewhere is its own source. */
function sources(): (place: Ended) => string {
  const maps = new Map<string, SourceMap | null>();
  return ({ file, line = 1, column = 1 }) => {
    const bundle = resolve(file);
    const beside = `${bundle}.map`;
    const known = maps.get(bundle);
    const map =
      known === undefined && existsSync(beside)
        ? new SourceMap(JSON.parse(readFileSync(beside, 'utf8')))
        : (known ?? null);
    maps.set(bundle, map);
    const entry = map?.findEntry(line - 1, column - 1);
    return entry && 'originalSource' in entry ? resolve(dirname(bundle), entry.originalSource) : bundle;
  };
}
