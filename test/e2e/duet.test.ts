import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gitEnv, newRepository, type Repository } from '../real/store/repository.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { measured, until, type Workspace, workspace } from './plimsoll.ts';

/** For these tests alone: any other command clears away what a killed one left where it looks for it. */
const temporary = mkdtempSync(join(tmpdir(), 'plimsoll-duets-'));
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));

const env = {
  ...gitEnv,
  CI: undefined,
  GITHUB_ACTIONS: undefined,
  GITHUB_BASE_REF: undefined,
  TMPDIR: temporary,
};

/** An API that answers after some milliseconds, of which every tenth request takes four times as many. */
const api = (delayMs: number, more = '') => `
const { createServer } = require('node:http');
let count = 0;
const server = createServer((request, response) => {
  count += 1;
  ${more}
  setTimeout(() => response.end('{}'), count % 10 === 0 ? ${4 * delayMs} : ${delayMs});
});
server.listen(Number(process.env.PORT), process.env.HOST, () => console.log('pid', process.pid));
`;

const scenario = `name: letters
target: http://127.0.0.1:4010
serve: { build: node --check api.cjs, start: exec node api.cjs, ready: GET /ready, timeout: 5s }
load: { model: open, stages: [{ duration: 2s, rate: 500/s }] }
steps: [GET /letters]
`;

/** Short starts, so that ten of them take twenty seconds: each has 150 requests a side, and p95 needs 100. */
const short = ['--slot', '50ms', '--pairs', '6'];

/** The folders of duets of this repository. */
function workspacesOf(folder: string): readonly string[] {
  return readdirSync(temporary)
    .filter(name => name.startsWith('plimsoll-workspace-'))
    .map(name => join(temporary, name))
    .filter(workspace => textOf(join(workspace, 'note.json')).includes(folder));
}

