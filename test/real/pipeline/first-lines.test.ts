import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { runPrepared } from '../../../src/pipeline/run/run.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { startValueServer } from '../engine/value-server.ts';

/** What a person reads of a run of 100 requests: the verdict, the first lines of each report, and all of them. */
async function readingOf(t: TestContext, url: string, steps: string, budgets: object | null = null) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-lines-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const load = 'load: { model: closed, users: 2, iterations: 100, maxDuration: 20s }';
  await writeFile(join(cwd, 'a.yaml'), `name: a\ntarget: ${url}\n${load}\n${steps}\n`);
  if (budgets !== null) await writeFile(join(cwd, 'limits.json'), JSON.stringify(budgets));
  const env = { PATH: process.env.PATH };
  const [prepared] = await prepareRuns([{ kind: 'file', file: 'a.yaml' }], {
    cwd,
    env,
    budgets: budgets === null ? null : 'limits.json',
    allowHosts: [],
  });
  assert.ok(prepared, 'the scenario can be run');
  const run = await runPrepared(prepared, { cwd, env, out: join(cwd, 'reports'), command: 'plimsoll run' });
  const texts = (['terminal', 'markdown'] as const).map(format => runsIn([run], format));
  const beginnings = texts.map(text => text.split('\n').slice(0, 8).join(' ').replaceAll(/\s+/g, ' '));
  return { verdict: run.judgement.verdict, texts, beginnings };
}

describe('the first lines of a report', () => {
  const redirects = 'All 100 answers of GET /x were redirects (302)';

  test('say that an API only redirects, and by which budgets it was judged', async t => {
    const { url } = await startValueServer(t, (_, response) => {
      response.writeHead(302, { location: '/login' }).end();
    });
    const { beginnings, texts } = await readingOf(t, url, 'steps: [GET /x]', { defaults: { p95: '5s' } });
    for (const beginning of beginnings) assert.ok(beginning.includes(redirects), beginning);
    for (const text of texts) {
      assert.match(text, /Answers by status: 302 × 100\./);
      assert.match(text, /budgets: `?limits\.json/);
    }
  });

  test('say nothing of redirects that the scenario expects, nor of budgets that nobody wrote', async t => {
    const { url } = await startValueServer(t, (_, response) => {
      response.writeHead(302, { location: '/login' }).end();
    });
    const { texts } = await readingOf(t, url, 'steps: [{ request: GET /x, expect: { status: 302 } }]');
    for (const text of texts) {
      assert.doesNotMatch(text, /redirects/);
      assert.match(text, /Answers by status: 302 × 100\./);
      assert.match(text, /budgets: no budgets file found/);
    }
  });

  test('count errors of GraphQL that come with the status 200', async t => {
    let asked = 0;
    const { url } = await startValueServer(t, (_, response) => {
      asked += 1;
      const isWrong = asked % 4 === 0;
      response.end(isWrong ? '{"errors":[{"message":"no such bill"}],"data":null}' : '{"data":{}}');
    });
    const steps = "steps: [{ request: POST /graphql, json: { query: '{ bills { id } }' } }]";
    const { beginnings, texts } = await readingOf(t, url, steps);
    for (const beginning of beginnings) {
      assert.match(
        beginning,
        /25 of 100 answers of POST \/graphql that were looked at hold GraphQL errors and count as ok \(the first: .*no such bill/,
      );
    }
    for (const text of texts) assert.doesNotMatch(text, /Answers by status/);
  });

  test('name no secret of an error of GraphQL', async t => {
    const { url } = await startValueServer(t, (_, response) => {
      response.end('{"errors":[{"message":"bad token hunter2-hunter2"}]}');
    });
    const steps = `defaults: { headers: { authorization: Bearer hunter2-hunter2 } }
steps: [{ request: POST /graphql, json: { query: '{ bills { id } }' } }]`;
    const { beginnings, texts } = await readingOf(t, url, steps);
    for (const beginning of beginnings) assert.match(beginning, /100 of 100 answers .*bad token/);
    for (const text of texts) assert.doesNotMatch(text, /hunter2/);
  });
});
