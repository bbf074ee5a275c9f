import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { asFarAs, earlierStore } from '../fixtures/stores/store.ts';
import { type Workspace, workspace } from './plimsoll.ts';

/** What a command of the earlier Plimsoll answered. */
interface Answer {
  readonly args: readonly string[];
  readonly code: number;
  /** Of one that answers in JSON. */
  readonly summary?: unknown;
  /** Of one that answers in text: the cells of the rows of its tables. */
  readonly rows?: readonly (readonly string[])[];
}

const store = earlierStore('4d6b6d1');
const answers = await store.expected<readonly Answer[]>('commands');
const env = { CI: undefined, GITHUB_ACTIONS: undefined, GITHUB_BASE_REF: undefined, NO_COLOR: '1' };

describe('the runs and the branch of baselines that 4d6b6d1 wrote', () => {
  let space: Workspace;
  before(async () => {
    space = await workspace();
    await store.layOut(space.folder);
  });
  after(() => space.dispose());

  for (const { args, code, summary, rows } of answers) {
    test(`answer \`plimsoll ${args.join(' ')}\` as they did`, async () => {
      const ended = await space.answer(args, env);
      assert.equal(ended.code, code, ended.stderr);
      if (summary !== undefined) assert.deepEqual(asFarAs(summary, JSON.parse(ended.stdout)), summary);
      const lines = ended.stdout.split('\n').map(cellsOf);
      for (const row of rows ?? []) {
        // How many samples are worth less is told from another threshold on than it was then, and intervals are wider.
        const wanted = row
          .map(withoutWorth)
          .filter(cell => !isInterval(cell))
          .map(withoutDoubt);
        const isThere = lines.some(cells =>
          wanted.every(cell => cells.map(withoutWorth).map(withoutDoubt).includes(cell)),
        );
        assert.ok(isThere, `no row of ${row.join(', ')} in\n${ended.stdout}`);
      }
    });
  }
  test('take further runs, and keep the earlier ones', async () => {
    const file = await store.file('runs', 'shop-20261130T102909Z-c284ee2a-22ac-4882-86aa-a9357e0eec65.json');
    const saved = await space.answer(['baseline', 'save', file], env);
    assert.equal(saved.code, 0, saved.stderr);
    const listed = await space.answer(['baseline', 'list'], env);
    assert.match(listed.stdout, /^9 runs in the branch plimsoll-data$/m);
    const names = spawnSync('git', ['ls-tree', '-r', '--name-only', 'plimsoll-data'], {
      cwd: space.folder,
      encoding: 'utf8',
    }).stdout.split('\n');
    for (const folder of ['runs', 'outlines']) {
      assert.equal(names.filter(name => name.startsWith(`${folder}/shop/`)).length, 9, folder);
    }
  });
});

describe('a run that a newer Plimsoll measured', () => {
  test('is judged, rendered and shown, and told to have parts that are not known here', async () => {
    const space = await workspace();
    try {
      await store.layOut(space.folder);
      const name = 'reports/runs/shop-20261130T102854Z-ba53ba35-2acf-4979-a11d-393fe4072255.json';
      const record = JSON.parse(await space.read(name));
      record.header.id = 'from-the-future';
      record.measurement.energy = { joules: 12_345 };
      record.measurement.endpoints[0].windows[0].cache = { hits: 98_765 };
      await space.write('newer.json', JSON.stringify(record));
      const told =
        /newer Plimsoll: 2 parts of it are not known here: measurement\.endpoints\[\]\.windows\[\]\.cache, measurement\.energy/;
      for (const args of [
        ['judge', 'newer.json'],
        ['report', 'newer.json'],
        ['compare', name, 'newer.json'],
      ]) {
        const { stdout, stderr } = await space.answer([...args, '--no-color'], env);
        assert.match(plain(stdout), told, stderr);
        assert.doesNotMatch(stdout, /12.?345|98.?765|joules|hits/);
      }
      const based = await space.answer(['compare', 'newer.json', name, '--no-color'], env);
      assert.match(plain(based.stdout), /The stored run newer\.json was written by a newer Plimsoll/);
      const markdown = await space.answer(['report', 'newer.json', '--format', 'markdown'], env);
      assert.match(markdown.stdout, /written by a newer Plimsoll: 2 parts/);
      const summary = JSON.parse((await space.answer(['judge', 'newer.json', '--json', '-'], env)).stdout);
      assert.match(summary.runs[0].notes.join('\n'), told);
      assert.equal((await space.answer(['baseline', 'save', 'newer.json'], env)).code, 0);
      const shown = await space.answer(['baseline', 'show', 'from-the-future'], env);
      assert.match(plain(shown.stdout), told, shown.stderr);
      const kept = spawnSync('git', ['grep', '-h', 'joules', 'plimsoll-data', '--', 'runs'], {
        cwd: space.folder,
        encoding: 'utf8',
      });
      const { baseline, ...measured } = JSON.parse(kept.stdout);
      assert.deepEqual(measured, record);
      assert.deepEqual(baseline, { verdict: 'warn' });
    } finally {
      await space.dispose();
    }
  });
});

const cellsOf = (line: string) => line.split(/ {2,}| ?\| ?/).filter(cell => cell !== '');
const plain = (text: string) => text.replaceAll(/\s+/g, ' ');
const withoutWorth = (cell: string) => cell.replace(/,\s+worth\s[\d,]+$/, '');
const isInterval = (cell: string) => /^\S*\d.*–.*\d|^≥\s\d/.test(cell);
const withoutDoubt = (cell: string) => cell.replace(/\s~$|,\snot\sfirm$/, '');
