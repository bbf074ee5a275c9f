import assert from 'node:assert/strict';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { readSettings } from '../../../src/config/settings.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import { prepareDuet, sideNames } from '../../../src/pipeline/duet/duet-preparation.ts';
import type { Gate } from '../../../src/pipeline/gate/gate.ts';
import { openGate } from '../../../src/pipeline/gate/gate.ts';
import { assertNoneGone } from '../../../src/pipeline/gate/scenarios.ts';
import { prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { gateChange } from '../../../src/report/words/reasons/gate-change.ts';
import { inFolder } from '../store/folder.ts';
import { cloneOf, gitEnv, newRepository, type Repository } from '../store/repository.ts';

const pullRequest = { ...gitEnv, GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main' };

const scenario = `target: http://127.0.0.1:4010
serve: { start: node api.js, ready: GET /ready }
load: { model: closed, users: 4, iterations: 300, maxDuration: 30s }
steps:
  - request: GET /items
    headers: { authorization: Bearer s3cret }
`;

const usual = {
  'scenarios/items.yaml': scenario,
  'budgets.json': JSON.stringify({
    defaults: { errorRate: '2%', p95: { limit: '100ms', warn: '90ms' } },
    scenarios: { items: { endpoints: { 'GET /items': { p50: '50ms' } } } },
    regression: { tolerance: '10%' },
  }),
  'plimsoll.config.json': JSON.stringify({ store: 'git', gate: { from: 'base' } }),
  '.github/workflows/perf.yml': 'on: pull_request\n',
};

type Files = { readonly [path: string]: string | null };

async function put(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await (text === null ? rm(file) : writeFile(file, text));
  }
}

interface Change {
  readonly base?: Files;
  readonly changes: Files;
}

interface Checkout {
  readonly cwd: string;
  readonly code: Repository;
  readonly gate: () => Promise<Gate | null>;
  readonly prepared: (file?: string) => ReturnType<typeof prepareRuns>;
}

/** A repository whose branch main has the base, and whose work tree has changes on top of it. */
async function underGate(
  { base = {}, changes }: Change,
  look: (checkout: Checkout) => Promise<void>,
  env: NodeJS.ProcessEnv = { ...gitEnv, GITHUB_BASE_REF: 'main' },
): Promise<void> {
  await inFolder(async folder => {
    const code = newRepository(join(folder, 'code'));
    await put(code.folder, { ...usual, ...base });
    code.run('add', '--all');
    code.run('commit', '--quiet', '--message=base');
    await put(code.folder, changes);
    code.run('add', '--all');
    await look(checkoutOf(code, changes, env));
  });
}

interface CloneTerms {
  readonly env?: NodeJS.ProcessEnv;
  readonly from?: string;
  readonly depth?: number;
}

/** The same in a clone that CI made of a remote, of which it has the pull request's branch alone. */
async function inClone(
  { base = {}, changes }: Change,
  look: (checkout: Checkout) => Promise<void>,
  { env = pullRequest, from, depth = 1 }: CloneTerms = {},
): Promise<void> {
  await inFolder(async folder => {
    const code = newRepository(join(folder, 'code'));
    await put(code.folder, { ...usual, ...base });
    code.run('add', '--all');
    code.run('commit', '--quiet', '--message=base');
    code.run('checkout', '--quiet', '-b', 'change');
    await put(code.folder, changes);
    code.run('add', '--all');
    code.run('commit', '--quiet', '--allow-empty', '--message=head');
    const options = ['--branch=change', '--single-branch', `--depth=${depth}`];
    const clone = cloneOf(code.folder, join(folder, 'clone'), ...options);
    await look(checkoutOf(clone, changes, env, from));
  });
}

function checkoutOf(code: Repository, changes: Files, env: NodeJS.ProcessEnv, from?: string): Checkout {
  const cwd = code.folder;
  const places = async () => {
    const settings = await readSettings(cwd);
    return {
      settings,
      budgets: settings.budgets ?? (changes['budgets.json'] === null ? null : 'budgets.json'),
    };
  };
  const gate = async () => await openGate({ cwd, env, from, budgets: undefined, own: await places() });
  const prepared = async (file = 'scenarios/items.yaml') => {
    const { budgets } = await places();
    return await prepareRuns([{ kind: 'file', file }], {
      cwd,
      env,
      budgets,
      allowHosts: [],
      gate: await gate(),
    });
  };
  return { cwd, code, gate, prepared };
}

/** The limits of the only scenario, in short. */
const limitsOf = ([run]: Awaited<ReturnType<typeof prepareRuns>>) =>
  run?.budgets.budgets.map(
    ({ metric, limit, waiver }) => `${metric.name} ${limit}${waiver ? ' waived' : ''}`,
  );

const changesOf = ([run]: Awaited<ReturnType<typeof prepareRuns>>, stands: 'base' | 'head') =>
  run?.gate?.changes
    .filter(change => change.stands === stands)
    .map(change => gateChange(change, { name: 'main', commit: '' }));

const standing = ['p95 100', 'errorRate 0.02', 'p50 50'];

describe('the gate of the base', () => {
  it('judges by its limits, whatever the pull request writes into its budgets', async () => {
    const lax = {
      defaults: { errorRate: '90%', p95: '9s' },
      scenarios: { items: { endpoints: { 'GET /items': { p50: '9s' } } } },
      regression: { tolerance: '90%', onInconclusive: 'warn' },
    };
    await underGate({ changes: { 'budgets.json': JSON.stringify(lax) } }, async ({ prepared }) => {
      const runs = await prepared();
      assert.deepEqual(limitsOf(runs), standing);
      assert.equal(runs[0]?.budgets.regression.tolerance, 0.1);
      assert.equal(runs[0]?.budgets.file, 'main:budgets.json');
      assert.deepEqual(changesOf(runs, 'base'), [
        'budgets.json, defaults.errorRate: "2%" in main, "90%" here',
        'budgets.json, defaults.p95: {"limit":"100ms","warn":"90ms"} in main, "9s" here',
        'budgets.json, scenarios.items.endpoints["GET /items"].p50: "50ms" in main, "9s" here',
        'budgets.json, regression.tolerance: "10%" in main, "90%" here',
        'budgets.json, regression.onInconclusive: not set in main, "warn" here',
      ]);
    });
  });

  it('stands where its file is removed, or another one is named or lies nearer', async () => {
    await underGate({ changes: { 'budgets.json': null } }, async ({ prepared }) => {
      const runs = await prepared();
      assert.deepEqual(limitsOf(runs), standing);
      assert.deepEqual(changesOf(runs, 'base'), ['budgets.json: removed']);
    });
    const elsewhere = {
      'lax.json': JSON.stringify({ defaults: { errorRate: '90%' } }),
      'plimsoll.config.json': JSON.stringify({
        store: 'dir',
        budgets: 'lax.json',
        allowHosts: ['example.org'],
      }),
    };
    await underGate({ changes: elsewhere }, async ({ prepared, gate }) => {
      const runs = await prepared();
      assert.deepEqual(limitsOf(runs), standing);
      assert.deepEqual((await gate())?.settings, {
        store: 'git',
        gate: { from: 'base' },
        allowHosts: [],
        serve: undefined,
      });
      assert.deepEqual(changesOf(runs, 'base')?.slice(0, 5), [
        'plimsoll.config.json, store: "git" in main, "dir" here',
        'plimsoll.config.json, gate: {"from":"base"} in main, not set here',
        'plimsoll.config.json, budgets: not set in main, "lax.json" here',
        'plimsoll.config.json, allowHosts: not set in main, ["example.org"] here',
        'lax.json: in place of budgets.json in main',
      ]);
    });
  });

  it('takes a waiver for no stricter limit, and what asks for more for what it is', async () => {
    const until = { until: '2999-01-01', reason: 'later' };
    const own = {
      defaults: { errorRate: { limit: '1.9%', waiver: until }, p95: '80ms', max: '5s' },
      regression: { requireBaseline: true, onInconclusive: 'fail' },
    };
    await underGate({ changes: { 'budgets.json': JSON.stringify(own) } }, async ({ prepared }) => {
      const runs = await prepared();
      assert.deepEqual(limitsOf(runs), [...standing.with(0, 'p95 80'), 'max 5000']);
      const { onInconclusive, requireBaseline } = runs[0]?.budgets ?? {};
      assert.deepEqual([onInconclusive, requireBaseline], ['fail', true]);
    });
  });

  it('says how a scenario loads and what it is called, and lists what it does besides', async () => {
    const other = `name: things
target: http://127.0.0.1:4011
serve: { start: node fake.js --token=s3cret, ready: GET /ready }
seed: 7
load: { model: closed, users: 1, iterations: 3, maxDuration: 30s }
abortOn: { errorRate: 99%, for: 60s }
connections: { reconnect: every request }
steps:
  - request: GET /items
    headers: { authorization: Bearer 0ther-s3cret }
    expect: { status: [200, 500] }
`;
    await underGate({ changes: { 'scenarios/items.yaml': other } }, async ({ prepared }) => {
      const [run] = await prepared();
      assert.deepEqual(
        [run?.plan.scenario, run?.plan.seed, run?.plan.abortOn, run?.plan.transport.reconnect],
        ['items', 1, null, 'asNeeded'],
      );
      assert.ok(run?.plan.load.model === 'closed' && 'iterations' in run.plan.load, 'the load of the base');
      assert.equal(run.plan.serve?.start, 'node fake.js --token=s3cret');
      assert.deepEqual(run.knownAs, {
        file: 'scenarios/items.yaml',
        target: 'http://127.0.0.1:4010',
        subject: { path: 'scenarios/items.yaml', serve: 'node api.js' },
      });
      const file = 'scenarios/items.yaml';
      assert.deepEqual(changesOf([run], 'base'), [
        `${file}, load.users: 4 in main, 1 here`,
        `${file}, load.iterations: 300 in main, 3 here`,
        `${file}, name: "items" in main, "things" here`,
        `${file}, seed: not set in main, 7 here`,
        `${file}, abortOn: not set in main, {"errorRate":"99%","for":"60s"} here`,
        `${file}, connections: not set in main, {"reconnect":"every request"} here`,
      ]);
      assert.deepEqual(changesOf([run], 'head'), [
        `${file}, target: "http://127.0.0.1:4010" in main, "http://127.0.0.1:4011" here`,
        `${file}, serve.start: changed`,
        `${file}, steps[0].headers.authorization: changed`,
        `${file}, steps[0].expect: changed`,
      ]);
    });
  });

  it('says what counts as an answer of a cache, unless the base never looks', async () => {
    const any = 'cache: { header: date, hit: . }\n';
    const cacheOf = async (base: Files, changes: Files) => {
      let signals: unknown;
      await underGate({ base, changes }, async ({ prepared }) => {
        signals = (await prepared())[0]?.plan.signals.map(signal => 'rule' in signal && signal.rule.by);
      });
      return signals;
    };
    const file = 'scenarios/items.yaml';
    const usualHeaders = { [file]: `${scenario}cache: true\n` };
    assert.deepEqual(await cacheOf(usualHeaders, { [file]: `${scenario}${any}` }), ['usualHeaders']);
    assert.deepEqual(await cacheOf({}, usualHeaders), ['usualHeaders']);
  });

  it('judges a duet as well, and loads both sides as the base says', async () => {
    const changes = {
      'budgets.json': JSON.stringify({ regression: { tolerance: '90%' } }),
      'scenarios/items.yaml': scenario.replace('users: 4', 'users: 1'),
    };
    await underGate({ changes }, async ({ cwd, gate }) => {
      const terms = { cwd, env: gitEnv, budgets: 'budgets.json', allowHosts: [], gate: await gate() };
      const source = { kind: 'file', file: 'scenarios/items.yaml' } as const;
      const duet = await prepareDuet(source, sideNames('main', 'HEAD'), terms);
      assert.equal(duet.budgets.regression.tolerance, 0.1);
      assert.match(JSON.stringify(duet.plan.load), /"from":4,"to":4/);
      const changed = duet.gate?.changes.map(change => (change.kind === 'value' ? change.path : change.kind));
      assert.deepEqual(changed, ['defaults', 'scenarios', 'regression.tolerance', 'load.users']);
    });
  });

  it('lists no more than a reader can take in, however much is changed', async () => {
    const endpoints = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`GET /${index}`.padEnd(300, 'x'), { p50: '9s' }]),
    );
    const changes = { 'budgets.json': JSON.stringify({ scenarios: { items: { endpoints } } }) };
    await underGate({ changes }, async ({ gate }) => {
      const listed =
        (await gate())?.changes.map(change => gateChange(change, { name: 'main', commit: '' })) ?? [];
      assert.equal(listed.length, 61);
      assert.equal(listed.at(-1), 'budgets.json: changed');
      assert.ok(
        listed.every(text => text.length < 400),
        'lines of a bounded length',
      );
    });
  });

  it('knows a scenario by its name where its file was moved, and misses one that is gone', async () => {
    const moved = { 'scenarios/items.yaml': null, 'scenarios/a/b.yaml': `name: items\n${scenario}` };
    await underGate({ changes: moved }, async ({ prepared }) => {
      const runs = await prepared('scenarios/a/b.yaml');
      assert.deepEqual(limitsOf(runs), standing);
      assert.deepEqual(changesOf(runs, 'head'), [
        'scenarios/a/b.yaml: in place of scenarios/items.yaml in main',
      ]);
      assert.equal(runs[0]?.knownAs?.file, 'scenarios/items.yaml');
    });
    const renamed = { 'scenarios/items.yaml': null, 'scenarios/things.yaml': scenario };
    await underGate({ changes: renamed }, async ({ gate, cwd }) => {
      const opened = await gate();
      assert.ok(opened, 'no gate');
      await assert.rejects(
        assertNoneGone(opened, ['scenarios/things.yaml'], { cwd, named: [] }),
        (error: Error) => {
          assert.match(
            error.message,
            /^main:scenarios\/items\.yaml: a scenario of the base is not run \[gate/,
          );
          return true;
        },
      );
    });
  });

  it('misses a scenario whose name another one of the base took over', async () => {
    const base = { 'scenarios/slow.yaml': scenario.replace('/items', '/slow') };
    const changes = { 'scenarios/slow.yaml': null, 'scenarios/items.yaml': `name: slow\n${scenario}` };
    await underGate({ base, changes }, async ({ gate, cwd }) => {
      const opened = await gate();
      assert.ok(opened, 'no gate');
      const found = /^PlimsollError: main:scenarios\/slow\.yaml: a scenario of the base is not run/;
      const files = ['scenarios/items.yaml'];
      await assert.rejects(assertNoneGone(opened, files, { cwd, named: [] }), found);
      await assert.rejects(assertNoneGone(opened, files, { cwd, named: ['slow'] }), found);
      await assertNoneGone(opened, files, { cwd, named: ['items'] });
    });
  });

  it('misses the scenario that a command names where a file with another ending is in its place', async () => {
    const json = 'scenarios/items.json';
    for (const [name, isGone] of [
      ['things', true],
      ['items', false],
    ] as const) {
      const changes = { 'scenarios/items.yaml': null, [json]: JSON.stringify({ name }) };
      await underGate({ changes }, async ({ gate, cwd }) => {
        const opened = await gate();
        assert.ok(opened, 'no gate');
        const asserted = assertNoneGone(opened, [json], { cwd, named: ['items'] });
        if (isGone)
          await assert.rejects(asserted, /main:scenarios\/items\.yaml: a scenario of the base is not run/);
        else await asserted;
      });
    }
  });

  it('is not that of a folder that a link leads to in place of the one that the base has', async () => {
    const lax = { 'loose/budgets.json': JSON.stringify({ defaults: { errorRate: '90%' } }) };
    const base = { ...lax, 'perf/budgets.json': usual['budgets.json'] };
    for (const [target, folder] of [
      ['loose', 'perf'],
      ['.', 'perf'],
      ['.', 'perf/loose'],
    ] as const) {
      await underGate({ base, changes: { 'perf/budgets.json': null } }, async ({ code }) => {
        const link = join(code.folder, 'perf');
        await rm(link, { recursive: true, force: true });
        await symlink(target, link);
        code.run('add', '--all');
        const env = { ...gitEnv, GITHUB_BASE_REF: 'main' };
        const own = { settings: await readSettings(code.folder), budgets: 'budgets.json' };
        const cwd = await realpath(join(code.folder, folder));
        await assert.rejects(
          openGate({ cwd, env, from: 'base', budgets: undefined, own }),
          /perf: the gate of the base cannot be read \[gate\.no-base\]\n {2}found {5}a link in place of what main has/,
        );
      });
    }
  });

  it('fails before any load where a limit of the base has nothing to measure any more', async () => {
    const changes = { 'scenarios/items.yaml': scenario.replace('GET /items', 'GET /health') };
    await underGate({ changes }, async ({ prepared }) => {
      await assert.rejects(prepared(), (error: Error) => {
        assert.match(
          error.message,
          /main:budgets\.json:\d+:\d+: scenarios\.items\.endpoints\["GET \/items"\]/,
        );
        assert.match(error.message, /instead {3}what the limits of main need; or change them first/);
        return true;
      });
    });
  });

  it('is not read into memory where a file of the base is larger than any that is read', async () => {
    const large = `${JSON.stringify({ defaults: { errorRate: '2%' } })}${' '.repeat(11 * 1024 * 1024)}`;
    await underGate({ base: { 'budgets.json': large }, changes: {} }, async ({ gate }) => {
      await assert.rejects(gate(), (error: unknown) => {
        assert.ok(error instanceof PlimsollError, String(error));
        assert.deepEqual(error.problems, [
          {
            ...{ code: 'file.too-large', where: 'main:budgets.json' },
            ...{ found: '12 MB', expected: 'at most 10 MB' },
          },
        ]);
        return true;
      });
    });
  });

  it('lists changed workflows, data and expected schemas', async () => {
    const base = {
      'scenarios/items.yaml': `${scenario}    expect: { schema: ../item.json }\ndata: { ids: { file: ids.csv } }\n`,
      'scenarios/ids.csv': 'id\n1\n',
      'item.json': '{"type":"string"}',
    };
    const changes = {
      'scenarios/ids.csv': 'id\n2\n',
      'item.json': '{}',
      '.github/workflows/perf.yml': 'on: push\n',
      '.github/workflows/more.yml': 'on: push\n',
      'reports/runs/forged.json': '{}',
      'README.md': 'new',
    };
    await underGate({ base, changes }, async ({ prepared }) => {
      assert.deepEqual(changesOf(await prepared(), 'head'), [
        'reports/runs: changed',
        '.github/workflows/more.yml: added',
        '.github/workflows/perf.yml: changed',
        'item.json: changed',
        'scenarios/ids.csv: changed',
      ]);
    });
  });

  it('still wants files of the pull request that are right', async () => {
    await underGate({ changes: { 'budgets.json': '{ "defaults": { "p95": 1 } }' } }, async ({ prepared }) => {
      await assert.rejects(prepared(), /budgets\.json:1:\d+: defaults\.p95: /);
    });
    const broken = scenario.replace('users: 4', 'users: many');
    await underGate({ changes: { 'scenarios/items.yaml': broken } }, async ({ prepared }) => {
      await assert.rejects(prepared(), /^PlimsollError: scenarios\/items\.yaml:3:\d+: load\.users/);
    });
  });

  it('changes nothing where the pull request changes nothing of it', async () => {
    await underGate({ changes: { 'api.js': '' } }, async ({ prepared }) => {
      const runs = await prepared();
      assert.deepEqual(runs[0]?.gate?.changes, []);
      assert.deepEqual(limitsOf(runs), standing);
    });
  });
});

