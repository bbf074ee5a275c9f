import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { recordText } from '../../src/store/records/record-file.ts';
import { exampleRecord } from '../fixtures/record.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { type Started, until, type Workspace, workspace } from './plimsoll.ts';

/** Five are promised; a busy machine gets more. What is interrupted would take minutes. */
const mostSeconds = 15;
const signals = { SIGTERM: 143, SIGINT: 130 } as const;

/** Sends one SIGTERM, or two SIGINT, and makes sure that it ends the command soon. */
async function interrupted(
  { process: child, stderr, ended }: Started,
  signal: keyof typeof signals,
): Promise<void> {
  const began = performance.now();
  child.kill(signal);
  if (signal === 'SIGINT') {
    await delay(100);
    child.kill(signal);
  }
  const { code } = await ended;
  const seconds = (performance.now() - began) / 1_000;
  assert.ok(seconds < mostSeconds, `${child.spawnargs.join(' ')}: ${seconds} s after ${signal}`);
  assert.equal(code ?? signals[child.signalCode as typeof signal], signals[signal], stderr());
}

/** Runs all at once, since they wait most of the time. */
const each = async <One>(all: readonly One[], check: (one: One) => Promise<void>) => {
  await Promise.all(all.map(check));
};

/** What a command that was cut short may have left in a folder: temporary files, locks, and an index of its own. */
async function leftIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter(
    name => /\.tmp$|\.lock$|plimsoll\/index-/.test(name) && !name.endsWith('package-lock.json'),
  );
}

/** The processes whose command line holds a text. */
async function processes(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async pid => `${pid} ${await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')}`),
  );
  return lines.filter(line => line.includes(text));
}

const endpoints = [{ name: 'GET /ok', rate: 20, medianMs: 5 }];
const example = exampleRecord({ endpoints, warmupS: 0, stagesS: [2] });
const { load, generator } = example.measurement;
const nothing = exampleRecord({ endpoints: [], warmupS: 0, stagesS: [2] }).measurement.generator.sendLag;

/** A whole record of so many endpoints. */
const recordOf = (count: number) =>
  recordText({
    ...example,
    measurement: {
      ...example.measurement,
      endpoints: Array.from({ length: count }, (_, index) => ({
        ...(example.measurement.endpoints[0] as (typeof example.measurement.endpoints)[number]),
        name: `GET /${index}`,
      })),
      load: { ...load, offered: count * 40, delivered: count * 40, sent: count * 40 },
      generator: { ...generator, engine: 'autocannon', sendLag: nothing },
    },
  });

