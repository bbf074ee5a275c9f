import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { MetricHistory } from '../../src/model/judgement/history.ts';
import { writeRecord } from '../../src/store/records/record-file.ts';
import {
  cloneOf,
  gitEnv,
  newRemote,
  newRepository,
  type Repository,
  runOf,
} from '../real/store/repository.ts';
import { type Workspace, workspace } from './plimsoll.ts';

const env = { ...gitEnv, GITHUB_BASE_REF: undefined, GITHUB_HEAD_REF: undefined };

async function inWorkspace(body: (space: Workspace) => Promise<void>): Promise<void> {
  const space = await workspace();
  try {
    await body(space);
  } finally {
    await space.dispose();
  }
}

/** A repository with two commits, a run of each in reports/runs, and a remote. */
async function measuredIn(space: Workspace) {
  const remote = newRemote(join(space.folder, 'remote'));
  const code = newRepository(join(space.folder, 'code'));
  code.run('remote', 'add', 'origin', `file://${remote.folder}`);
  await space.write('code/.gitignore', 'reports/\n');
  await space.write('code/reports/runs/.keep', '');
  const runs = join(code.folder, 'reports', 'runs');
  const first = await code.commit('one');
  await writeRecord(runs, runOf('1111-one', { commit: first, startedAt: '2026-03-14T09:00:00.000Z' }));
  const second = await code.commit('two');
  await writeRecord(
    runs,
    runOf('2222-two', { commit: second, startedAt: '2026-03-15T09:00:00.000Z', medianMs: 30 }),
  );
  code.run('push', '--quiet', 'origin', 'main');
  return { remote, code, first, second };
}

async function plimsoll(space: Workspace, repository: Repository, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await space.answer(args, env, repository.folder);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, args.join(' '));
  return stdout;
}

