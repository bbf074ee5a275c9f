/** biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables are the subject */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base, lines, mistakesOf, planOf } from './workspace.ts';

const scenario = base.replace('http://127.0.0.1:4010', '${TARGET:-http://127.0.0.1:4010}');

describe('a variable', () => {
  test('is filled in from the environment, or from its default where it is unset or empty', async () => {
    const text = `${scenario}steps: [GET /a]\nseed: \${SEED:-7}\n`;
    const from = async (env: { readonly [name: string]: string }) => {
      const { target, seed } = await planOf(text, { env });
      return [target.url, seed];
    };
    assert.deepEqual(await from({}), ['http://127.0.0.1:4010', 7]);
    assert.deepEqual(await from({ TARGET: '' }), ['http://127.0.0.1:4010', 7]);
    assert.deepEqual(await from({ TARGET: 'http://api:80/v1/', SEED: '8' }), ['http://api/v1', 8]);
  });

  test('that is wrong is told with its place, and only once', async () => {
    const text = `${base.replace('http://127.0.0.1:4010', '${TARGET}').replace('10/s', '"${RATE}"')}steps: [GET /a]
seed: \${SEED:-abc}
name: \${}
insecure: \${A
`;
    assert.equal(
      await mistakesOf(text, { env: { RATE: '5' } }),
      lines(
        'a.yaml:1:1: target: an environment variable is not set [variable.unset]',
        '  found     ${TARGET}',
        '  expected  the variable TARGET in the environment',
        '  instead   TARGET=… in front of the command, or a default: ${TARGET:-…}',
        'a.yaml:5:1: name: the environment variable is not written correctly [variable.malformed]',
        '  found     ${}',
        '  expected  ${NAME} or ${NAME:-default}',
        '  instead   for the two characters themselves, $${',
        'a.yaml:6:1: insecure: the environment variable is not written correctly [variable.malformed]',
        '  found     ${A',
        '  expected  ${NAME} or ${NAME:-default}',
        '  instead   for the two characters themselves, $${',
        'a.yaml:2:47: load.stages[0].rate: invalid quantity [value.invalid-quantity]',
        '  found     "${RATE}", which is "5" here',
        '  expected  a rate, such as 200/s, 1.5/s or 600/m',
        '  instead   "5/s"',
        'a.yaml:4:1: seed: invalid value [value.invalid]',
        '  found     "${SEED:-abc}", which is "abc" here',
        '  expected  a whole number from 0 to 9007199254740991',
      ),
    );
  });

  test('that is named like a secret is told without its value', async () => {
    const text = `${base.replace('10/s', '"${API_KEY}"')}steps: [GET /a]\n`;
    assert.equal(
      await mistakesOf(text, { env: { API_KEY: 'KEYsecret1' } }),
      lines(
        'a.yaml:2:47: load.stages[0].rate: invalid quantity [value.invalid-quantity]',
        '  found     "${API_KEY}"',
        '  expected  a rate, such as 200/s, 1.5/s or 600/m',
      ),
    );
  });

  test('in the target is a secret where it is named like one and does not say the host', async () => {
    const secretsOf = async (target: string, env: { readonly [name: string]: string }) => {
      const text = `${base.replace('http://127.0.0.1:4010', target)}steps: [GET /a]\n`;
      return (await planOf(text, { env })).secrets;
    };
    assert.deepEqual(await secretsOf('http://api/${API_TOKEN}/v1', { API_TOKEN: 'KEYsecret1' }), [
      'KEYsecret1',
    ]);
    assert.deepEqual(await secretsOf('http://api/${TENANT}/v1', { TENANT: 'acme' }), []);
    assert.deepEqual(await secretsOf('${AUTH_URL}/v1', { AUTH_URL: 'http://API:80' }), []);
    assert.deepEqual(await secretsOf('http://${AUTH_HOST}/v1', { AUTH_HOST: 'auth.internal' }), []);
  });

  test('is not the name of something that every object has', async () => {
    assert.match(
      await mistakesOf(`${base}steps: ["GET /\${constructor}"]`),
      /the variable constructor in the environment/,
    );
  });

  test('can be written as plain characters', async () => {
    const plan = await planOf(`${base}steps: [{ request: POST /a, body: "$\${x} \${Y:-z}" }]`);
    const [step] = plan.journeys[0]?.steps ?? [];
    assert.ok(step?.kind === 'request', `kind ${step?.kind}`);
    assert.deepEqual(step.body?.template.literals, ['${x} z']);
  });

  test('can be the default of another one', async () => {
    const from = async (env: { readonly [name: string]: string }, header: string) => {
      const plan = await planOf(`${base}steps: [{ request: GET /a, headers: { x-v: '${header}' } }]`, {
        env,
      });
      const [step] = plan.journeys[0]?.steps ?? [];
      assert.ok(step?.kind === 'request', `kind ${step?.kind}`);
      return [step.headers[0]?.value.literals[0], plan.secrets];
    };
    const nested = '${A:-${B:-c}}';
    assert.deepEqual(await from({ A: 'from A', B: 'from B' }, nested), ['from A', ['from A']]);
    assert.deepEqual(await from({ A: '', B: 'from B' }, nested), ['from B', ['from B']]);
    assert.deepEqual(await from({}, nested), ['c', []]);
    assert.deepEqual(await from({ C: 'seven', D: 'de' }, '<${A:-a${B:-${C}-${D}}b}>'), [
      '<aseven-deb>',
      ['seven'],
    ]);
    assert.deepEqual(await from({}, '${A:-$${B}}'), ['${B}', []]);
  });

  test('within a default names the endpoint by the outer one', async () => {
    const { endpoints } = await planOf(`${base}steps: ['GET /\${A:-\${B:-c}}/x']`);
    assert.deepEqual(endpoints, [{ name: 'GET /:A/x', method: 'GET' }]);
  });

  test('that is written wrong within a default is told though it is not needed; one that is not set is not', async () => {
    const wrong = await mistakesOf(`${base}steps: ['GET /\${A:-\${B-x}}']`, { env: { A: 'a' } });
    assert.match(wrong, /found {5}\$\{B-x\}\n/);
    const unset = `${base}steps: ['GET /\${A:-\${B}}']`;
    assert.match(await mistakesOf(unset), /the variable B in the environment/);
    await planOf(unset, { env: { A: 'a' } });
    assert.match(await mistakesOf(`${base}steps: ['GET /\${A:-\${B}']`), /found {5}\$\{A:-\$\{B\}\n/);
    const deep = `${'${A:-'.repeat(9_999)}c${'}'.repeat(9_999)}`;
    assert.match(await mistakesOf(`${base}name: '${deep}'\nsteps: [GET /a]`), /is not written correctly/);
  });

  test('does not matter in a target that the command line replaces', async () => {
    const plan = await planOf(`${base.replace('http://127.0.0.1:4010', '${TARGET}')}steps: [GET /a]`, {
      target: 'http://127.0.0.1:5000',
    });
    assert.equal(plan.target.port, 5000);
  });
});

describe('secrets', () => {
  const text = `${scenario}name: \${NAME:-a}
defaults: { headers: { authorization: "Bearer \${TOKEN}", accept: "\${ACCEPT:-application/json}" } }
steps:
  - "GET /a/\${TENANT}/x"
  - { request: POST /b, body: "\${BODY}", timeout: "\${TIMEOUT}" }
  - { request: POST /c, json: { key: "\${KEY}", id: "\${ID}" } }
`;
  const env = {
    TARGET: 'http://target.example',
    NAME: 'nightly',
    TOKEN: 't0ken-t0ken',
    TENANT: 'acme',
    BODY: 'a body',
    KEY: 'a key',
    TIMEOUT: '5000ms',
    ID: '12',
  };

  test('are what the environment brought into headers, paths and bodies, except what is too short to hide', async () => {
    const { secrets } = await planOf(text, { env });
    assert.deepEqual([...secrets].sort(), ['Bearer t0ken-t0ken', 'a body', 'a key', 'acme', 't0ken-t0ken']);
  });

  test('are what it brought into the command that starts the API, but for what is seen anyway', async () => {
    const command = '${KEY} ${PORT} ${HOST}';
    const served = `target: http://api.localhost:4010
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
serve: { start: "node api.js ${command}", ready: GET /health }
steps: [GET /a]
`;
    const plan = await planOf(served, { env: { KEY: 'k3y-k3y', PORT: '4010', HOST: 'api.localhost' } });
    assert.deepEqual(plan.secrets, ['k3y-k3y']);
  });

  test('are what it brought into the commands that make the API', async () => {
    const served = `target: http://127.0.0.1:4010
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
serve: { install: "npm ci --key \${ONE}", build: "make \${TWO}", start: a, ready: GET /health }
steps: [GET /a]
`;
    const plan = await planOf(served, { env: { ONE: '0ne-0ne', TWO: 'tw0-tw0' } });
    assert.deepEqual([...plan.secrets].sort(), ['0ne-0ne', 'tw0-tw0']);
  });

  test('are also credentials that are written in the file', async () => {
    const { secrets } = await planOf(
      `${base}steps:\n  - { request: GET /a?access_token=abcdef&page=1, headers: { X-Api-Key: opensesame, accept: text/plain } }\n`,
    );
    assert.deepEqual(secrets, ['opensesame', 'abcdef']);
  });

  test('do not stand in endpoint names', async () => {
    const { endpoints } = await planOf(text, { env });
    assert.deepEqual(
      endpoints.map(({ name }) => name),
      ['GET /a/:TENANT/x', 'POST /b', 'POST /c'],
    );
  });

  test('do not count in the digest, but the load that the environment decides does', async () => {
    const digest = async (more: object) => (await planOf(text, { env: { ...env, ...more } })).digest;
    const first = await digest({});
    assert.match(first, /^[0-9a-f]{64}$/);
    assert.equal(
      await digest({ TOKEN: 'another one', TENANT: 'other', BODY: 'x', KEY: 'y', TARGET: 'http://b' }),
      first,
    );
    assert.equal(await digest({ NAME: 'another name' }), first);
    assert.notEqual(await digest({ TIMEOUT: '4s' }), first);
  });

  test('do not stand in errors', async () => {
    const wrong = `${base}defaults: { headers: { x: "\${BAD}" } }\nsteps: ["GET /\${SPACE}", { request: POST /a, json: "{{\${SPACE}" }]\n`;
    const message = await mistakesOf(wrong, { env: { BAD: 'hunter2\nhunter2', SPACE: 'hunter2 hunter2' } });
    assert.equal(
      message,
      lines(
        'a.yaml:3:24: defaults.headers.x: invalid header value [header.invalid-value]',
        '  found     "${BAD}"',
        '  expected  a header value on one line, without control characters',
        '  instead   the value without line breaks',
        'a.yaml:4:9: steps[0]: invalid path in a request [request.invalid-path]',
        '  found     "GET /${SPACE}"',
        '  expected  a path of visible ASCII characters, all others percent-encoded',
      ),
    );
    const later = await mistakesOf(`${base}steps: ["GET /\${SPACE}"]\n`, {
      env: { SPACE: '{{hunter2}}/{{hunter3' },
    });
    assert.doesNotMatch(later, /hunter/);
  });
});
