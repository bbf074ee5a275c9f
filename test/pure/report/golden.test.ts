import { describe, test } from 'node:test';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { holds } from '../../fixtures/golden.ts';
import { runsIn } from '../../fixtures/rendered.ts';

const cases: readonly (readonly [string, readonly JudgedRun[]])[] = [
  ...Object.entries(exampleRuns),
  ['several', severalRuns],
];

describe('a report', () => {
  for (const [name, runs] of cases) {
    test(`of the example "${name}" reads in Markdown as it did`, () => {
      holds(`report-${name}.md`, runsIn(runs, 'markdown'));
    });
    test(`of the example "${name}" reads on a terminal of 80 columns as it did`, () => {
      holds(`report-${name}.txt`, runsIn(runs, 'terminal', { color: false, width: 80 }));
    });
  }
  for (const name of ['fail', 'hostile'] as const) {
    test(`of the example "${name}" is the page that it was`, () => {
      holds(`report-${name}.html`, runsIn(exampleRuns[name] ?? [], 'html'));
    });
  }
});
