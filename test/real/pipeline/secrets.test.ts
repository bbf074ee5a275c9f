import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { dryRun, prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { runPrepared } from '../../../src/pipeline/run/run.ts';
import { dryRunDocument } from '../../../src/report/document/subject/dry-run-document.ts';
import { renderers } from '../../../src/report/render/renderers.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { freePort } from '../../target/free-port.ts';

const secrets = {
  S_START: 'STARTsecret/1+1',
  S_READY: 'READYsecret2',
  S_HEADER: 'HEADERsecret3',
  S_PATH: 'PATHsecret~4/x',
  S_QUERY: 'QUERYsecret5&x',
  S_BEARER: 'BEARERsecret6',
  S_BODY: 'BODYsecret"7',
  S_JSON: 'JSONsecret8',
  TARGET_TOKEN: 'TARGETsecret9',
};

/** Says back whatever it is sent, in an id and as a key of its answer, and writes it to its log in several forms. */
const echo = `
const http = require('node:http');
const log = (...texts) => console.log(texts.join(' '));
log('ENV', process.env.S_START, process.argv.slice(2).join(' '));
http.createServer((request, response) => {
  let body = '';
  request.on('data', part => (body += part));
  request.on('end', () => {
    log(request.url, JSON.stringify(request.headers), body);
    if (request.url.startsWith('/health')) return response.end('ok');
    if (request.url.endsWith('/login')) {
      const value = { token: 'CAPTUREDtoken1', nested: { session: 'CAPTUREDsession2' }, plain: 'CAPTUREDplain3' };
      return response.end(JSON.stringify(value));
    }
    const text = [request.url, request.headers.authorization, request.headers['x-plain'], body].join(' ');
    log(Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex'));
    response.setHeader('x-request-id', ('y'.repeat(400) + ' ' + text + text).replace(/[^ -~]/g, '?'));
    response.end(JSON.stringify({ [text]: 'x' }));
  });
}).listen(Number(process.env.PORT), '127.0.0.1');`;

const numbers = 'expect: { schema: numbers.json }';
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: what the environment fills in
const scenario = (port: number) => `target: http://127.0.0.1:${port}/v/\${TARGET_TOKEN}
serve: { start: "S_START=$S_START exec node echo.cjs --pw=\${S_START}", ready: "GET /health?v=\${S_READY}", timeout: 20s }
load: { model: open, stages: [{ duration: 500ms, rate: 4/s }] }
defaults: { headers: { x-plain: "\${S_HEADER}" } }
data: { u: { file: users.csv } }
steps:
  - { request: GET /login, capture: { tok: $.token, sess: $.nested.session, other: $.plain } }
  - request: "GET /p/\${S_PATH}/x?q=\${S_QUERY}&access_token=LITERALtoken1"
    headers: { authorization: "Bearer \${S_BEARER}", x-api-key: LITERALkey2 }
    ${numbers}
  - request: "GET /u/{{u.password}}?a={{u.password}}&b={{u.apikeyval}}&c={{tok}}&pw={{u.by_use}}"
    headers: { authorization: "Bearer {{other}}", x-plain: "{{sess}}" }
    ${numbers}
  - { request: POST /b, body: "plain \${S_BODY} {{u.password}} {{tok}}", headers: { authorization: "Basic bWU6QkFTSUNwYXNz" }, ${numbers} }
  - { request: POST /c, headers: { x-plain: "BASICpass {{u.by_use}} {{other}}" }, ${numbers} }
  - request: POST /j
    json: { v: "\${S_JSON}", password: LITERALjson3, deep: { secret: [LITERALjson4] }, inner: ["{{u.password}}", "{{tok}}", "LITERALjson3"] }
    ${numbers}
`;
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: end

/** What no text may hold: the distinctive part of each secret, in the forms that the server gives it. */
const hidden = [
  ...Object.values(secrets).map(value => value.match(/[A-Za-z]+secret/)?.[0] ?? ''),
  ...[
    'LITERALtoken',
    'LITERALkey',
    'LITERALjson',
    'CAPTURED',
    'CSVpass',
    'CSVkey',
    'CSVuse',
    'BASICpass',
    'bWU6QkFTSUNwYXNz',
  ],
].flatMap(word => [word, Buffer.from(word).toString('hex')]);

function assertNoSecret(text: string, what: string): void {
  for (const word of hidden) {
    const at = text.indexOf(word);
    assert.equal(at, -1, `${what} holds ${word}: ${text.slice(Math.max(0, at - 60), at + 80)}`);
  }
  // Base64 hides a word from the eye, not from anyone who can read it.
  for (const run of text.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
    for (const skipped of [0, 1, 2, 3]) {
      const decoded = Buffer.from(run.slice(skipped), 'base64').toString('latin1');
      for (const word of hidden)
        assert.ok(!decoded.includes(word), `${what} holds ${word} in base64: ${run}`);
    }
  }
}

test('no secret of a scenario, its data, its captures or its bodies is written anywhere, echoed or not', async t => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, 'echo.cjs'), echo);
  await writeFile(join(cwd, 'numbers.json'), '{"type":"object","additionalProperties":{"type":"number"}}');
  await writeFile(
    join(cwd, 'users.csv'),
    'user,password,apikeyval,by_use\nalice,CSVpass~1/1,CSVkey222,CSVuse333\n',
  );
  await writeFile(join(cwd, 'a.yaml'), scenario(await freePort()));
  const env = { PATH: process.env.PATH, ...secrets };
  const [prepared] = await prepareRuns([{ kind: 'file', file: 'a.yaml' }], {
    cwd,
    env,
    budgets: null,
    allowHosts: [],
  });
  assert.ok(prepared, 'the scenario can be run');
  const dry = dryRunDocument([dryRun(prepared)]);
  for (const format of ['terminal', 'markdown', 'json'] as const) {
    assertNoSecret(renderers[format].render(dry), `the dry run in ${format}`);
  }
  const told: string[] = [];
  const run = await runPrepared(prepared, {
    cwd,
    env,
    out: cwd,
    command: 'plimsoll run a.yaml',
    onEvent: event => told.push(JSON.stringify(event)),
  });
  const { failureSamples, slowest } = run.record.measurement;
  assert.ok(failureSamples.length >= 5 && slowest.length >= 5, 'there is something to hide');
  assertNoSecret(told.join('\n'), 'what is told on the way');
  assertNoSecret(await readFile(run.file ?? '', 'utf8'), 'the record');
  assertNoSecret(await readFile(join(cwd, 'logs', 'a.log'), 'utf8'), "the API's log");
  for (const format of ['terminal', 'markdown', 'json'] as const) {
    assertNoSecret(runsIn([run], format), `the report in ${format}`);
  }
});

test('a data file that is no CSV is told without its values', async t => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const text = 'target: http://127.0.0.1:1\nload: { model: open, stages: [{ duration: 1s, rate: 1/s }] }\n';
  await writeFile(join(cwd, 'a.yaml'), `${text}data: { u: { file: u.csv } }\nsteps: ['GET /{{u.user}}']\n`);
  for (const csv of [
    'user,password\nalice,"CSVpass" CSVpass\n',
    'user,password\nalice,CSVpass"CSVpass"\n',
    'user,password\nalice,"CSVpass\n',
    'CSVpass,CSVpass\nalice,CSVpass\n',
    'user,password\nCSVpass\n',
  ]) {
    await writeFile(join(cwd, 'u.csv'), csv);
    const options = { cwd, env: {}, budgets: null, allowHosts: [] };
    await assert.rejects(prepareRuns([{ kind: 'file', file: 'a.yaml' }], options), (error: Error) => {
      assert.ok(error instanceof PlimsollError, String(error));
      assert.match(error.message, /u\.csv/);
      assertNoSecret(error.message, 'the error');
      return true;
    });
  }
});
