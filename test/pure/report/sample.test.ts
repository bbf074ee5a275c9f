import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { judgeFile, markdownReport, summaryText } from '../../../src/app.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the sample in reports/sample', () => {
  for (const [file, render] of [
    ['report.md', markdownReport],
    ['summary.json', summaryText],
  ] as const) {
    it(`has the ${file} that its record and budgets make`, async () => {
      const judged = await judgeFile(`${root}reports/sample/record.json`, {
        budgets: 'budgets.json',
        cwd: root,
      });
      const path = `${root}reports/sample/${file}`;
      if (process.env.UPDATE_GOLDEN === '1') await writeFile(path, render([judged]));
      assert.equal(await readFile(path, 'utf8'), render([judged]));
    });
  }
});
