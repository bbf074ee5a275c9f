import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Document } from '../../../src/report/document/document.ts';
import { duetDocument } from '../../../src/report/document/subject/duet-document.ts';
import { runDocument } from '../../../src/report/document/subject/run-document.ts';
import { formatsOf, renderers, reportFilesOf } from '../../../src/report/render/renderers.ts';
import { displayWidth } from '../../../src/safety/untrusted-text.ts';
import { exampleDocuments } from '../../fixtures/example-documents.ts';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { holds } from '../../fixtures/golden.ts';

const judged: readonly (readonly [string, Document])[] = [
  ...Object.entries(exampleRuns).map(([name, runs]) => [`run ${name}`, runDocument(runs)] as const),
  ['runs', runDocument(severalRuns)],
  ...Object.entries(exampleDuets).map(([name, duet]) => [`duet ${name}`, duetDocument(duet)] as const),
];
const others = Object.entries(exampleDocuments).map(([name, make]) => [name, make()] as const);

describe('a document', () => {
  for (const [name, document] of others) {
    test(`"${name}" reads in Markdown and on a terminal of 80 columns as it did`, () => {
      holds(`document-${name}.md`, renderers.markdown.render(document));
      holds(`document-${name}.txt`, renderers.terminal.render(document, { width: 80 }));
    });
  }

  test('has rows with as many cells as its tables have columns', () => {
    for (const [name, { parts }] of [...judged, ...others]) {
      const blocks = parts.flatMap(({ sections }) => sections.flatMap(section => section.blocks));
      for (const block of blocks) {
        if (block.kind !== 'table') continue;
        for (const { cells } of block.rows) assert.equal(cells.length, block.columns.length, name);
      }
    }
  });

  test('reads alone, as its sentence, where a terminal is to be quiet', () => {
    for (const [name, document] of [...judged, ...others]) {
      const quiet = renderers.terminal.render(document, { quiet: true });
      assert.equal(quiet.trimEnd().split('\n').length, 1, name);
      const whole = renderers.terminal.render(document, { width: 10_000 });
      assert.ok(whole.includes(quiet.trimEnd()), `${name}: ${quiet}`);
    }
  });

  test('gives untrusted text no power in any text that people read', () => {
    for (const [name, document] of [...judged, ...others]) {
      const terminal = renderers.terminal.render(document, { width: 80 });
      assert.doesNotMatch(terminal.replaceAll('\n', ''), /\p{Cc}/u, name);
      const markdown = renderers.markdown.render(document);
      assert.doesNotMatch(markdown.replaceAll('\n', ''), /\p{Cc}/u, name);
      const outsideCode = markdown.replaceAll(/(`{3,})[\s\S]*?\n\1|`[^`\n]*`/g, '');
      assert.doesNotMatch(outsideCode, /<b>|<script|<img|@(?:all|octocat)/, name);
      const page = renderers.html.render(document);
      assert.doesNotMatch(page.replaceAll('\n', ''), /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u, name);
      const tags = page.match(/<[^>]*>/g) ?? [];
      assert.doesNotMatch(
        tags.join('\n'),
        /<b>|<img|<a\s|\son[a-z]+=|\sstyle=|\s(?:href|src)="(?!data:,)/,
        name,
      );
      assert.equal(page.split('<script').length, 2, `${name}: no script but the page's own`);
    }
  });

  test('keeps to 80 columns of a terminal', () => {
    for (const [name, document] of others.filter(([, { subject }]) => subject !== 'dryRun')) {
      const lines = renderers.terminal.render(document, { width: 80 }).split('\n');
      for (const line of lines) assert.ok(displayWidth(line) <= 80, `${name}: ${line}`);
    }
  });
});

describe('the table of renderers', () => {
  test('says which formats a subject can be printed in, and what its files are called', () => {
    const usual = ['terminal', 'markdown', 'html', 'json'];
    const others = ['prometheus', 'hlog', 'gitlab-quality', 'gitlab-metrics'];
    assert.deepEqual(formatsOf('run'), [...usual, 'csv', 'junit', ...others]);
    assert.deepEqual(formatsOf('duet'), [...usual, 'junit', 'gitlab-quality']);
    assert.deepEqual(formatsOf('calibration'), usual);
    assert.deepEqual(formatsOf('history'), [...usual, 'csv']);
    const named = (['run', 'comparison', 'duet', 'calibration'] as const).map(subject =>
      reportFilesOf(subject).map(({ file }) => file),
    );
    assert.deepEqual(named, [
      ['report.md', 'report.html', 'summary.json'],
      ['comparison.md', 'comparison.html', 'comparison.json'],
      ['duet.md', 'duet.html', 'duet.json'],
      ['calibration.md', 'calibration.html', 'calibration.json'],
    ]);
  });
});
