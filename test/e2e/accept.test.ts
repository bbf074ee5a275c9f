import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { MetricHistory } from '../../src/model/judgement/history.ts';
import { gitEnv, newRemote, newRepository, type Repository } from '../real/store/repository.ts';
import { freePort } from '../target/free-port.ts';
import { measured, type Workspace, workspace } from './plimsoll.ts';
import { type EndedJob, type Happening, play, workflowsIn } from './workflow.ts';

const env = {
  ...gitEnv,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  GITHUB_ACTOR: 'ann',
  GITHUB_BASE_REF: undefined,
  GITHUB_HEAD_REF: undefined,
};

/** An API of which so many in ten requests fail: what a busy machine cannot change. */
const api = (failing: number) => `const failing = ${failing};
let requests = 0;
require('node:http').createServer((request, response) => {
  if (request.url === '/items') requests += 1;
  response.statusCode = request.url === '/items' && requests % 10 < failing ? 500 : 200;
  response.end('ok');
}).listen(process.env.PORT, process.env.HOST);
`;

/** A repository with an API, a scenario that serves it and loads it for half a second, and budgets that always hold. */
async function apiIn(space: Workspace): Promise<{
  readonly code: Repository;
  commit(failing: number, message: string): Promise<void>;
}> {
  const code = newRepository(join(space.folder, 'code'));
  await space.write(
    'code/scenarios/items.yaml',
    `target: http://127.0.0.1:${await freePort()}
serve: { start: node api.js, ready: GET /ready }
load: { model: closed, users: 4, iterations: 300, maxDuration: 30s }
steps: [GET /items]
`,
  );
  await space.write('code/budgets.json', { defaults: { p95: '8s', errorRate: '95%' } });
  await space.write('code/package.json', { name: 'items', version: '1.0.0' });
  await space.write('code/package-lock.json', {
    name: 'items',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'items', version: '1.0.0' } },
  });
  await space.write('code/.gitignore', 'node_modules/\nreports/\n');
  return {
    code,
    async commit(failing, message) {
      await writeFile(join(code.folder, 'api.js'), api(failing));
      code.run('add', '--all');
      code.run('commit', '--quiet', '--allow-empty', `--message=${message}`);
    },
  };
}

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('a regression that is accepted', () => {
  test('fails, is saved with its reason, and is the baseline of the next run', async t => {
    const space = await workspace();
    try {
      const { code, commit } = await apiIn(space);
      const run = async () => {
        const ended = await measured(t, () => space.run(['run', 'items'], env, code.folder));
        return ended && { code: ended.code, text: flat(ended.stdout) };
      };
      const plimsoll = async (...args: string[]) => {
        const ended = await space.answer(args, env, code.folder);
        assert.equal(ended.code, 0, ended.stderr);
        return ended.stdout;
      };
      await commit(0, 'one');
      const first = await run();
      if (first === null) return;
      assert.equal(first.code, 0, first.text);
      await plimsoll('baseline', 'save');
      code.run('checkout', '--quiet', '-b', 'worse');
      await commit(3, 'two');
      const red = await run();
      if (red === null) return;
      assert.equal(red.code, 1, red.text);
      const silent = await space.answer(['accept'], env, code.folder);
      assert.equal(silent.code, 2);
      assert.match(silent.stderr, /--reason: an argument is missing/);
      const accepted = await plimsoll('accept', 'items', '--reason', 'retired');
      assert.match(accepted, /^accepted {2}items as the new baseline: plimsoll-data:/);
      assert.match(accepted, /^ {2}GET \/items errorRate$/m);
      for (const message of [null, 'three']) {
        if (message !== null) await commit(3, message);
        const green = await run();
        if (green === null) return;
        assert.equal(green.code, 0, green.text);
        assert.match(green.text, /; it failed; accepted by ann \(GET \/items errorRate\): retired/);
      }
      const history = await plimsoll('history', '--metric', 'errorRate');
      assert.match(history, /✗ fail \+\n\+ accepted: /);
      assert.match(
        history,
        /\nAccepted:\n {2}[0-9a-f]{10}, \S+, by ann \(GET \/items errorRate\): retired\n/,
      );
      assert.match(await plimsoll('baseline', 'list'), /✗ fail \+\n/);
      const commitId = code.run('rev-parse', 'HEAD~1');
      const shown = await plimsoll('baseline', 'show', commitId);
      assert.match(shown, /\n {2}verdict +fail, when it was saved\n {2}accepted +\S+Z, by ann \(GET/);
    } finally {
      await space.dispose();
    }
  });
});

describe('the workflow of docs/ci.md that compares with main', () => {
  test('lets each job do no more than it needs, as the others do', async () => {
    const workflows = [...(await workflowsIn('docs/ci.md')).values()].flat();
    assert.equal(workflows.length, 3);
    const granted = workflows.map(({ permissions, jobs }) => [
      permissions,
      ...Object.values(jobs).flatMap(job => (job.permissions ? [job.permissions] : [])),
    ]);
    const read = { contents: 'read' };
    assert.deepEqual(granted, [[read], [{}, read, { contents: 'write' }], [read]]);
  });

  test('goes from red to accepted to green, and keeps every run of main with its verdict', async t => {
    const space = await workspace();
    try {
      const workflow = (await workflowsIn('docs/ci.md')).get('.github/workflows/perf.yml')?.[1];
      assert.ok(workflow, 'the page shows no second workflow');
      const origin = newRemote(join(space.folder, 'origin.git'));
      const mayWrite = '#!/bin/sh\n[ "$TOKEN_MAY_WRITE" != false ]\n';
      await writeFile(join(origin.folder, 'hooks/pre-receive'), mayWrite, { mode: 0o755 });
      const { code, commit } = await apiIn(space);
      code.run('remote', 'add', 'origin', origin.folder);
      let number = 0;
      /** Plays the workflow once more where the machine was too busy to measure anything. */
      const jobs = async (happening: Happening) => {
        for (let attempt = 0; attempt < 3; attempt += 1) {
          number += 1;
          const folder = join(space.folder, `play-${number}`);
          const ended = await play(workflow, happening, { origin: origin.folder, folder });
          const [measure, keep] = [ended.measure, ended.keep];
          assert.ok(measure && keep, Object.keys(ended).join(', '));
          if (measure.ran.every(({ code }) => code !== 3)) return { measure, keep };
        }
        t.skip('this machine is too busy to measure anything');
        return null;
      };
      const pushed = async (failing: number, message: string) => {
        await commit(failing, message);
        code.run('push', '--quiet', 'origin', 'main');
        return await jobs({ event_name: 'push', ref: 'refs/heads/main' });
      };
      const proposed = async (failing: number, message: string, labels: readonly string[] = []) => {
        code.run('checkout', '--quiet', 'fewer');
        await commit(failing, message);
        code.run('checkout', '--quiet', '--detach', 'main');
        code.run('merge', '--quiet', '--no-ff', '--message=Merge', 'fewer');
        code.run('push', '--quiet', '--force', 'origin', 'HEAD:refs/pull/1/merge');
        return await jobs({
          event_name: 'pull_request',
          ref: 'refs/pull/1/merge',
          base: 'main',
          head: 'fewer',
          labels,
        });
      };

      const first = await pushed(0, 'one');
      if (first === null) return;
      assert.deepEqual([first.measure.result, first.keep.result], ['success', 'success'], told(first));
      assert.match(first.measure.summary, /No baseline: none is stored/);

      code.run('checkout', '--quiet', '-b', 'fewer');
      const red = await proposed(3, 'Retire some items\n\nPlimsoll-Accept: items errorRate');
      if (red === null) return;
      assert.deepEqual([red.measure.result, red.keep.result], ['failure', 'skipped'], told(red));
      assert.match(
        red.measure.summary,
        /FAIL.*`items` held all 2 budgets, and regressed in 1 of 3 comparisons/,
      );
      assert.match(red.measure.summary, /Plimsoll-Accept: items errorRate .* does not count/);

      const green = await proposed(3, 'Say so\n\nPlimsoll-Accept: items errorRate', ['gate-accepted']);
      if (green === null) return;
      assert.deepEqual([green.measure.result, green.keep.result], ['success', 'skipped'], told(green));
      assert.match(green.measure.summary, /Accepted by the commit [0-9a-f]{10} .*GET \/items errorRate/);

      code.run('checkout', '--quiet', 'main');
      code.run('merge', '--quiet', '--no-ff', '--message=Merge', 'fewer');
      const merged = await pushed(3, 'Merged');
      if (merged === null) return;
      assert.deepEqual([merged.measure.result, merged.keep.result], ['success', 'success'], told(merged));
      assert.match(
        told(merged),
        /accepted by A in the commit [0-9a-f]{10} \(GET \/items errorRate\): Say so/,
      );

      const failed = await pushed(8, 'Retire more');
      if (failed === null) return;
      assert.deepEqual([failed.measure.result, failed.keep.result], ['failure', 'success'], told(failed));
      assert.match(told(failed), /its verdict is fail/);

      const pull = await space.answer(['baseline', 'pull'], env, code.folder);
      assert.equal(pull.code, 0, pull.stderr);
      const shown = await space.answer(['history', '--metric', 'errorRate', '--json', '-'], env, code.folder);
      const { points } = JSON.parse(shown.stdout) as MetricHistory;
      assert.deepEqual(
        points.map(({ value, verdict, accepted }) => [value, verdict === 'fail', accepted?.reason ?? null]),
        [
          [0, false, null],
          [0.3, false, 'Say so'],
          [0.8, true, null],
        ],
      );
    } finally {
      await space.dispose();
    }
  });
});

function told(jobs: { readonly [name: string]: EndedJob }): string {
  return Object.values(jobs)
    .flatMap(({ ran }) => ran.map(({ run, code, output }) => `$ ${run} # ${code}\n${output}`))
    .join('\n');
}
