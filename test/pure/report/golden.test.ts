import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import { markdownReport } from '../../../src/report/render/markdown.ts';
import { terminalReport } from '../../../src/report/render/terminal.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';

/** `UPDATE_GOLDEN=1` writes the files anew: read the difference before it is kept. */
const isUpdate = process.env.UPDATE_GOLDEN === '1';

function holds(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));
  if (isUpdate) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

const cases: readonly (readonly [string, readonly JudgedRun[]])[] = [
  ...Object.entries(exampleRuns),
  ['several', severalRuns],
];

describe('a report', () => {
  for (const [name, runs] of cases) {
    test(`of the example "${name}" reads in Markdown as it did`, () => {
      holds(`report-${name}.md`, markdownReport(runs));
    });
    test(`of the example "${name}" reads on a terminal of 80 columns as it did`, () => {
      holds(`report-${name}.txt`, terminalReport(runs, { color: false, width: 80 }));
    });
  }
});
