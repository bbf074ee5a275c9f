import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const load = 'load: { model: open, stages: [{ duration: 500ms, rate: 20/s }] }';
const scenario = (url: string, more = '') => `target: ${url}
${load}
setup:
  - { request: POST /login, json: { password: LITERALsecret1 }, capture: { token: $.token, id: $.id } }
journeys:
  - name: read
    steps:
      - { request: 'GET /items/{{id}}', endpoint: GET /items/:id, headers: { authorization: 'Bearer {{token}}' } }
      - { request: POST /notes, json: { id: '{{id}}', text: 'no. {{id}}' }, expect: { json: { $.id: '{{id}}' } } }
${more}`;

describe('a setup and a teardown', () => {
  test('are made once, and all users see what the setup captured', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, ({ headers }, response) => {
      response.end(
        JSON.stringify({
          token: 'CAPTUREDsecret2',
          id: 7,
          echo: headers.authorization,
        }).replace('"id":7', '"id":12345678901234567'),
      );
    });
    const more = "teardown: [{ request: POST /logout, headers: { authorization: 'Bearer {{token}}' } }]\n";
    await at.write('a.yaml', scenario(url, more));
    const dry = await at.run(['run', 'a.yaml', '--dry-run']);
    assert.match(dry.stdout, /GET \/items\/%3Cid%3E HTTP/);
    const out = join(at.folder, 'out');
    const { code, stdout, stderr } = await at.run(['run', 'a.yaml', '--out', out, '--workers', '2']);
    assert.equal(code, 0, stdout + stderr);
    const lines = received.map(({ method, url, body }) => `${method} ${url} ${body}`);
    assert.equal(lines[0], 'POST /login {"password":"LITERALsecret1"}');
    assert.equal(lines.at(-1), 'POST /logout ');
    assert.deepEqual(
      new Set(lines.slice(1, -1)),
      new Set([
        'GET /items/12345678901234567 ',
        'POST /notes {"id":12345678901234567,"text":"no. 12345678901234567"}',
      ]),
    );
    const tokens = received
      .slice(1)
      .filter(({ url }) => url !== '/notes')
      .map(({ rawHeaders }) => rawHeaders[rawHeaders.indexOf('authorization') + 1]);
    assert.deepEqual(new Set(tokens), new Set(['Bearer CAPTUREDsecret2']));
    const { runs } = JSON.parse(await at.read('out/summary.json'));
    assert.deepEqual(Object.keys(runs[0].endpoints), ['GET /items/:id', 'POST /notes']);
    assert.equal(runs[0].total.requests, received.length - 2);
    assert.doesNotMatch(stdout + JSON.stringify(runs), /LITERALsecret1|CAPTUREDsecret2/);

    const once = await at.run(['run', 'a.yaml', '--once']);
    assert.equal(once.code, 0, once.stdout);
    assert.match(once.stdout, /journey setup\n(.*\n)*journey read\n(.*\n)*journey teardown\n/);
  });

  test('share the cookies that the setup received with every journey, and nothing that a journey received', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, ({ url }, response) => {
      if (url === '/login') {
        response.setHeader('set-cookie', [
          'sid=SESSIONsecret9; Path=/; HttpOnly',
          'old=1; Max-Age=0',
          'a=b; Path=/a',
        ]);
      } else response.setHeader('set-cookie', `own=${received.length}; Path=/`);
      response.end('{}');
    });
    const text = `target: ${url}\ncookies: true\nload: { model: closed, users: 2, iterations: 6 }\nsetup: [POST /login]\nsteps: [GET /a/1, { parallel: [GET /b, GET /a/2] }]\nteardown: [POST /logout]\n`;
    await at.write('a.yaml', text);
    const { code, stdout, stderr } = await at.run([
      'run',
      'a.yaml',
      '--out',
      join(at.folder, 'out'),
      '--workers',
      '2',
    ]);
    assert.equal(code, 0, stdout + stderr);
    const cookies = (path: string) =>
      received
        .filter(one => one.url === path)
        .map(({ rawHeaders }) =>
          rawHeaders[rawHeaders.indexOf('cookie') + 1]?.replace(/; own=\d+$/, '; own'),
        );
    assert.deepEqual(cookies('/a/1'), Array(6).fill('a=b; sid=SESSIONsecret9'));
    assert.deepEqual(cookies('/b'), Array(6).fill('sid=SESSIONsecret9; own'));
    assert.deepEqual(cookies('/a/2'), Array(6).fill('a=b; sid=SESSIONsecret9; own'));
    assert.deepEqual(cookies('/logout'), ['sid=SESSIONsecret9']);
    const record = await at.read(/record +(\S+)/.exec(stdout)?.[1]?.replace(/^.*\/out\//, 'out/') ?? '');
    assert.doesNotMatch(stdout + record, /SESSIONsecret9/);
  });

  test('send no load where the setup fails, and tell what fails in the teardown beside the report', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, ({ url }, response) => {
      response.statusCode = url === '/logout' ? 500 : 200;
      response.end('{"id":7}');
    });
    await at.write('a.yaml', scenario(url));
    const failed = await at.run(['run', 'a.yaml', '--out', join(at.folder, 'out')]);
    assert.equal(failed.code, 3, failed.stdout);
    assert.deepEqual(
      received.map(one => one.url),
      ['/login'],
    );
    assert.match(
      failed.stdout + failed.stderr,
      /a\.yaml, setup\[0\]: a request of the setup failed, so there is no load \[setup\.failed\]\n {2}found {5}POST \/login: capture, nothing to capture as token/,
    );

    await at.write(
      'b.yaml',
      scenario(url, 'teardown: [GET /a, POST /logout]\n').replace('token: $.token', 'token: $.id'),
    );
    const { code, stdout, stderr } = await at.run(['run', 'b.yaml', '--out', join(at.folder, 'out')]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stderr,
      /b\.yaml, teardown\[1\]: a request of the teardown failed \[teardown\.failed\]\n {2}found {5}POST \/logout: status, status 500/,
    );
    assert.match(stdout, /GET \/items\/:id +10 /);
  });

  test('are checked as steps are: names that only the setup captures are known to all, and no others', async t => {
    const at = await place(t);
    await at.write(
      'a.yaml',
      `target: http://127.0.0.1:1\n${load}\nsetup: [{ request: GET /a, capture: { x: $.x } }]\nsteps: ['GET /{{x}}/{{y}}', 'GET /{{setup.x}}']\nteardown: []\n`,
    );
    const { code, stderr } = await at.run(['run', 'a.yaml', '--dry-run']);
    assert.equal(code, 2);
    assert.match(stderr, /teardown: .*\n.*\n? *expected {2}a list of at least one step/);
    await at.write(
      'a.yaml',
      `target: http://127.0.0.1:1\n${load}\nsetup: [{ request: GET /a, capture: { x: $.x } }]\nsteps: ['GET /{{x}}/{{y}}', 'GET /{{setup.x}}']\n`,
    );
    const unknown = await at.run(['run', 'a.yaml', '--dry-run']);
    assert.match(unknown.stderr, /found {5}\{\{y\}\}\n {2}expected {2}one of x\n/);
    assert.match(unknown.stderr, /found {5}\{\{setup\.x\}\}/);
  });
});
