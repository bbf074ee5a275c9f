import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { freePort } from '../target/free-port.ts';
import { measured, root, workspace } from './plimsoll.ts';

/** As loose as the examples' timeout of 5 s allows: a machine that is busy meanwhile must not fail them. */
const patient = { defaults: { p50: '4s', errorRate: '50%' } };
/** Holds even where most requests time out: their kinds and counts are what is looked at. */
const looser = { defaults: { errorRate: '99%' } };

/** Nothing went wrong but, on a busy machine, the time that it took. */
function assertSound(run: Summary['runs'][number] | undefined, told: string): void {
  assert.equal(run?.completion, 'complete', told);
  const { timeout = 0, ...failures } = run.total.failures;
  assert.deepEqual(failures, {}, told);
  assert.equal(run.total.ok + timeout, run.total.requests, told);
  for (const [name, { ok }] of Object.entries(run.endpoints)) assert.ok(ok > 0, `${name}: ${told}`);
}

describe('the reference backend', () => {
  it('is demonstrated from a checkout, by budgets of the folder where that is done', async t => {
    const here = await workspace();
    try {
      await here.write('loose.json', patient);
      const ended = await measured(t, () => here.run(['demo', '--budgets', 'loose.json']));
      if (ended === null) return;
      const { code, stdout, stderr } = ended;
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /browse-bills/);
      const { runs } = await here.summary();
      assert.equal(runs[0]?.verdict, 'pass');
      assertSound(runs[0], stdout);
      assert.ok((runs[0]?.total.requests ?? 0) > 5_000, `${runs[0]?.total.requests} requests`);
      assert.deepEqual(
        runs[0]?.findings.map(({ metric, limit }) => [metric, limit]),
        [
          ['p50', 4_000],
          ['errorRate', 0.5],
        ],
      );
      assert.match(await here.read('reports/report.md'), /browse-bills/);
      const schema = JSON.parse(await readFile(join(root, 'schema', 'summary.json'), 'utf8'));
      const validate = new Ajv2020({ strict: false }).compile(schema);
      assert.ok(
        validate(JSON.parse(await here.read('reports/summary.json'))),
        JSON.stringify(validate.errors),
      );
    } finally {
      await here.dispose();
    }
  });

  for (const [name, least] of [
    // Ten users for 20 s, though each of their requests lasted until it times out.
    ['vote-night', 40],
    ['dashboard', 400],
  ] as const) {
    it(`runs the scenario ${name}`, async t => {
      const here = await workspace();
      try {
        const port = await freePort();
        const budgets = await here.write('loose.json', looser);
        const args = ['run', name, '--budgets', budgets, '--out', join(here.folder, 'reports')];
        const ended = await measured(t, () => here.run(args, { TARGET: `http://127.0.0.1:${port}` }, root));
        if (ended === null) return;
        const { code, stdout, stderr } = ended;
        assert.equal(code, 0, stdout + stderr);
        const [run] = (await here.summary()).runs;
        assertSound(run, stdout);
        assert.ok((run?.total.requests ?? 0) >= least, `${run?.total.requests} requests of ${least}`);
      } finally {
        await here.dispose();
      }
    });
  }
});