describe('one SIGTERM, or two SIGINT, within five seconds', () => {
  let here: Workspace;
  let target: ScriptedTarget;
  before(async () => {
    target = await startTarget({ '/ok': { delayMs: 2 } });
    here = await workspace();
    const first = await here.write('reports/runs/heavy-0.json', recordOf(250));
    await here.write('hostile/runs/endless.json', recordOf(24_000));
    for (let index = 1; index < 1_000; index += 1) {
      await link(first, join(here.folder, `reports/runs/heavy-${index}.json`));
    }
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  it('end what reads a large store, or renders a large record', async () => {
    const { scenario } = example.header;
    await each(
      [
        ['SIGTERM', 'baseline', 'list'],
        ['SIGINT', 'baseline', 'prune', '--keep', '1'],
        ['SIGTERM', 'baseline', 'save'],
        ['SIGINT', 'accept', '--reason', 'as it is'],
        ['SIGTERM', 'history', '--scenario', scenario],
        ['SIGTERM', 'report', 'hostile/runs/endless.json', '--format', 'markdown'],
      ] as const,
      async ([signal, ...args]) => {
        const started = here.start(args[0] === 'report' ? args : [...args, '--store', 'dir']);
        await delay(800);
        await interrupted(started, signal);
      },
    );
    assert.deepEqual(await leftIn(here.folder), []);
    assert.equal((await readdir(join(here.folder, 'reports/runs'))).length >= 1_000, true);
  });

  const running = (out: string) =>
    here.start([
      ...[
        'run',
        '--url',
        `${target.url}/ok`,
        '--rate',
        '20/s',
        '--duration',
        '1s',
        '--store',
        'dir',
        '--out',
        out,
      ],
    ]);
  const saved = async (out: string) =>
    (await readdir(join(here.folder, out, 'runs'))).filter(name => /^url-.*\.json$/.test(name));

  it('end a run that is compared with a large store: it is saved, and reported without the comparison', async () => {
    const started = running('reports');
    await until(async () => (await saved('reports')).length > 0);
    await interrupted(started, 'SIGTERM');
    assert.match(await here.read('reports/report.md'), /the comparison was interrupted \(SIGTERM\)/);
    assert.deepEqual(await leftIn(here.folder), []);
  });

  it('end a run that is compared with a record that takes a minute to read: it is saved', async () => {
    const started = running('hostile');
    await until(async () => (await saved('hostile')).length > 0);
    await delay(500);
    await interrupted(started, 'SIGTERM');
    assert.equal((await saved('hostile')).length, 1);
    assert.deepEqual(await leftIn(here.folder), []);
  });
});

describe('what waits for something that never comes', { skip: process.platform !== 'linux' }, () => {
  let here: Workspace;
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: here.folder, encoding: 'utf8', stdio: 'pipe' });
  before(async () => {
    here = await workspace();
    git('init', '-q', '-b', 'main');
    await here.write('.gitignore', 'reports\nremote\nstalled\ntemporary\n');
    await here.write(
      'scenarios/a.yaml',
      `name: a
target: http://127.0.0.1:1
serve: { install: 'exec sleep $NAP', start: node none.js, ready: GET / }
load: { model: open, stages: [{ duration: 1s, rate: 20/s }] }
steps: [GET /]
`,
    );
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'first');
    git('branch', 'plimsoll-data');
    git('clone', '-q', '--bare', '--single-branch', '.', 'remote');
    git('remote', 'add', 'origin', join(here.folder, 'remote'));
    await here.write('reports/runs/run.json', recordText(example));
    await mkdir(join(here.folder, 'temporary'));
    const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    await here.write(
      'stalled/git',
      `#!/bin/bash\ncase " $* " in *$STALLS*) sleep $NAP;; *) exec ${real} "$@";; esac\n`,
    );
    await chmod(join(here.folder, 'stalled/git'), 0o755);
  });
  after(() => here.dispose());

  const duet = ['duet', 'a', '--base', 'HEAD'] as const;
  it('ends with the command, which leaves neither process nor file', async () => {
    const cases = [
      ['SIGTERM', ' ls-tree ', 'baseline', 'list'],
      ['SIGINT', ' update-ref ', 'baseline', 'save'],
      ['SIGTERM', ' write-tree ', 'baseline', 'save'],
      ['SIGTERM', ' worktree ', 'accept', '--reason', 'as it is'],
      ['SIGINT', ' rev-parse ', 'baseline', 'prune', '--keep', '1'],
      // An install.
      ['SIGTERM', ' nothing ', ...duet],
      ['SIGTERM', ' reset ', ...duet],
      ['SIGTERM', ' push ', 'baseline', 'push'],
      ['SIGINT', ' fetch ', 'baseline', 'pull'],
      // The base of a pull request.
      ['SIGTERM', ' fetch ', 'run', 'a', '--gate', 'base'],
      ['SIGINT', ' cat-file ', 'run', 'a', '--gate', 'base'],
    ] as const;
    await each([...cases.entries()], async ([index, [signal, stalls, ...args]]) => {
      const nap = `47${process.pid}.${10 + index}`;
      const started = here.start(args, {
        PATH: `${join(here.folder, 'stalled')}:${process.env.PATH}`,
        TMPDIR: join(here.folder, 'temporary'),
        ...((args as readonly string[]).includes('--gate')
          ? { GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main' }
          : {}),
        STALLS: stalls,
        NAP: nap,
      });
      await until(async () => (await processes(nap)).length > 0, 60);
      await interrupted(started, signal);
      assert.deepEqual(await processes(nap), [], `${args.join(' ')}, ${stalls}`);
    });
    assert.deepEqual(await leftIn(here.folder), []);
    assert.deepEqual(await readdir(join(here.folder, 'temporary')), []);
    assert.equal(git('worktree', 'list').trim().split('\n').length, 1);
  });

  it('is not waited for where a scenario is a pipe', async () => {
    await mkdir(join(here.folder, 'pipes'));
    execFileSync('mkfifo', [join(here.folder, 'pipes/a.yaml')]);
    const { code, stderr } = await here.run(['run', 'pipes/a.yaml']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /pipes\/a\.yaml: .*\[file\.not-regular\]/);
  });
});
