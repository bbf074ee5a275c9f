import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readRecord } from '../../src/store/records/record-reader.ts';
import { freePort } from '../target/free-port.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, root, type Workspace, workspace } from './plimsoll.ts';

const bin = join(root, 'dist', 'cli', 'bin.js');

describe('standard output', () => {
  let target: ScriptedTarget;
  let here: Workspace;
  let load: readonly string[];
  before(async () => {
    target = await startTarget({ '/broken': { status: 500 } });
    here = await workspace();
    await here.write('budgets.json', looseBudgets);
    load = ['run', '--url', `${target.url}/broken`, '--rate', '100/s', '--duration', '1s'];
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  /** Runs a command with this as its standard output. */
  async function runInto(stdout: 'closed' | number, args: readonly string[], file = bin) {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: here.folder,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      stdio: ['ignore', stdout === 'closed' ? 'pipe' : stdout, 'pipe'],
    });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.on('data', chunk => {
      stderr += chunk;
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr };
  }

  it('that nobody reads to its end changes no verdict and is not mentioned', async () => {
    const { code, stderr } = await runInto('closed', load);
    assert.equal(code, 1, stderr);
    assert.doesNotMatch(stderr, /EPIPE|bug|\n +at /);
    assert.equal((await here.summary()).exitCode, 1);
    const { stdout } = await here.run(load);
    const record = / record {3}(.*)\n/.exec(stdout)?.[1] ?? '';
    assert.deepEqual(await runInto('closed', ['judge', record]), { code: 1, stderr: '' });
    assert.deepEqual(await runInto('closed', ['report', record, '--format', 'json']), {
      code: 0,
      stderr: '',
    });
    assert.deepEqual(await runInto('closed', ['--help']), { code: 0, stderr: '' });
  });

  it('that is full is told, and the files are written', { skip: process.platform !== 'linux' }, async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { code, stderr } = await runInto(full, [...load, '--out', 'full']);
      assert.equal(code, 2, stderr);
      assert.match(
        stderr,
        /^standard output: the output cannot be written \[output\.unwritable\]\n {2}found .*ENOSPC/m,
      );
      assert.equal(JSON.parse(await here.read('full/summary.json')).exitCode, 1);
      assert.match(await here.read('full/report.md'), /FAIL/);
    } finally {
      closeSync(full);
    }
  });
});

describe('a disk that the API fills while it is measured', () => {
  const apart = ['--user', '--map-root-user', '--mount'];
  const isApart = spawnSync('unshare', [...apart, 'true']).status === 0;
  const skip = !isApart && 'this system lets nobody have a disk of his own';

  it('costs no record, which is saved elsewhere, and the verdict is still printed', { skip }, async () => {
    const here = await workspace();
    try {
      await here.write(
        'api.cjs',
        `const { appendFileSync } = require('node:fs');
         setInterval(() => { try { appendFileSync('reports/fill', Buffer.alloc(65536)); } catch {} }, 5);
         require('node:http').createServer((_, response) => response.end('ok')).listen(process.env.PORT, process.env.HOST);`,
      );
      const serve = { start: 'exec node api.cjs', ready: 'GET /' };
      const stages = [{ duration: '1s', rate: '20/s' }];
      const target = `http://127.0.0.1:${await freePort()}`;
      await here.write('scenarios/chatty.json', {
        ...{ target, serve, load: { model: 'open', stages }, steps: ['GET /'] },
      });
      await here.write('budgets.json', looseBudgets);
      for (const name of ['reports', 'tmp']) await mkdir(join(here.folder, name));
      const command = `mount -t tmpfs -o size=2m tmpfs reports && exec "${process.execPath}" "${bin}" run chatty`;
      const child = spawn('unshare', [...apart, 'sh', '-c', command], {
        cwd: here.folder,
        env: { ...process.env, TMPDIR: join(here.folder, 'tmp'), CI: undefined },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr] = (
        await Promise.all([child.stdout.toArray(), child.stderr.toArray(), once(child, 'close')])
      ).map(chunks => chunks.join('')) as [string, string];
      assert.equal(child.exitCode, 2, stdout + stderr);
      assert.match(stdout, /chatty/);
      assert.match(stderr, /ENOSPC/);
      const file = /the record is saved as (\S+)/.exec(stderr)?.[1] ?? '';
      const { measurement } = await readRecord(file);
      assert.equal(measurement.completion.state, 'complete');
    } finally {
      await here.dispose();
    }
  });
});

describe('what nobody expected', () => {
  const isBug = (stderr: string, words: RegExp) => {
    assert.match(stderr, /^This is a bug in Plimsoll \(exit code 70\)/m);
    assert.match(stderr, words);
  };

  it('is exit 70, told with its trace, wherever it comes up', async () => {
    const here = await workspace();
    const target = await startTarget({ '/': {} });
    try {
      const args = ['run', '--url', target.url, '--rate', '10/s', '--duration', '10m'];
      for (const [file, statement, words] of [
        ['thrown', "throw new RangeError('thrown for the test')", /RangeError: thrown for the test\n +at /],
        [
          'rejected',
          "Promise.reject(new Error('rejected for the test'))",
          /Error: rejected for the test\n +at /,
        ],
      ] as const) {
        const fault = await here.write(
          `${file}.mjs`,
          `import { isMainThread } from 'node:worker_threads';
           if (isMainThread) setTimeout(() => { ${statement}; }, 1_500);`,
        );
        const { code, stderr } = await here.run(args, { NODE_OPTIONS: `--import=${pathToFileURL(fault)}` });
        assert.equal(code, 70, stderr);
        isBug(stderr, words);
      }
    } finally {
      await target.stop();
      await here.dispose();
    }
  });

  it('is exit 70 where the installation lacks a part', async () => {
    const here = await workspace();
    try {
      cpSync(join(root, 'package.json'), join(here.folder, 'package.json'));
      cpSync(join(root, 'dist'), join(here.folder, 'dist'), {
        recursive: true,
        filter: file => !/[/\\]process-\w+\.js$/.test(file),
      });
      const child = spawn(process.execPath, [join(here.folder, 'dist/cli/bin.js'), '--version'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const stderr = child.stderr.toArray();
      const [code] = await once(child, 'close');
      assert.equal(code, 70);
      isBug(String(Buffer.concat(await stderr)), /ERR_MODULE_NOT_FOUND/);
    } finally {
      await here.dispose();
    }
  });
});
