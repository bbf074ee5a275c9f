import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { judgeFile } from '../../../src/app.ts';
import { runsIn } from '../../fixtures/rendered.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the sample in reports/sample', () => {
  for (const [file, format] of [
    ['report.md', 'markdown'],
    ['report.html', 'html'],
    ['summary.json', 'json'],
  ] as const) {
    it(`has the ${file} that its record and budgets make`, async () => {
      const judged = await judgeFile(`${root}reports/sample/record.json`, {
        budgets: 'budgets.json',
        cwd: root,
      });
      const path = `${root}reports/sample/${file}`;
      const text = runsIn([judged], format);
      if (process.env.UPDATE_GOLDEN === '1') await writeFile(path, text);
      assert.equal(await readFile(path, 'utf8'), text);
    });
  }
});
