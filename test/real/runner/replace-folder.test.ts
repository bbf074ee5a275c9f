import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { replaceFolder } from '../../../scripts/replace-folder.ts';

function place(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-replaced-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return {
    write(folder: string, files: { readonly [name: string]: string }): string {
      for (const [name, text] of Object.entries(files)) {
        const file = join(root, folder, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
      return join(root, folder);
    },
    names: () => readdirSync(root),
  };
}

const textsIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => statSync(join(folder, name)).isFile())
      .map(name => [name, readFileSync(join(folder, name), 'utf8')]),
  );

describe('a folder that is replaced by another', () => {
  test('has its files, no others, and the other is gone', t => {
    const at = place(t);
    const old = at.write('dist', {
      'index.js': 'old',
      'part-1.js': 'one',
      'cli/gone.js': 'gone',
      'no/more.js': '',
    });
    const files = { 'index.js': 'new', 'part-2.js': 'two', 'cli/bin.js': 'bin' };
    replaceFolder(old, at.write('new', files), ['index.js']);
    assert.deepEqual(textsIn(old), files);
    assert.deepEqual(at.names(), ['dist']);
    assert.deepEqual(readdirSync(old).sort(), ['cli', 'index.js', 'part-2.js']);
  });

  test('keeps the very files that have not changed', t => {
    const at = place(t);
    const files = { 'index.js': 'same', 'cli/bin.js': 'bin' };
    const old = at.write('dist', files);
    const before = Object.keys(files).map(name => statSync(join(old, name)).ino);
    replaceFolder(old, at.write('new', files), ['index.js']);
    assert.deepEqual(
      Object.keys(files).map(name => statSync(join(old, name)).ino),
      before,
    );
  });

  test('need not be there', t => {
    const at = place(t);
    const dist = at.write('new', { 'index.js': 'first' }).replace(/new$/, 'dist');
    replaceFolder(dist, dist.replace(/dist$/, 'new'), ['index.js']);
    assert.deepEqual(textsIn(dist), { 'index.js': 'first' });
  });
});
