import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { freePorts } from '../../src/launch/process/port.ts';
import { measured, root, type Workspace, workspace } from './plimsoll.ts';

/** A short load of a fixed count, so that no machine is too slow for it. */
const load = '{ model: closed, users: 5, iterations: 100, maxDuration: 2m }';

let here: Workspace;
before(async () => {
  here = await workspace();
});
after(() => here.dispose());

/** What a journey against a server of npm came to, which the scenario starts; null on a machine that is always too busy. */
async function loaded(t: TestContext, server: string, ready: string, steps: string) {
  const [port] = await freePorts(1);
  const start = JSON.stringify(`${process.execPath} ${join(root, 'test', 'e2e', 'servers', server)}`);
  await here.write(
    'scenario.yaml',
    `target: http://127.0.0.1:${port}
serve: { start: ${start}, ready: ${ready}, timeout: 2m }
load: ${load}
defaults: { timeout: 60s }
${steps}`,
  );
  const ended = await measured(t, () => here.run(['run', 'scenario.yaml', '--quiet']));
  if (ended === null) return null;
  const [run] = (await here.summary()).runs;
  const endpoints = Object.entries(run?.endpoints ?? {}).map(
    ([name, { requests, ok, statuses }]) => [name, requests, ok, statuses] as const,
  );
  return { ...ended, endpoints, failures: run?.total.failures };
}

describe('servers that nobody here wrote are loaded with a journey each:', () => {
  it('json-server behind a login', async t => {
    const run = await loaded(
      t,
      'json-server.mjs',
      'GET /health',
      `steps:
  - { request: GET /bills, expect: { status: 401 }, endpoint: GET /bills without a token }
  - { request: POST /login, json: { user: me, password: correct horse }, capture: { token: $.token } }
  - request: GET /bills?_page=1&_limit=5
    headers: { authorization: 'Bearer {{token}}' }
    capture: { bill: '$[2].id' }
  - { request: 'GET /bills/{{bill}}', headers: { authorization: 'Bearer {{token}}' }, endpoint: GET /bills/:id }
`,
    );
    if (run === null) return;
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(run.endpoints, [
      ['GET /bills without a token', 100, 100, { 401: 100 }],
      ['POST /login', 100, 100, { 200: 100 }],
      ['GET /bills', 100, 100, { 200: 100 }],
      ['GET /bills/:id', 100, 100, { 200: 100 }],
    ]);
  });

  it('verdaccio with a scoped package', async t => {
    const run = await loaded(
      t,
      'verdaccio.mjs',
      'GET /@acme%2fship',
      `steps:
  - { request: 'GET /-/v1/search?text=ship', capture: { name: '$.objects[0].package.name' } }
  - request: 'GET /{{name}}'
    endpoint: GET /:name
    headers: { accept: application/vnd.npm.install-v1+json }
    capture: { version: "$['dist-tags'].latest" }
  - { request: 'GET /{{name}}/-/ship-{{version}}.tgz', endpoint: GET a tarball }
`,
    );
    if (run === null) return;
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(run.endpoints, [
      ['GET /-/v1/search', 100, 100, { 200: 100 }],
      ['GET /:name', 100, 100, { 200: 100 }],
      ['GET a tarball', 100, 100, { 200: 100 }],
    ]);
  });

  const query = `{ query: 'query($n: Int!) { bills(limit: $n) { id title } }', variables: { n: 5 } }`;
  const vote = (id: string) =>
    `{ query: 'mutation($id: ID!) { vote(id: $id) { id votes } }', variables: { id: '${id}' } }`;

  it('a GraphQL server by query and mutation', async t => {
    const run = await loaded(
      t,
      'graphql.mjs',
      'GET /health',
      `steps:
  - request: POST /graphql
    endpoint: bills
    json: ${query}
    headers: { accept: application/json }
    expect: { graphql: ok }
    capture: { bill: '$.data.bills[2].id' }
  - request: POST /graphql
    endpoint: vote
    json: ${vote('{{bill}}')}
    headers: { accept: application/json }
    expect: { graphql: ok }
    capture: { votes: $.data.vote.votes }
  - request: POST /graphql
    endpoint: vote for nothing
    json: ${vote('none')}
    headers: { accept: application/json }
    expect: { graphql: ok }
`,
    );
    if (run === null) return;
    assert.equal(run.code, 1, 'errors in answers of status 200 are failures');
    assert.deepEqual(run.endpoints, [
      ['bills', 100, 100, { 200: 100 }],
      ['vote', 100, 100, { 200: 100 }],
      ['vote for nothing', 100, 0, { 200: 100 }],
    ]);
    assert.deepEqual(run.failures, { check: 100 });
  });
});