describe('whose gate judges', () => {
  const changes = { 'plimsoll.config.json': JSON.stringify({ gate: { from: 'head' } }) };
  const unasked = { 'plimsoll.config.json': '{}' };
  const asks = { 'plimsoll.config.json': JSON.stringify({ gate: { from: 'base' } }) };
  /** The name of the base whose gate judges; null where the checkout's own does. */
  const judging = async (about: Change, terms: CloneTerms = {}) => {
    let name: string | null = null;
    const look = async ({ gate }: Checkout) => {
      name = (await gate())?.base.name ?? null;
    };
    await inClone(about, look, terms);
    return name;
  };

  it('is for the base to say, not for the pull request', async () => {
    assert.equal(await judging({ changes }), 'main');
    assert.equal(await judging({ base: unasked, changes }), null);
    assert.equal(await judging({ base: unasked, changes: asks }), 'main');
  });

  it('is for the command to say above all', async () => {
    const all = { base: unasked, changes: unasked };
    assert.equal(await judging(all, { from: 'base' }), 'main');
    assert.equal(await judging({ changes }, { from: 'head' }), null);
    assert.equal(await judging(all, { env: gitEnv, from: 'HEAD~1', depth: 9 }), 'HEAD~1');
  });

  it('is the checkout outside of a pull request', async () => {
    assert.equal(await judging({ changes: asks }, { env: gitEnv }), null);
    assert.equal(await judging({ changes: asks }, { env: gitEnv, from: 'base' }), null);
  });

  it('is the branch of a merge queue as well', async () => {
    const env = { ...gitEnv, CI: 'true', GITHUB_REF: 'refs/heads/gh-readonly-queue/main/pr-7-0f1e2d' };
    assert.equal(await judging({ changes }, { env }), 'main');
  });

  it('is the tip of the base as the remote has it now, wherever the pull request begins', async () => {
    await inClone({ changes }, async ({ code, gate }) => {
      const head = code.run('rev-parse', 'HEAD');
      code.run('update-ref', 'refs/remotes/origin/main', head);
      const { commit } = (await gate())?.base ?? {};
      assert.notEqual(commit, head, 'a ref that the pull request may have moved');
      assert.equal(commit, code.run('ls-remote', 'origin', 'refs/heads/main').split('\t')[0]);
    });
  });

  it('is never silently the checkout where the base cannot be read', async () => {
    await inClone({ changes: {} }, async ({ code, gate }) => {
      code.run('remote', 'set-url', 'origin', 'file:///nowhere.git');
      await assert.rejects(gate(), (error: Error) => {
        assert.ok(error instanceof PlimsollError, String(error));
        assert.match(
          error.message,
          /^main: the gate of the base cannot be read \[gate\.no-base\]\n {2}found {5}git fetch failed/,
        );
        assert.match(error.message, /fetch-depth: 0/);
        return true;
      });
      code.run('remote', 'remove', 'origin');
      await assert.rejects(gate(), /found {5}no such branch here/);
    });
  });
});