/** The servers that run in worktrees of this repository. */
function serversOf(folder: string): readonly string[] {
  const workspaces = workspacesOf(folder);
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => textOf(`/proc/${pid}/cmdline`).includes('api.cjs'))
    .filter(pid => workspaces.some(workspace => textOf(`/proc/${pid}/environ`).includes(`PWD=${workspace}`)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

interface DuetSummary {
  readonly verdict: string;
  readonly exitCode: number;
  readonly endReasonCode: string | null;
  readonly units: { readonly measured: number };
  readonly findings: readonly { readonly status: string; readonly reasonCode: string }[];
}

describe('plimsoll duet of two commits', () => {
  let here: Workspace;
  let repository: Repository;
  const commits: { [name: string]: string } = {};

  before(async () => {
    here = await workspace();
    repository = newRepository(here.folder);
    await here.write('.gitignore', 'reports\n');
    await here.write('scenarios/letters.yaml', scenario);
    await here.write(
      'scenarios/keyed.yaml',
      scenario
        .replace('start: exec', `start: 'KEY=\${KEY} exec`)
        .replace('api.cjs, ready', "api.cjs', ready"),
    );
    const versions = {
      base: api(4),
      slow: api(8),
      broken: 'this is no script',
      ending: api(4, "if (count === 400) { console.error('out of letters'); process.exit(7); }"),
      ended: "console.error('no stamps'); process.exit(3);",
      silent: 'setInterval(() => {}, 1000);',
      leaking: "console.error('key ' + process.env.KEY); process.exit(3);",
    };
    for (const [name, text] of Object.entries(versions)) {
      await writeFile(join(here.folder, 'api.cjs'), text);
      repository.run('add', '--all');
      repository.run('commit', '--quiet', `--message=${name}`);
      commits[name] = repository.run('rev-parse', 'HEAD');
    }
  });
  after(() => here.dispose());

  const duet = (base: string, head: string, ...more: string[]) => [
    'duet',
    'letters',
    '--base',
    commits[base] ?? base,
    '--head',
    commits[head] ?? head,
    ...short,
    ...more,
  ];

  const summary = async () => JSON.parse(await here.read('reports/duet.json')) as DuetSummary;

  /** Nothing that a duet of this repository made is left: worktrees, folders, servers. */
  const assertClean = async () => {
    assert.equal(repository.run('worktree', 'list').split('\n').length, 1, 'a worktree is left');
    await until(() => serversOf(here.folder).length === 0);
    assert.deepEqual(workspacesOf(here.folder), [], 'a folder is left');
  };

  it('accuses a head that is twice as slow, says by how much, and leaves nothing behind', async t => {
    const ended = await measured(t, () => here.run(duet('base', 'slow'), env));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /FAIL/);
    assert.match(stdout, /GET \/letters +p50 /);
    assert.match(stderr, /^base {2}checking out [\da-f]{10}$/m, 'a log shows what is done');
    assert.match(stderr, /^1 restart, 0 of \d+ settled, next look after 10 in .+, at most .+ to go$/m);
    const { verdict, units } = await summary();
    assert.equal(verdict, 'fail');
    assert.ok(units.measured >= 10, `${units.measured} restarts: fewer than ten never fail`);
    assert.match(await here.read('reports/duet.md'), /GET \/letters/);
    assert.ok(readdirSync(join(here.folder, 'reports', 'duets')).length > 0, 'the record is kept');
    assert.match(await here.read('reports/logs/duet-head.log'), /pid \d+/);
    await assertClean();
  });

  it('does not accuse a commit of being slower than itself', async () => {
    const { code, stdout, stderr } = await here.run(duet('base', 'base', '--json', '-'), env);
    const told = JSON.parse(stdout) as DuetSummary;
    // A machine that is too busy to send in time is no reason to accuse either.
    const isTooBusy = told.verdict === 'invalid' && told.endReasonCode === 'spoiled';
    assert.ok(isTooBusy || ['pass', 'inconclusive'].includes(told.verdict), stdout + stderr);
    assert.equal(code, isTooBusy ? 3 : 0, stdout + stderr);
    assert.match(stdout, /compares a build with itself/);
    await assertClean();
  });

  it('names a ref that does not exist: exit 2, and the earlier report stays', async () => {
    await mkdir(join(here.folder, 'reports'), { recursive: true });
    await writeFile(join(here.folder, 'reports', 'duet.md'), 'of an hour ago');
    const { code, stderr } = await here.answer(duet('base', 'no-such-branch'), env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /no-such-branch/);
    assert.equal(await here.read('reports/duet.md'), 'of an hour ago');
    await assertClean();
  });

  it('tells the last lines of a build that fails: exit 2', async () => {
    const { code, stderr } = await here.run(duet('base', 'broken'), env);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /node --check api\.cjs/);
    assert.match(stderr, /SyntaxError/);
    await assertClean();
  });

  it('tells the last lines of a server that ends before it is ready: exit 3', async () => {
    const { code, stderr } = await here.run(duet('base', 'ended'), env);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /no stamps/);
    // The folder in which it ran is gone by now.
    const [advice = ''] = /^ +instead .*/m.exec(stderr) ?? [];
    assert.match(advice, /git worktree add \S+ [0-9a-f]{10} && cd \S+ && node /);
    assert.doesNotMatch(advice, /plimsoll-workspace-/);
    await assertClean();
  });

  it('keeps secrets out of what it tells of a server', async () => {
    const args = duet('base', 'leaking').map(arg => (arg === 'letters' ? 'keyed' : arg));
    const { code, stdout, stderr } = await here.run(args, { ...env, KEY: 'opensesame' });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /key /);
    assert.doesNotMatch(stdout + stderr, /opensesame/);
    await assertClean();
  });

  it('says that a commit is compared with itself, and refuses where uncommitted changes are meant', async () => {
    const file = join(here.folder, 'scenarios', 'letters.yaml');
    await writeFile(file, `${scenario}# changed\n`);
    const { code, stderr } = await here.answer(duet('HEAD', 'HEAD'), env);
    await writeFile(file, scenario);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /uncommitted changes are in neither/);
    await assertClean();
  });

  it('gives up a server that never gets ready: exit 3', async () => {
    const { code, stderr } = await here.run(duet('base', 'silent'), env);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /GET http:\/\/127\.0\.0\.1:\d+\/ready/);
    await assertClean();
  });

  it('tells the last lines of a server that ends in mid-duet: exit 3', async () => {
    const { code, stdout, stderr } = await here.run(duet('base', 'ending'), env);
    assert.equal(code, 3, stdout + stderr);
    assert.match(stdout, /the server of head ended/);
    assert.match(stdout, /out of letters/);
    await assertClean();
  });

  it('stops at Ctrl-C: exit 130, what was measured is told, and nothing is left', async () => {
    const started = here.start(duet('base', 'base'), env);
    await until(() => serversOf(here.folder).length === 2, 60);
    started.process.kill('SIGINT');
    const { code } = await started.ended;
    assert.equal(code, 130);
    await assertClean();
  });

  it('clears away what a killed duet left, before it begins', async () => {
    const killed = here.start(duet('base', 'base'), env);
    await until(() => serversOf(here.folder).length === 2, 60);
    killed.process.kill('SIGKILL');
    await killed.ended;
    assert.ok(workspacesOf(here.folder).length > 0, 'a killed duet leaves its folder');
    const next = await here.run(duet('base', 'broken'), env);
    assert.equal(next.code, 2, next.stderr);
    assert.match(next.stderr, /note: /);
    await assertClean();
  });
});

