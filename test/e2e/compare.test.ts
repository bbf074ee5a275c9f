import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { RunRecord } from '../../src/model/run/record.ts';
import { type Summary, summarySchema } from '../../src/report/summary/summary-schema.ts';
import { writeRecord } from '../../src/store/records/record-file.ts';
import { exampleRecord } from '../fixtures/record.ts';
import { gitEnv, newRepository } from '../real/store/repository.ts';
import { type Workspace, workspace } from './plimsoll.ts';

const env = { ...gitEnv, CI: undefined, GITHUB_ACTIONS: undefined, GITHUB_BASE_REF: undefined };

async function inWorkspace(body: (space: Workspace) => Promise<void>): Promise<void> {
  const space = await workspace();
  try {
    await body(space);
  } finally {
    await space.dispose();
  }
}

/** A run of one endpoint for 20 seconds; of code that differs from the usual where a median is given. */
function runOf(
  id: string,
  about: { commit?: string; startedAt?: string; medianMs?: number; rate?: number } = {},
): RunRecord {
  const { commit, startedAt, medianMs = 12, rate = 60 } = about;
  const { header } = usual;
  const git = commit === undefined ? null : { commit, branch: 'main', dirty: false };
  return exampleRecord({
    endpoints: [{ name: 'GET /api/bills', rate, medianMs }],
    warmupS: 0,
    stagesS: [20],
    header: {
      id,
      startedAt: startedAt ?? header.startedAt,
      fingerprint: { ...header.fingerprint, git },
    },
  });
}

const usual = exampleRecord({ endpoints: [], warmupS: 0, stagesS: [1] });

async function write(space: Workspace, name: string, record: RunRecord): Promise<string> {
  const file = join(space.folder, name);
  await rename(await writeRecord(space.folder, record), file);
  return file;
}

async function comparison(space: Workspace, folder = '.'): Promise<Summary> {
  return summarySchema.parse(JSON.parse(await space.read(join(folder, 'reports', 'comparison.json'))));
}

