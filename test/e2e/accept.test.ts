import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gitEnv, newRepository, type Repository } from '../real/store/repository.ts';
import { measured, type Workspace, workspace } from './plimsoll.ts';

const env = {
  ...gitEnv,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  GITHUB_ACTOR: 'ann',
  GITHUB_BASE_REF: undefined,
  GITHUB_HEAD_REF: undefined,
};
const scenario = (port: number) => `name: items
target: http://127.0.0.1:${port}
load: { model: open, stages: [{ duration: 10s, rate: 50/s }] }
steps: [GET /items]
`;

/** A repository whose commit on main was measured and saved, and a branch that is slower. */
async function slowerBranch(
  t: TestContext,
  body: (about: {
    space: Workspace;
    code: Repository;
    run(): Promise<{ code: number | null; text: string } | null>;
  }) => Promise<void>,
): Promise<void> {
  let delayMs = 5;
  const server = createServer((_, response) => void setTimeout(() => response.end('ok'), delayMs));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const space = await workspace();
  try {
    const code = newRepository(join(space.folder, 'code'));
    await space.write('code/.gitignore', 'reports/\n');
    await space.write('code/scenarios/items.yaml', scenario((server.address() as AddressInfo).port));
    await space.write('code/budgets.json', { defaults: { p95: '8s' } });
    code.run('add', '--all');
    await code.commit('one');
    const run = async () => {
      const ended = await measured(t, () => space.run(['run', 'items'], env, code.folder));
      return ended && { code: ended.code, text: ended.stdout.replace(/\s+/g, ' ') };
    };
    const first = await run();
    if (first === null) return;
    assert.equal(first.code, 0, first.text);
    assert.equal((await space.run(['baseline', 'save'], env, code.folder)).code, 0);
    code.run('checkout', '--quiet', '-b', 'slower');
    delayMs = 205;
    await body({ space, code, run });
  } finally {
    server.closeAllConnections();
    server.close();
    await space.dispose();
  }
}

describe('a regression that is accepted', () => {
  test('fails, is saved with its reason, and is the baseline of the next run', async t => {
    await slowerBranch(t, async ({ space, code, run }) => {
      await code.commit('two');
      const red = await run();
      if (red === null) return;
      assert.equal(red.code, 1, red.text);
      const silent = await space.run(['accept'], env, code.folder);
      assert.equal(silent.code, 2);
      assert.match(silent.stderr, /--reason: an argument is missing/);
      const accepted = await space.run(['accept', 'items', '--reason', 'encrypted'], env, code.folder);
      assert.equal(accepted.code, 0, accepted.stderr);
      assert.match(accepted.stdout, /^accepted {2}items as the new baseline: plimsoll-data:/);
      assert.match(accepted.stdout, /^ {2}GET \/items p50$/m);
      for (const commit of [false, true]) {
        if (commit) await code.commit('three');
        const green = await run();
        if (green === null) return;
        assert.equal(green.code, 0, green.text);
        assert.match(green.text, /; accepted by ann \(GET \/items p50.*\): encrypted/);
      }
    });
  });
  test('by a trailer between the merge-base and the commit only warns, for the metrics it names', async t => {
    await slowerBranch(t, async ({ code, run }) => {
      await code.commit('two\n\nPlimsoll-Accept: orders p50\nPlimsoll-Accept: items rps');
      const half = await run();
      if (half === null) return;
      assert.equal(half.code, 1, half.text);
      assert.doesNotMatch(half.text, /Plimsoll-Accept/);
      await code.commit(
        'three\n\nPlimsoll-Accept: items p50\nPlimsoll-Accept: items p95\nPlimsoll-Accept: items p99',
      );
      const whole = await run();
      if (whole === null) return;
      assert.equal(whole.code, 0, whole.text);
      assert.match(whole.text, /WARN/);
      assert.match(whole.text, /Accepted by the commit [0-9a-f]{10} \(Plimsoll-Accept\).*: p50\./);
    });
  });
});