describe('plimsoll duet of two URLs', () => {
  let here: Workspace;
  const targets: ScriptedTarget[] = [];
  before(async () => {
    here = await workspace();
    await here.write('scenarios/letters.yaml', scenario);
    for (const delayMs of [20, 60]) targets.push(await startTarget({ '/letters': { delayMs } }));
  });
  after(async () => {
    for (const target of targets) await target.stop();
    await here.dispose();
  });

  it('fails a head that is slower by more than starts may make', async t => {
    const [base, head] = targets.map(({ url }) => url) as [string, string];
    const args = ['duet', 'letters', '--base', base, '--head', head, ...short];
    const ended = await measured(t, () => here.run(args, env));
    if (ended === null) return;
    const { code, stdout, stderr } = ended;
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /more than the starts of two instances of one build may make/);
    const { verdict, findings } = JSON.parse(await here.read('reports/duet.json')) as DuetSummary;
    assert.equal(verdict, 'fail');
    const reasons = findings.filter(({ status }) => status === 'fail').map(({ reasonCode }) => reasonCode);
    assert.deepEqual([...new Set(reasons)], ['worseThanStarts']);
    const folder = join(here.folder, 'reports', 'duets');
    const [file = ''] = readdirSync(folder);
    const { restarts } = JSON.parse(textOf(join(folder, file))) as {
      restarts: readonly { readonly warmUpMs: number; readonly isWarm: boolean }[];
    };
    const [first, ...later] = restarts;
    assert.deepEqual([...new Set(later.map(({ warmUpMs }) => warmUpMs))], [200], 'only to connect');
    assert.ok((first?.warmUpMs ?? 0) > 200, 'warmed up once');
    assert.deepEqual([...new Set(restarts.map(({ isWarm }) => isWarm))], [first?.isWarm]);
  });

  it('refuses a URL beside a ref, and the same URL twice: exit 2', async () => {
    const { url } = targets[0] as ScriptedTarget;
    for (const [base, head] of [
      [url, 'HEAD'],
      [url, url],
    ]) {
      const { code, stderr } = await here.answer([
        'duet',
        'letters',
        '--base',
        base ?? '',
        '--head',
        head ?? '',
      ]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /--base, --head/);
    }
  });
});