describe('plimsoll compare of two files', () => {
  test('finds a regression: exit 1, a table, Markdown and the summary', async () => {
    await inWorkspace(async space => {
      await write(space, 'before.json', runOf('before', {}));
      await write(space, 'after.json', runOf('after', { medianMs: 40 }));
      const { code, stdout, stderr } = await space.answer(['compare', 'before.json', 'after.json'], env);
      assert.deepEqual({ code, stderr }, { code: 1, stderr: '' });
      assert.match(stdout, /^✗ FAIL: browse-bills regressed in \d+ of \d+ comparisons: GET /);
      assert.match(stdout, /^compared +metric +base +head +change +95% interval +verdict$/m);
      assert.match(stdout, /GET \/api\/bills +p95 .* \+\d+.*✗ fail$/m);
      assert.match(stdout, /Weak evidence: 1 stored run cannot tell/);
      const summary = await comparison(space);
      assert.equal(summary.exitCode, 1);
      const [run] = summary.runs;
      assert.ok(
        run?.comparison.state === 'compared' && run.comparison.strength === 'fewRuns',
        JSON.stringify(run?.comparison),
      );
      assert.equal(run.comparison.baseline, 'before');
      const p95 = run.findings.find(({ scope, metric }) => scope === 'GET /api/bills' && metric === 'p95');
      assert.ok(p95?.kind === 'regression' && p95.status === 'fail', JSON.stringify(p95));
      assert.ok(
        (p95.change ?? 0) > 1 && (p95.changeInterval?.low ?? 0) > 0.25,
        `change ${p95.change}, changeInterval.low ${p95.changeInterval?.low}`,
      );
      assert.match(await space.read('reports/comparison.md'), /\| `GET \/api\/bills` \| p95 \|.*❌ fail \|/);
    });
  });
  test('says of a base that was no measurement that it is none: exit 3', async () => {
    await inWorkspace(async space => {
      const before = runOf('before', {});
      const { measurement } = before;
      const generator = { ...measurement.generator, exhausted: { EMFILE: 3 } };
      await write(space, 'before.json', { ...before, measurement: { ...measurement, generator } });
      await write(space, 'after.json', runOf('after', {}));
      const { code, stdout } = await space.answer(['compare', 'before.json', 'after.json'], env);
      assert.equal(code, 3);
      assert.match(stdout, /before\.json is no measurement: the generator was the bottleneck/);
    });
  });
  test('leaves no report of an earlier comparison where it fails', async () => {
    await inWorkspace(async space => {
      await write(space, 'before.json', runOf('before', {}));
      await write(space, 'after.json', runOf('after', {}));
      assert.equal((await space.answer(['compare', 'before.json', 'after.json'], env)).code, 0);
      assert.equal((await space.answer(['compare', 'before.json', 'before.json'], env)).code, 2);
      assert.deepEqual(await readdir(join(space.folder, 'reports')), []);
    });
  });
  test('passes the same code, and prints the summary for a program', async () => {
    await inWorkspace(async space => {
      await write(space, 'before.json', runOf('before', {}));
      await write(space, 'after.json', runOf('after', { medianMs: 12.1 }));
      const { code, stdout } = await space.answer(
        ['compare', 'before.json', 'after.json', '--json', '-'],
        env,
      );
      assert.equal(code, 0);
      assert.equal(summarySchema.parse(JSON.parse(stdout)).verdict, 'pass');
    });
  });
  test('refuses another version of the scenario, unless it is told to warn anyway', async () => {
    await inWorkspace(async space => {
      const changed = runOf('after', { medianMs: 40 });
      await write(space, 'before.json', runOf('before', {}));
      const header = { ...changed.header, digest: 'f'.repeat(64) };
      await write(space, 'after.json', { ...changed, header });
      const refused = await space.answer(['compare', 'before.json', 'after.json'], env);
      assert.deepEqual([refused.code, refused.stdout], [2, '']);
      assert.match(
        refused.stderr,
        /^before\.json, after\.json: the two runs cannot be compared \[compare\.not-comparable\]\n {2}found .*the scenario has changed since/,
      );
      assert.match(refused.stderr, /--anyway/);
      const told = await space.answer(['compare', 'before.json', 'after.json', '--anyway'], env);
      assert.equal(told.code, 0);
      assert.match(told.stdout, /^! WARN: browse-bills regressed in nothing for certain, but /);
      assert.equal((await comparison(space)).runs[0]?.comparison.strength, 'unlike');
    });
  });
  test('takes tolerances from the budgets, and fails on thin data where these say so', async () => {
    await inWorkspace(async space => {
      await write(space, 'before.json', runOf('before', {}));
      await write(space, 'after.json', runOf('after', { medianMs: 40 }));
      await write(space, 'thin.json', runOf('thin', { rate: 4 }));
      await space.write('loose.json', { regression: { stored: { tolerance: '100%', floor: '1s' } } });
      await space.write('strict.json', { regression: { onInconclusive: 'fail' } });
      const compare = (head: string, budgets: string) =>
        space.answer(['compare', 'before.json', head, '--quiet', '--budgets', budgets], env);
      assert.equal((await compare('after.json', 'loose.json')).code, 0);
      const strict = await compare('thin.json', 'strict.json');
      assert.equal(strict.code, 4);
      assert.match(
        strict.stdout,
        /^INCONCLUSIVE: browse-bills gave too little evidence on \d+ of \d+ compari/,
      );
    });
  });
  test('names a damaged file, a missing one, and a word that means no run', async () => {
    await inWorkspace(async space => {
      await write(space, 'before.json', runOf('before', {}));
      await space.write('cut.json', '{"schemaVersion":1,');
      for (const [options, expected] of [
        ['cut.json', /^cut\.json: the record is damaged \[record\.corrupt\]/],
        ['gone.json', /^gone\.json: the file does not exist \[file\.missing\]/],
        [
          'nothing',
          /no such run is stored \[store\.no-run\]\n {2}found +nothing\n {2}expected +a record file, a commit/,
        ],
        ['before.json', /the same run twice: before/],
      ] as const) {
        const { code, stderr } = await space.answer(['compare', 'before.json', options], env);
        assert.equal(code, 2, options);
        assert.match(stderr, expected);
      }
    });
  });
});

