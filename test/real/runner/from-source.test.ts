import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTarget } from '../../target/target.ts';

const bin = fileURLToPath(new URL('../../../src/cli/bin.ts', import.meta.url));

test('the command runs from its source, with a worker that is TypeScript too', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-source-'));
  const target = await startTarget({ '/': {} });
  t.after(async () => {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  // A busy machine sends late, which a tight budget takes for a bottleneck.
  writeFileSync(join(folder, 'budgets.json'), JSON.stringify({ defaults: { p95: '8s' } }));
  const load = ['run', '--url', `${target.url}/`, '--rate', '20/s', '--duration', '1s', '--json', '-'];
  const args = [`--import=${import.meta.resolve('tsx')}`, bin, ...load];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  assert.equal(JSON.parse(stdout).runs[0].total.ok, 20);
  assert.equal((await target.counts()).requests, 20);
});
