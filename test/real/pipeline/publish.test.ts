import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { publish, renderers, runDocument, withdraw } from '../../../src/app.ts';
import type { Document } from '../../../src/report/document/document.ts';
import type { Renderers } from '../../../src/report/render/renderers.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { inFolder } from '../store/folder.ts';

const escaped = (text: string) => text.replaceAll(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`);

/** A test report in the manner of JUnit, a case a budget, and what the tables and charts hold. */
function toy(document: Document): string {
  assert.ok(document.subject === 'run', 'it is about runs');
  const cases = document.summary.runs.flatMap(({ scenario, findings }) =>
    findings.map(
      ({ scope, metric, status, reason }) =>
        `<case of="${escaped(scenario)}" name="${escaped(scope)} ${metric}">${status}: ${escaped(reason)}</case>`,
    ),
  );
  const blocks = document.parts.flatMap(({ sections }) => sections.flatMap(section => section.blocks));
  const drawn = blocks.flatMap(block =>
    block.kind === 'chart'
      ? block.series.map(({ values, limits, unit }) => `<path ${unit}="${values}" limits="${limits}"/>`)
      : [],
  );
  return [`<suite verdict="${document.sentence.verdict}">`, ...cases, ...drawn, '</suite>\n'].join('\n');
}

/** The one line by which a format is added. */
const table: Renderers = { ...renderers, toy: { name: 'report', extension: 'toy', render: toy } };

describe('a format that is added to the table', () => {
  test('is published, listed and withdrawn like the others', async () => {
    await inFolder(async folder => {
      const places = { subject: 'run', folder, summary: null } as const;
      await writeFile(join(folder, 'report.toy'), 'of an earlier run');
      await withdraw(places, table);
      assert.deepEqual(await readdir(folder), []);

      const { files, problems } = await publish(runDocument(severalRuns), places, table);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        files.map(({ format, name, file }) => [format, name, file]),
        [
          ['markdown', 'report', join(folder, 'report.md')],
          ['html', 'report', join(folder, 'report.html')],
          ['json', 'summary', join(folder, 'summary.json')],
          ['toy', 'report', join(folder, 'report.toy')],
        ],
      );
      const text = await readFile(join(folder, 'report.toy'), 'utf8');
      assert.match(text, /^<suite verdict="fail">\n<case of="browse-bills" name="total errorRate">pass: /);
      assert.match(text, /<case of="vote-night" name="GET \/api\/bills p95">fail: /);
      assert.match(text, /<path ms="[\d.,]+" limits="100"\/>/);
      assert.equal(
        await readFile(join(folder, 'report.md'), 'utf8'),
        renderers.markdown.render(runDocument(severalRuns)),
      );
    });
  });

  test('is given untrusted text as it is, and escapes it itself', () => {
    const text = toy(runDocument(exampleRuns.hostile ?? []));
    assert.ok(text.includes('GET /a|b`c`&#60;img src=x onerror=alert(1)&#62; p95'), text);
  });
});

describe('the reports of a subject', () => {
  test('are called after it, but those of a run after what they are', async () => {
    await inFolder(async folder => {
      const document = runDocument(exampleRuns.pass ?? [], 'comparison');
      const extra = join(folder, 'extra.json');
      await publish(document, { subject: 'comparison', folder, summary: extra });
      assert.deepEqual((await readdir(folder)).sort(), [
        'comparison.html',
        'comparison.json',
        'comparison.md',
        'extra.json',
      ]);
      assert.equal(await readFile(extra, 'utf8'), await readFile(join(folder, 'comparison.json'), 'utf8'));
    });
  });
});