describe('plimsoll baseline', () => {
  test('saves, shares and finds the baseline of a commit in a clone of depth 1', async () => {
    await inWorkspace(async space => {
      const { remote, code, first } = await measuredIn(space);
      const one = 'reports/runs/browse-bills-20260314T090000Z-1111-one.json';
      assert.match(
        await plimsoll(space, code, 'baseline', 'save', one),
        new RegExp(
          `^saved {2}plimsoll-data:runs/browse-bills/${first}/browse-bills-20260314T090000Z-1111-one\\.json\n$`,
        ),
      );
      assert.match(await plimsoll(space, code, 'baseline', 'save', one), /^kept already {2}plimsoll-data:/);
      assert.equal(await plimsoll(space, code, 'baseline', 'push'), 'pushed to origin: 1 run added\n');
      assert.match(await plimsoll(space, code, 'baseline', 'push'), /^nothing to push/);
      const shallow = cloneOf(remote.folder, join(space.folder, 'shallow'), '--depth=1');
      assert.match(
        await plimsoll(space, shallow, 'baseline', 'list'),
        /^no run in the branch plimsoll-data\n$/,
      );
      assert.equal(await plimsoll(space, shallow, 'baseline', 'pull'), 'pulled from origin: 1 run added\n');
      await space.write('shallow/reports/runs/.keep', '');
      const head = shallow.run('rev-parse', 'HEAD');
      await writeRecord(join(shallow.folder, 'reports', 'runs'), runOf('head', { commit: head }));
      const shown = await plimsoll(space, shallow, 'baseline', 'show');
      assert.match(
        shown.replaceAll(/\s+/g, ' '),
        /Baseline: the run of 2026-03-14 09:00 at [0-9a-f]{10}, the nearest measured ancestor, 1 commit before/,
      );
      assert.match(await plimsoll(space, shallow, 'baseline', 'show', '1111'), /GET \/api\/bills +100/);
      assert.equal(shallow.run('status', '--porcelain', '--untracked-files=no'), '');
    });
  });
  test('saves what it can of several records, and exits with 2 for the others', async () => {
    await inWorkspace(async space => {
      const { code } = await measuredIn(space);
      await space.write('code/cut.json', '{"schemaVersion":1');
      const one = 'reports/runs/browse-bills-20260314T090000Z-1111-one.json';
      const ended = await space.answer(['baseline', 'save', 'cut.json', one], env, code.folder);
      assert.equal(ended.code, 2);
      assert.match(ended.stdout, /^saved {2}plimsoll-data:runs\/.*-1111-one\.json\n$/);
      assert.match(ended.stderr, /^cut\.json: the record is damaged \[record\.corrupt\]/);
    });
  });
  test('prunes what is past the limits, here and on the remote', async () => {
    await inWorkspace(async space => {
      const { remote, code } = await measuredIn(space);
      await plimsoll(
        space,
        code,
        'baseline',
        'save',
        'reports/runs/browse-bills-20260314T090000Z-1111-one.json',
        'reports/runs/browse-bills-20260315T090000Z-2222-two.json',
      );
      await plimsoll(space, code, 'baseline', 'push');
      const dry = await plimsoll(space, code, 'baseline', 'prune', '--keep', '1', '--dry-run');
      assert.match(dry, /^would remove 1 run from the branch plimsoll-data\n\n.*\n.*1111-one/);
      await plimsoll(space, code, 'baseline', 'prune', '--keep', '1', '--older-than', '1h');
      assert.equal(await plimsoll(space, code, 'baseline', 'push'), 'pushed to origin: 1 run removed\n');
      assert.doesNotMatch(remote.run('ls-tree', '-r', '--name-only', 'plimsoll-data'), /1111-one/);
    });
  });
  test('answers mistakes with exit code 2 and what to write instead', async () => {
    await inWorkspace(async space => {
      const { code } = await measuredIn(space);
      await space.write('plain/reports/runs/.keep', '');
      await space.write('code/cut.json', '{"schemaVersion":1');
      const mistakes: readonly (readonly [folder: string, args: string, expected: RegExp])[] = [
        ['code', 'baseline', /one of save, list, show, prune, push and pull/],
        ['code', 'baseline save gone.json', /^gone\.json: the file does not exist \[file\.missing\]/],
        ['code', 'baseline save cut.json', /^cut\.json: the record is damaged \[record\.corrupt\]/],
        ['code', 'baseline show nothing', /plimsoll baseline list/],
        ['code', 'baseline prune', /--keep 20 --dry-run/],
        ['code', 'baseline prune --keep -1', /a whole number/],
        ['code', 'baseline prune --keep=', /^--keep: an argument is missing/],
        ['code', 'baseline prune --keep= --older-than 1h', /^--keep: an argument is missing/],
        ['code', 'baseline prune --keep 1e1', /a whole number/],
        ['code', 'baseline prune --older-than soon', /36h, 90d or 12w/],
        ['code', 'baseline push --remote upstream', /the remotes origin[\s\S]*--remote origin/],
        ['code', 'baseline push --store dir', /a folder, which has no remote[\s\S]*--store git/],
        ['plain', 'baseline list --store git', /in no git repository/],
        ['plain', 'baseline save', /plimsoll run first/],
        ['plain', 'baseline push', /in no git repository/],
        ['plain', 'history', /no run at all/],
        ['code', 'history --store dir --json - --csv -', /one of them on standard output/],
      ];
      for (const [folder, args, expected] of mistakes) {
        const ended = await space.answer(args.split(' '), env, join(code.folder, '..', folder));
        assert.equal(ended.code, 2, args);
        assert.match(ended.stderr, expected, args);
        assert.equal(ended.stdout, '', args);
      }
    });
  });
  test('names what it cannot read, and fails where that is the whole branch', async () => {
    await inWorkspace(async space => {
      const { code } = await measuredIn(space);
      await space.write('code/reports/runs/cut.json', '{"schemaVersion":1');
      for (const args of ['list', 'show', 'prune --keep 9']) {
        const ended = await space.answer(
          ['baseline', ...args.split(' '), '--store', 'dir'],
          env,
          code.folder,
        );
        assert.equal(ended.code, 0, args);
        assert.match(
          ended.stderr,
          /^reports\/runs\/cut\.json: the record is damaged \[record\.corrupt\]/,
          args,
        );
      }
      await plimsoll(
        space,
        code,
        'baseline',
        'save',
        'reports/runs/browse-bills-20260314T090000Z-1111-one.json',
      );
      const tip = code.run('rev-parse', 'plimsoll-data');
      await rm(join(code.folder, '.git', 'objects', tip.slice(0, 2), tip.slice(2)));
      for (const args of ['baseline list', 'baseline show', 'baseline prune --keep 1', 'history']) {
        const ended = await space.answer(args.split(' '), env, code.folder);
        assert.deepEqual([ended.code, ended.stdout], [2, ''], args);
        assert.match(
          ended.stderr,
          /^plimsoll-data: the branch of baselines is damaged \[store\.branch-corrupt\]/,
          args,
        );
      }
    });
  });
  test('takes the store from plimsoll.config.json', async () => {
    await inWorkspace(async space => {
      const { code } = await measuredIn(space);
      await space.write('code/plimsoll.config.json', { store: 'dir' });
      assert.match(await plimsoll(space, code, 'baseline', 'list'), /^2 runs in reports\/runs\n/);
      await space.write('code/plimsoll.config.json', { store: 'directory' });
      const ended = await space.answer(['baseline', 'list'], env, code.folder);
      assert.deepEqual([ended.code, ended.stdout], [2, '']);
      assert.match(ended.stderr, /plimsoll\.config\.json[\s\S]*dir/);
    });
  });
});

describe('plimsoll history', () => {
  test('lists a metric over the commits, and writes it as JSON and CSV', async () => {
    await inWorkspace(async space => {
      const { code, first, second } = await measuredIn(space);
      const shown = await plimsoll(
        space,
        code,
        'history',
        'GET /api/bills',
        '--metric',
        'p50',
        '--store',
        'dir',
        '--json',
        'history.json',
        '--csv',
        'history.csv',
      );
      assert.match(shown, /^browse-bills · GET \/api\/bills · p50\n/);
      const history = JSON.parse(await space.read('code/history.json')) as MetricHistory;
      assert.deepEqual(
        history.points.map(({ commit }) => commit),
        [first, second],
      );
      const lines = (await space.read('code/history.csv')).split('\r\n');
      assert.equal(lines.length, 4);
      assert.ok(lines[1]?.startsWith(`${first},main,2026-03-14T09:00:00.000Z,1111-one,p50,ms,`), lines[1]);
      const piped = await plimsoll(space, code, 'history', '--store', 'dir', '--csv', '-');
      assert.match(piped, /^commit,branch,/);
    });
  });
});
