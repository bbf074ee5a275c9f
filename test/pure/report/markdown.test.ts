import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { endpoint, judgedRun } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { runsIn } from '../../fixtures/rendered.ts';

const openingOf = (text: string) => text.slice(0, text.indexOf('<details>'));

describe('the Markdown report', () => {
  test('opens with the verdict sentence', () => {
    assert.match(
      runsIn(exampleRuns.fail ?? [], 'markdown'),
      /^❌ \*\*FAIL\*\*: `browse-bills` broke 3 of 8 budgets: /,
    );
  });
  test('shows only what is not a pass, and folds the rest', () => {
    const opening = openingOf(runsIn(exampleRuns.fail ?? [], 'markdown'));
    assert.equal(opening.match(/❌ fail/g)?.length, 3);
    assert.equal(opening.match(/⚠️ warn/g)?.length, 1);
    assert.doesNotMatch(opening, /✅/);
    assert.equal(
      openingOf(runsIn(exampleRuns.pass ?? [], 'markdown'))
        .trim()
        .split('\n').length,
      1,
    );
  });
  test('opens and closes every fold, and every table row has as many cells as its head', () => {
    for (const runs of [...Object.values(exampleRuns), severalRuns]) {
      const text = runsIn(runs, 'markdown');
      const lines = text.split('\n');
      assert.equal(
        lines.filter(line => line === '<details>').length,
        lines.filter(line => line === '</details>').length,
      );
      let cells = 0;
      for (const line of lines) {
        const found = line.startsWith('|') ? line.split('|').length : 0;
        if (found > 0 && cells > 0) assert.equal(found, cells, line);
        cells = found;
      }
    }
  });
  test('has no tag of its own making but folds and code', () => {
    const text = runsIn(exampleRuns.hostile ?? [], 'markdown').replaceAll(/`+[^`]*`+/g, '');
    const tags = new Set(text.match(/<[^>]*>/g));
    assert.deepEqual([...tags].sort(), [
      '</code>',
      '</details>',
      '</summary>',
      '<code>',
      '<details>',
      '<summary>',
    ]);
  });
  test('gives the command that repeats the run and the request ids of the slowest', () => {
    const text = runsIn(exampleRuns.pass ?? [], 'markdown');
    assert.ok(
      text.includes('```sh\nplimsoll run scenarios/browse-bills.yaml --target http://127.0.0.1:4010\n```'),
      text,
    );
    assert.match(text, /`req-\d+-\d+`/);
  });
  test('bounds its lists and says how many it left out', () => {
    const endpoints = Array.from({ length: 230 }, (_, index) => ({
      name: `GET /e${index}`,
      rate: 2,
      medianMs: 5,
    }));
    const limits = endpoints.map(({ name }) => [endpoint(name), 'p50', 0.1] as const);
    const run = judgedRun(exampleRecord({ endpoints, stagesS: [2], warmupS: 0 }), limits);
    const text = runsIn([run], 'markdown');
    assert.match(openingOf(text), /and 180 more/);
    assert.match(text, /\| \*\*total\*\* .*\n\nand 30 more/);
  });
  test('never exceeds its limit, and counts the sections and scenarios that it leaves out', () => {
    const many = Array.from({ length: 40 }, () => exampleRuns.hostile ?? []).flat();
    for (const maxBytes of [2_000, 10_000, 65_536]) {
      const text = runsIn(many, 'markdown', { maxBytes });
      assert.ok(Buffer.byteLength(text) <= maxBytes, `${Buffer.byteLength(text)} bytes of ${maxBytes}`);
      assert.match(text, /^❌ \*\*FAIL\*\*: all 40 scenarios/);
      assert.match(text, /left out, since the report would be too long/);
    }
    assert.ok(Buffer.byteLength(runsIn(many, 'markdown')) < 1_048_576, 'it is over a mebibyte');
    assert.doesNotMatch(runsIn(exampleRuns.fail ?? [], 'markdown'), /left out/);
  });
});
