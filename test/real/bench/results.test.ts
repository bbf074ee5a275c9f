import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  accuracyPage,
  assertPlaces,
  judgePage,
  judgePlots,
  storesPage,
  validityPage,
} from '../../../bench/measured-pages.ts';
import { type Results, replaced, writeIntoDocument, writeResults } from '../../../bench/results.ts';
import { growthOf } from '../../../bench/sections/soak.ts';
import { markdownTable, terminalTable } from '../../../bench/table.ts';

const table = {
  title: 'Cost',
  method: 'Measured so.',
  columns: [
    { title: 'tool', align: 'left' },
    { title: 'µs', align: 'right' },
  ],
  rows: [
    ['wrk', '5.7'],
    ['a|b', '12.25'],
  ],
  notes: ['One note.'],
} as const;

const inFolder = (act: (folder: string) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-results-'));
  try {
    act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('a measured table', () => {
  it('is aligned on a terminal', () => {
    assert.equal(
      terminalTable(table),
      ['Cost', 'Measured so.', '', 'tool     µs', 'wrk     5.7', 'a|b   12.25', '  One note.', ''].join('\n'),
    );
  });
  it('is aligned and escaped in Markdown', () => {
    assert.equal(
      markdownTable(table),
      [
        '**Cost.** Measured so.',
        '',
        '| tool |    µs |',
        '| ---- | ----: |',
        '| wrk  |   5.7 |',
        '| a\\|b | 12.25 |',
        '',
        '- One note.',
      ].join('\n'),
    );
  });
  it('takes the place of the one before it in a document', () => {
    const text = 'Before\n<!-- bench:cpu -->\n\nold\n\n<!-- /bench:cpu -->\nafter\n';
    const once = replaced(text, 'cpu', 'new');
    assert.equal(once, 'Before\n<!-- bench:cpu -->\n\nnew\n\n<!-- /bench:cpu -->\nafter\n');
    assert.equal(replaced(once, 'cpu', 'new'), once);
  });
  it('needs its markers', () => {
    assert.throws(() => replaced('text', 'lag', 'new'), /no <!-- bench:lag -->/);
  });
});

describe('the results', () => {
  const results: Results = {
    startedAt: new Date('2026-11-21T12:43:59Z'),
    machine: {
      ...{ cpu: 'AMD EPYC', cores: 2, memoryMb: 24_576, os: 'Linux', node: '20.20.2', plimsoll: '0.1.0' },
      ...{ ci: null, targetHost: '127.0.0.1', git: { commit: 'abcdef0123', branch: null, dirty: true } },
      ...{ nginx: '1.22.1', busyBefore: [0.004, 0.25], generators: { wrk: '4.1.0' } },
    },
    missing: ['k6'],
    sections: { cpu: { tables: [table], figures: [{ micros: 5.7 }] } },
  };
  const machine =
    'AMD EPYC, 2 cores, 24 GB, Linux, Node 20.20.2, nginx 1.22.1, commit abcdef0 with changes; ' +
    'other programs kept the two cores 0.4% and 25% busy';

  it('are written with the machine and with what was not found', () =>
    inFolder(folder => {
      const [markdown = '', json = ''] = writeResults(folder, results);
      assert.equal(markdown, join(folder, '2026-11-21-1243.md'));
      assert.equal(
        readFileSync(markdown, 'utf8'),
        `# 2026-11-21-1243 UTC\n\n${machine}\n\nNot found on this machine: k6.\n\n${markdownTable(table)}\n`,
      );
      const { cpu, missing } = JSON.parse(readFileSync(json, 'utf8'));
      assert.deepEqual([cpu, missing], [[{ micros: 5.7 }], ['k6']]);
    }));
  it('enter a document only where they were measured', () =>
    inFolder(folder => {
      const file = join(folder, 'document.md');
      writeFileSync(
        file,
        '<!-- bench:cpu -->\n<!-- /bench:cpu -->\n<!-- bench:lag -->\n<!-- /bench:lag -->\n',
      );
      writeIntoDocument(file, results);
      assert.equal(
        readFileSync(file, 'utf8'),
        `<!-- bench:cpu -->\n\n${markdownTable(table)}\n\n_Measured on 2026-11-21: ${machine}. Not found on this machine: k6._\n\n<!-- /bench:cpu -->\n<!-- bench:lag -->\n<!-- /bench:lag -->\n`,
      );
    }));
});

describe('the pages of docs/measured', () => {
  const markers = /<!-- bench:([\w-]+) -->/g;

  for (const page of [accuracyPage, judgePage, storesPage, validityPage]) {
    const name = basename(page.file);
    it(`${name} has a place for each of its sections, and for no other`, () => {
      assertPlaces(page);
      const places = [...readFileSync(page.file, 'utf8').matchAll(markers)].map(([, section]) => section);
      assert.deepEqual(places, page.sections);
    });
  }
  it('are the only pages that the bench writes into', () => {
    const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
    const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.md'),
    );
    const written = pages
      .map(name => join(docs, name))
      .filter(file => readFileSync(file, 'utf8').match(markers));
    assert.deepEqual(written.sort(), [accuracyPage.file, judgePage.file, storesPage.file, validityPage.file]);
  });
  it('show every chart that lies beside them', () => {
    const text = readFileSync(judgePage.file, 'utf8');
    const charts = readdirSync(judgePlots);
    assert.ok(charts.length > 0, 'there is no chart');
    assert.deepEqual(
      charts.filter(chart => !text.includes(`(plots/${chart})`)),
      [],
    );
  });
  it('must have a place for every section before anything is measured', () =>
    inFolder(folder => {
      const file = join(folder, 'page.md');
      writeFileSync(file, '<!-- bench:cpu -->\n<!-- /bench:cpu -->\n');
      assert.throws(() => assertPlaces({ file, sections: ['cpu', 'lag'] }), /no <!-- bench:lag -->/);
    }));
});

describe('growth of memory', () => {
  it('leaves the warm-up out', () => {
    const readings = [...Array(20).fill(1), ...Array(80).fill(100)];
    assert.equal(growthOf(readings), 0);
  });
  it('is the last tenth against the one after the warm-up', () => {
    const readings = Array.from({ length: 100 }, (_, second) => 100 + second);
    assert.ok(
      Math.abs(growthOf(readings) - (194.5 / 124.5 - 1)) < 1e-9,
      `growthOf(readings) ${growthOf(readings)}`,
    );
  });
});
