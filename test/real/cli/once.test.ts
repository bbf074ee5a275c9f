import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { freePort } from '../../target/free-port.ts';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const load = 'load: { model: open, stages: [{ duration: 10m, rate: 1000/s }] }';

describe('run --once', () => {
  test('sends each step once and in order, shows what was asked and answered without secrets, and says whether all was as expected', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, (request, response) => {
      if (request.url === '/login')
        response.writeHead(302, { location: '/home', 'set-cookie': 'sid=VERYsecret1; Path=/' }).end();
      else if (request.url === '/big') response.end('x'.repeat(100_000));
      else
        response.end(
          JSON.stringify({
            token: 'CAPTUREDsecret2',
            id: 17,
            back: request.headers.authorization ?? '\u001b[31m',
          }),
        );
    });
    const steps = (more: string) => `target: ${url}
${load}
cookies: true
defaults: { redirects: follow }
journeys:
  - name: shop
    steps:
      - { request: POST /login, json: { password: LITERALsecret3 }, expect: { status: 200 }, capture: { token: $.token, id: $.id } }
      - think: 1h
      - { request: 'GET /items/{{id}}', headers: { authorization: 'Bearer {{token}}' }, expect: { json: { $.id: 17 } } }
      - GET /big
  - name: other
    steps: [GET /a${more}]
`;
    await at.write('a.yaml', steps(''));
    const good = await at.run(['run', 'a.yaml', '--once']);
    assert.equal(good.code, 0, good.stdout + good.stderr);
    assert.deepEqual(
      received.map(({ method, url }) => `${method} ${url}`),
      ['POST /login', 'GET /home', 'GET /items/17', 'GET /big', 'GET /a'],
    );
    const { stdout } = good;
    assert.match(
      stdout,
      /^a → http:\S+: 5 requests sent once, all as expected\n\njourney shop\nstep 1, POST \/login: 302 in/,
    );
    assert.match(
      stdout,
      /\n {4}POST \/login HTTP\/1\.1\n(.*\n)*? {4}\{"password":"\[redacted\]"\}\nanswer\n {4}HTTP\/1\.1 302 Found\n/,
    );
    assert.match(stdout, /• captured token = \[redacted\]\n• captured id = 17\n/);
    assert.match(stdout, /a body that is no text, or is over 64 KiB/);
    assert.doesNotMatch(stdout, /VERYsecret|CAPTUREDsecret|LITERALsecret/);
    assert.equal(stdout.includes('\u001b[31m'), false, stdout);

    await at.write('b.yaml', steps(', { request: GET /b, capture: { none: $.none } }, GET /never'));
    const bad = await at.run(['run', 'b.yaml', '--once', '--json', '-']);
    assert.equal(bad.code, 1, bad.stderr);
    const [run] = JSON.parse(bad.stdout).runs;
    assert.equal(run.unsent, 1);
    assert.deepEqual(
      run.exchanges.flatMap((one: { step: number; endpoint: string; failure: object | null }) =>
        one.failure === null ? [] : [[one.step, one.endpoint, one.failure]],
      ),
      [[2, 'GET /b', { kind: 'capture', detail: 'nothing to capture as none' }]],
    );
  });

  test('needs no load of a URL, says when nothing answers, and refuses what it cannot do', async t => {
    const at = await place(t);
    const { url } = await startValueServer(t, (_, response) => response.writeHead(204).end());
    const { code, stdout } = await at.run(['run', `${url}/x?y=1`, '--once']);
    assert.deepEqual([code, /GET \/x\?y=1 HTTP\/1\.1/.test(stdout)], [0, true], stdout);
    const none = await at.run(['run', '--url', `http://127.0.0.1:${await freePort()}/`, '--once']);
    assert.equal(none.code, 3);
    assert.match(none.stdout, /no answer\n(.*\n)*• ✗ refused: ECONNREFUSED/);
    for (const flags of [['--dry-run'], ['--format', 'markdown']]) {
      const refused = await at.run(['run', '--url', url, '--once', ...flags]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /--once.*cannot be used together/);
    }
    const stopped = await at.run(['run', '--url', url, '--once'], {
      interrupt: AbortSignal.abort('SIGTERM'),
    });
    assert.equal(stopped.code, 143);
  });
});
