import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cloneOf, gitEnv, newRepository } from '../real/store/repository.ts';
import { freePort } from '../target/free-port.ts';
import { measured, workspace } from './plimsoll.ts';

/** A runner of GitHub Actions. */
const ci = { ...gitEnv, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: undefined };

/** An API of which so many in ten requests fail. */
const api = (failing: number) => `let requests = 0;
require('node:http').createServer((request, response) => {
  if (request.url === '/items') requests += 1;
  response.statusCode = request.url === '/items' && requests % 10 < ${failing} ? 500 : 200;
  response.end('ok');
}).listen(process.env.PORT, process.env.HOST);
`;

const scenario = (port: number, about: { name?: string; start?: string; seed?: number; load: string }) => `
${about.name ? `name: ${about.name}` : ''}
target: http://127.0.0.1:${port}
serve: { start: ${about.start ?? 'node api.js'}, ready: GET /ready }
seed: ${about.seed ?? 1}
load: { model: closed, ${about.load}, maxDuration: 30s }
steps: [GET /items]
`;

describe('a pull request that makes an API worse and loosens its own gate', () => {
  test('stays red, by a limit and by a regression, and its report says what it tried', async t => {
    const space = await workspace();
    try {
      const port = await freePort();
      const code = newRepository(join(space.folder, 'code'));
      const put = (files: { readonly [name: string]: string | object }) =>
        Promise.all(Object.entries(files).map(([name, text]) => space.write(`code/${name}`, text)));
      const commit = (message: string) => {
        code.run('add', '--all');
        code.run('commit', '--quiet', `--message=${message}`);
      };
      await put({
        'api.js': api(0),
        'scenarios/items.yaml': scenario(port, { load: 'users: 4, iterations: 300' }),
        // Loose, so that a comparison alone decides.
        'budgets.json': { defaults: { p95: '8s', errorRate: '90%' }, regression: { requireBaseline: true } },
        'strict.json': { defaults: { p95: '8s', errorRate: '5%' } },
        '.gitignore': 'reports/\n',
      });
      commit('one');
      const first = await measured(t, () =>
        space.run(['run', '--baseline', 'none', '--budgets', 'strict.json'], ci, code.folder),
      );
      if (first === null) return;
      assert.equal(first.code, 0, first.stdout);
      const saved = await space.answer(['baseline', 'save'], ci, code.folder);
      assert.equal(saved.code, 0, saved.stderr);

      code.run('checkout', '--quiet', '-b', 'worse');
      const lax = { defaults: { p95: '9s', errorRate: '99%' }, regression: { tolerance: '90%' } };
      await put({
        'api.js': api(3),
        'scenarios/items.yaml': scenario(port, {
          ...{ name: 'things', start: 'node ./api.js', seed: 7, load: 'users: 1, iterations: 20' },
        }),
        'lax.json': lax,
        'strict.json': lax,
        'plimsoll.config.json': { store: 'dir', budgets: 'lax.json', gate: { from: 'head' } },
      });
      await rm(join(code.folder, 'budgets.json'));
      commit('Retire some items\n\nPlimsoll-Accept: items errorRate, p95, p50');

      const checkout = cloneOf(code.folder, join(space.folder, 'checkout'), '--branch=worse', '--depth=1');
      const plimsoll = (...args: string[]) =>
        space.run(args, { ...ci, GITHUB_BASE_REF: 'main' }, checkout.folder);
      const pulled = await plimsoll('baseline', 'pull', '--store', 'git');
      assert.equal(pulled.code, 0, pulled.stderr);

      const own = await plimsoll('run', '--gate', 'head');
      assert.notEqual(own.code, 1, `by its own gate it would not fail: ${own.stdout}`);

      const compared = await measured(t, () => plimsoll('run', '--gate', 'base'));
      if (compared === null) return;
      assert.equal(compared.code, 1, compared.stdout);
      const report = await space.read('checkout/reports/report.md');
      assert.match(report, /FAIL.*`items` held all 2 budgets, and regressed in 1 of 3 comparisons/);
      for (const said of [
        /The gate of main \([0-9a-f]{10}\) judges\. These changes to it count only where they ask for more:/,
        /plimsoll\.config\.json, store: not set in main, .*dir.* here/,
        /lax\.json: in place of budgets\.json in main/,
        /lax\.json, defaults\.errorRate: .*90%.* in main, .*99%.* here/,
        /lax\.json, regression: .*requireBaseline.* in main, .*tolerance.* here|lax\.json, regression\.tolerance: not set in main, .*90%.* here/,
        /items\.yaml, seed: 1 in main, 7 here/,
        /items\.yaml, load\.iterations: 300 in main, 20 here/,
        /items\.yaml, name: not set in main, .*things.* here|items\.yaml, name: .*items.* in main, .*things.* here/,
        /items\.yaml, serve\.start: changed/,
        /Plimsoll-Accept: items errorRate, p95, p50 \(commit [0-9a-f]{10}\) does not count/,
      ]) {
        assert.match(report, said);
      }

      const limited = await measured(t, () => plimsoll('run', '--gate', 'base', '--budgets', 'strict.json'));
      if (limited === null) return;
      assert.equal(limited.code, 1, limited.stdout);
      assert.match(limited.stdout, /broke 1 of 2 budgets: total error rate was 30%, limit 5%/);
      assert.match(limited.stdout, /strict\.json, defaults\.errorRate: "5%" in main, "99%" here/);
      const { runs } = JSON.parse(await space.read('checkout/reports/summary.json'));
      assert.equal(runs[0].gate.name, 'main');
      assert.ok(runs[0].gate.overruled.length > 3, runs[0].gate.overruled.join('\n'));

      await rm(join(checkout.folder, 'scenarios/items.yaml'));
      await space.write('checkout/scenarios/other.yaml', scenario(port, { load: 'users: 1, iterations: 9' }));
      const gone = await plimsoll('run', '--gate', 'base');
      assert.equal(gone.code, 2, gone.stdout);
      assert.match(
        gone.stderr,
        /main:scenarios\/items\.yaml: a scenario of the base is not run \[gate\.scenario-gone\]/,
      );
    } finally {
      await space.dispose();
    }
  });
});
