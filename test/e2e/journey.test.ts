import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import Database from 'libsql';
import { root, until, type Workspace, workspace } from './plimsoll.ts';

/** `JOURNEYS=10000 node --import tsx test/run.ts all e2e/journey` makes as many as somebody wants to see. */
const journeys = Number(process.env.JOURNEYS ?? 400);

/** The reference backend on a port of its own, and a question to its database. */
async function backend(t: TestContext, space: Workspace) {
  const seed = join(space.folder, 'bills.db');
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    cwd: join(root, 'examples', 'bills-api'),
    env: { ...process.env, HOST: '', PORT: '0', LOG_LEVEL: 'info', BILLS_DB: seed },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  let log = '';
  let url = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    if (url === '') log += text;
  });
  await until(() => {
    url = /Server listening at (http:[^"]+)/.exec(log)?.[1] ?? '';
    return url !== '';
  });
  const copy = readdirSync(dirname(seed)).find(name => name.startsWith(`${basename(seed)}.run-`)) ?? '';
  const count = (sql: string): number => {
    const database = new Database(join(dirname(seed), copy, basename(seed)), { readonly: true });
    try {
      return (database.prepare(sql).get() as { readonly n: number }).n;
    } finally {
      database.close();
    }
  };
  return { url, count };
}

describe('a journey of several steps', () => {
  test('is made by each user from its first step to its last, and what it sent is what the API has', async t => {
    const space = await workspace();
    t.after(() => space.dispose());
    const { url, count } = await backend(t, space);
    const users = readFileSync(join(root, 'scenarios', 'data', 'users.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const rows = Array.from({ length: journeys }, (_, index) => {
      const username = users[index % users.length]?.split(',')[1];
      return `${username},${index + 1}`;
    });
    await space.write('votes.csv', `username,bill\n${rows.join('\n')}\n`);
    await space.write(
      'vote.yaml',
      `name: vote
target: ${url}
load: { model: closed, users: 20, iterations: ${journeys}, maxDuration: 5m }
defaults: { timeout: 30s, headers: { accept: application/json } }
data:
  votes: { file: votes.csv, pick: sequential }
journeys:
  - name: vote
    steps:
      - request: 'GET /api/users?username={{votes.username}}'
        expect: { status: 200, json: { $.username: '{{votes.username}}' } }
        capture: { user: $.id }
      - request: GET /api/bills?page=1&limit=5
        expect: { status: 200, json: { $.data: { length: 5 } } }
        capture: { newest: '$.data[0].id' }
      - request: 'GET /api/bills/{{newest}}'
        endpoint: GET /api/bills/:id
        expect: { status: 200, json: { $.id: '{{newest}}' } }
      - request: POST /api/votes
        headers: { content-type: application/json }
        body: '{"userId": {{user}}, "billId": {{votes.bill}}, "choice": "abstain"}'
        expect: { status: [200, 201], json: { $.userId: '{{user}}', $.billId: '{{votes.bill}}' } }
      - request: 'GET /api/bills/{{votes.bill}}/votes'
        endpoint: GET /api/bills/:id/votes
        expect: { status: 200, json: { '$.data[0].userId': '{{user}}', '$.data[0].choice': abstain } }
`,
    );
    await space.write('budgets.json', { defaults: { p50: '20s', errorRate: '0%', checks: '100%' } });
    const newest = () => count('SELECT MAX(cast_at) AS n FROM votes');
    const before = newest();
    const ended = await space.run(['run', 'vote.yaml', '--workers', '2']);
    const [run] = (await space.summary()).runs;
    assert.deepEqual([run?.completion, run?.total.failures], ['complete', {}], ended.stdout);
    assert.equal(run?.total.requests, 5 * journeys);
    for (const [endpoint, { ok }] of Object.entries(run?.endpoints ?? {}))
      assert.equal(ok, journeys, endpoint);
    const checks = run?.findings.find(({ metric }) => metric === 'checks');
    assert.equal(checks?.observed, 1, ended.stdout);
    assert.equal(count(`SELECT COUNT(*) AS n FROM votes WHERE cast_at > ${before}`), journeys);
  });
});
