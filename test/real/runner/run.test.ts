import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('../../run.ts', import.meta.url));
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs the test entry in a folder of its own that holds these files. */
function run(args: readonly string[], files: { readonly [path: string]: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-runner-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=${import.meta.resolve('tsx')}`, runner, ...args],
    { cwd: folder, encoding: 'utf8' },
  );
  return { status, last: stdout.trimEnd().split('\n').at(-1), stdout, stderr };
}

const passing = "import { test } from 'node:test';\ntest('passes', (t: unknown) => {});\n";
const failing = "import { test } from 'node:test';\ntest('fails', () => { throw new Error('no'); });\n";

describe('the test entry', () => {
  test('counts the tests of all groups and examples, nested and skipped ones too', () => {
    const nested =
      "import { describe, test } from 'node:test';\n" +
      "describe('a', () => { test('b', async t => { await t.test('c', () => {}); }); test.skip('d'); test.todo('e'); });";
    const { status, last, stdout } = run(['all'], {
      'test/a.test.ts': passing,
      'test/unit/deep/b.test.ts': nested,
      'test/e2e/c.test.ts': passing,
      'examples/api/test/d.test.ts': passing,
      'examples/api/test/server.ts': 'throw new Error("is no test");',
    });
    assert.equal(last, '5 passed, 0 failed, 2 skipped', stdout);
    assert.equal(status, 0);
  });

  test('leaves the end-to-end tests out of a quick run', () => {
    const { status, last } = run(['quick'], { 'test/a.test.ts': passing, 'test/e2e/c.test.ts': failing });
    assert.equal(last, '1 passed, 0 failed, 0 skipped');
    assert.equal(status, 0);
  });

  test('picks files by a part of their name', () => {
    const files = { 'test/unit/a.test.ts': passing, 'test/unit/b.test.ts': failing };
    assert.equal(run(['all', 'unit/a'], files).status, 0);
    assert.equal(run(['all', 'unit/b'], files).status, 1);
  });

  test('fails where a test fails in either kind of file', () => {
    for (const path of ['test/a.test.ts', 'test/e2e/a.test.ts']) {
      const { status, last } = run(['all'], { [path]: failing, 'test/b.test.ts': passing });
      assert.equal(last, '1 passed, 1 failed, 0 skipped');
      assert.equal(status, 1);
    }
  });

  test('fails where a file cannot be loaded or a suite breaks', () => {
    const files = {
      'test/a.test.ts': "throw new Error('boom');",
      'test/b.test.ts':
        "import { describe } from 'node:test';\ndescribe('s', () => { throw new Error('boom'); });",
    };
    const { status, last } = run(['all'], files);
    assert.equal(last, '0 passed, 2 failed, 0 skipped');
    assert.equal(status, 1);
  });

  test('fails where a file holds no test, and names it', () => {
    const { status, last, stderr } = run(['all'], {
      'test/a.test.ts': passing,
      'test/b.test.ts': 'export {};',
    });
    assert.equal(last, '1 passed, 1 failed, 0 skipped');
    assert.match(stderr, /test\/b\.test\.ts: no test ran/);
    assert.equal(status, 1);
  });

  test('runs files that only compute several to a process, and still names the one that holds no test', () => {
    const names = Array.from(
      { length: 20 },
      (_, index) => `test/pure/${String(index).padStart(2, '0')}.test.ts`,
    );
    const files = Object.fromEntries(names.map(name => [name, passing]));
    assert.equal(run(['all'], files).last, '20 passed, 0 failed, 0 skipped');
    const { status, last, stderr } = run(['all'], { ...files, 'test/pure/08.test.ts': 'export {};' });
    assert.equal(last, '19 passed, 1 failed, 0 skipped');
    assert.match(stderr, /test\/pure\/08\.test\.ts: no test ran/);
    assert.equal(status, 1);
  });

  test('fails where there is nothing to run', () => {
    assert.equal(run(['all'], {}).status, 1);
    const { status, last, stderr } = run(['all', 'nosuch'], { 'test/a.test.ts': passing });
    assert.equal(last, '0 passed, 0 failed, 0 skipped');
    assert.match(stderr, /no test ran/);
    assert.equal(status, 1);
  });

  test('refuses an unknown suite', () => {
    const { status, stderr } = run(['everything'], { 'test/a.test.ts': passing });
    assert.match(stderr, /usage/);
    assert.equal(status, 2);
  });
});
