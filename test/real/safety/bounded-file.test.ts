import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { recordText } from '../../../src/store/records/record-file.ts';
import { place } from '../cli/command-line.ts';
import { runOf } from '../store/repository.ts';

const scenario = (rest = '') =>
  `target: http://127.0.0.1:4010\nload: { model: open, stages: [{ duration: 1s, rate: 5/s }] }\nsteps: [GET /]\n${rest}`;

describe('a file that may never end', () => {
  test('is refused wherever one is read: as scenario, neighbour, budgets, data and record', async t => {
    const { folder, run, write } = await place(t);
    const at = (name: string) => join(folder, name);
    for (const name of ['pipe.yaml', 'pipe.json', 'pipe.csv']) execFileSync('mkfifo', [at(name)]);
    for (const name of ['zero.yaml', 'zero.json', 'zero.csv']) await symlink('/dev/zero', at(name));
    await write('a.yaml', scenario());
    await write('reports/runs/good.json', recordText(runOf('good')));
    await symlink('/dev/zero', join(folder, 'reports/runs/zero.json'));
    for (const kind of ['pipe', 'zero']) {
      await write(`${kind}-data.yaml`, scenario(`data: { rows: { file: ${kind}.csv } }\n`));
      for (const argv of [
        ['run', `${kind}.yaml`, '--dry-run'],
        ['run', 'a.yaml', '--dry-run', '--budgets', `${kind}.json`],
        ['run', `${kind}-data.yaml`, '--dry-run'],
        ['judge', at(`${kind}.json`)],
      ]) {
        const { code, stderr } = await run(argv);
        assert.equal(code, 2, `${argv.join(' ')}: ${stderr}`);
        assert.match(stderr, /\[file\.not-regular\]\n {2}found {5}(?:\w+\.csv, )?a (?:pipe|device)\n/);
      }
    }
    const listed = await run(['history', '--out', at('reports')]);
    assert.notEqual(listed.code, 70, listed.stderr);
    const dry = await run(['run', 'a.yaml', '--dry-run']);
    assert.equal(dry.code, 0, dry.stderr);
  });

  test('is refused by its length as well', async t => {
    const { folder, run, write } = await place(t);
    const sparse = async (name: string, megabytes: number) => {
      await writeFile(join(folder, name), '');
      await truncate(join(folder, name), megabytes * 1024 * 1024);
      return join(folder, name);
    };
    const record = await sparse('record.json', 65);
    assert.match(
      (await run(['judge', record])).stderr,
      /too-large\]\n {2}found {5}65 MB\n {2}expected {2}at most 64 MB/,
    );
    await sparse('rows.csv', 1025);
    await write('a.yaml', scenario('data: { rows: { file: rows.csv } }\n'));
    const { stderr } = await run(['run', 'a.yaml', '--dry-run']);
    assert.match(stderr, /too-large\]\n {2}found {5}rows\.csv, 1025 MB\n {2}expected {2}at most 1 GB/);
  });
});