describe('plimsoll compare of commits', () => {
  test('takes all runs of the base and the newest of the head, kept in the branch or in reports', async () => {
    await inWorkspace(async space => {
      const code = newRepository(join(space.folder, 'code'));
      const runs = join(code.folder, 'reports', 'runs');
      await space.write('code/reports/runs/.keep', '');
      const first = await code.commit('one');
      for (let index = 0; index < 9; index += 1) {
        const startedAt = `2026-03-14T0${index}:00:00.000Z`;
        const medianMs = 12 + 0.02 * index;
        await writeRecord(runs, runOf(`base-${index}`, { commit: first, startedAt, medianMs }));
      }
      const saved = await space.answer(
        ['baseline', 'save', ...(await recordsIn(space, 'code/reports/runs'))],
        env,
        code.folder,
      );
      assert.equal(saved.code, 0, saved.stderr);
      await rm(runs, { recursive: true });
      await space.write('code/reports/runs/.keep', '');
      const second = await code.commit('two');
      await writeRecord(runs, runOf('head', { commit: second, medianMs: 14 }));
      const { code: exit, stdout } = await space.answer(['compare', 'HEAD~1', 'main'], env, code.folder);
      assert.equal(exit, 1, stdout);
      const summary = await comparison(space, 'code');
      const [run] = summary.runs;
      assert.equal(run?.comparison.strength, 'manyRuns');
      assert.equal(run.comparison.runs.length, 9);
      assert.equal(run.comparison.commit, first);
      const p50 = run.findings.find(({ scope, metric }) => scope === 'GET /api/bills' && metric === 'p50');
      assert.ok(
        p50?.status === 'fail' && p50.evidence === 'prediction' && (p50.detectable ?? 1) < 0.1,
        JSON.stringify(p50),
      );
      await code.commit('three');
      const none = await space.answer(['compare', 'HEAD~2', 'HEAD'], env, code.folder);
      assert.equal(none.code, 2);
      assert.match(none.stderr, /no run of HEAD, commit [0-9a-f]{10}/);
    });
  });
});

async function recordsIn(space: Workspace, folder: string): Promise<readonly string[]> {
  const names = await readdir(join(space.folder, folder));
  return names.filter(name => name.endsWith('.json')).map(name => join('reports', 'runs', name));
}

describe('plimsoll run', () => {
  test('compares itself with the run that was saved, with one that is named, or with none', async () => {
    const server = createServer((_, response) => void setTimeout(() => response.end('ok'), delayMs));
    let delayMs = 5;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      await inWorkspace(async space => {
        const run = (...more: string[]) => space.run(['run', '--url', url, '--rate', '50/s', ...more], env);
        await space.write('budgets.json', { defaults: { p95: '8s' } });
        const first = await run('--duration', '10s');
        assert.match(first.stdout, /No baseline: none/);
        const named = (await space.summary()).runs[0]?.id ?? '';
        assert.equal((await space.answer(['baseline', 'save'], env)).code, 0);
        delayMs = 205;
        const second = await run('--duration', '10s');
        assert.equal(second.code, 1, second.stdout + second.stderr);
        assert.match(
          second.stdout,
          /✗ FAIL: .* held all 2 budgets.*, and regressed in \d of \d comparisons/s,
        );
        assert.match(
          second.stdout,
          /Baseline: the run of .*, the latest, since this run belongs to no commit/s,
        );
        assert.equal((await space.summary()).runs[0]?.comparison.baseline, named);
        const third = await run('--duration', '10s', '--baseline', named);
        assert.equal(third.code, 1);
        assert.match(third.stdout, /which was named/);
        const alone = await run('--duration', '2s', '--baseline', 'none');
        assert.equal(alone.code, 0);
        assert.equal((await space.summary()).runs[0]?.comparison.state, 'none');
        let connections = 0;
        server.on('connection', () => {
          connections += 1;
        });
        const wrong = await run('--duration', '2s', '--baseline', 'nothing');
        assert.equal(wrong.code, 2);
        assert.match(wrong.stderr, /no such run is stored \[store\.no-run\]/);
        assert.equal(connections, 0);
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
