import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FlagRun, planFromFlags } from '../../../src/config/scenario/plan.ts';
import { lines, messageOf } from './workspace.ts';

const flags: FlagRun = { url: 'http://127.0.0.1:4010/api/bills?page=1', rate: '100/s', duration: '10s' };

describe('a run without a file', () => {
  test('is refused where a flag with one value is given several', async () => {
    // A parser of command lines makes lists of them.
    const given = { ...flags, duration: ['1s', '2s'], users: [1, 2, 3], poisson: [true, true] };
    assert.equal(
      await messageOf(() => planFromFlags(given as unknown as FlagRun)),
      lines(
        '--duration: the flag is given more than once [command.repeated-flag]',
        '  found     --duration twice',
        '  expected  --duration once',
        '--users: the flag is given more than once [command.repeated-flag]',
        '  found     --users 3 times',
        '  expected  --users once',
        '--poisson: the flag is given more than once [command.repeated-flag]',
        '  found     --poisson twice',
        '  expected  --poisson once',
      ),
    );
  });

  test('is a plan of one request', () => {
    const { digest, ...plan } = planFromFlags(flags);
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.deepEqual(plan, {
      scenario: 'url',
      file: null,
      target: {
        url: 'http://127.0.0.1:4010',
        protocol: 'http',
        host: '127.0.0.1',
        port: 4010,
        basePath: '',
        socketPath: null,
      },
      serve: null,
      load: {
        model: 'open',
        warmup: 0,
        arrivals: 'constant',
        stages: [{ duration: 10_000, from: 100, to: 100 }],
      },
      seed: 1,
      engine: 'http',
      connections: { max: 1_000 },
      transport: {
        tls: { insecure: false, ca: null, certificate: null, key: null, serverName: null },
        dns: 'once',
        reconnect: 'asNeeded',
        maxResponse: 64 * 1024 * 1024,
        maxBodies: 256_000_000,
      },
      abortOn: null,
      signals: [],
      endpoints: [{ name: 'GET /api/bills', method: 'GET' }],
      data: [],
      journeys: [
        {
          name: 'url',
          weight: 1,
          steps: [
            {
              kind: 'request',
              endpoint: 0,
              method: 'GET',
              path: { literals: ['/api/bills?page=1'], expressions: [] },
              headers: [],
              body: null,
              timeout: 10_000,
              expect: { statuses: null, schema: null },
              captures: [],
            },
          ],
          slots: 0,
        },
      ],
      secrets: [],
    });
  });

  test('takes users in place of a rate', () => {
    const { rate: _, ...rest } = flags;
    assert.deepEqual(planFromFlags({ ...rest, users: 5, warmup: '2s' }).load, {
      model: 'closed',
      warmup: 2_000,
      pacing: 0,
      stages: [{ duration: 10_000, from: 5, to: 5 }],
      iterations: null,
    });
  });

  test('takes the rest from the other flags, with braces in a body as they are', () => {
    const body = '{"a":[{"{{b}}":1}]}';
    const headers = ['Authorization: Bearer abc:def', 'x-empty:'];
    const plan = planFromFlags({
      ...flags,
      method: 'POST',
      headers,
      body,
      timeout: '2s',
      poisson: true,
      rate: '1/s..9/s',
    });
    const [step] = plan.journeys[0]?.steps ?? [];
    assert.ok(step?.kind === 'request', `kind ${step?.kind}`);
    assert.deepEqual(step.body, { template: { literals: [body], expressions: [] }, escape: 'none' });
    assert.deepEqual(
      step.headers.map(({ name, value }) => `${name}: ${value.literals}`),
      ['authorization: Bearer abc:def', 'x-empty: ', 'content-type: application/json'],
    );
    assert.equal(step.timeout, 2_000);
    assert.deepEqual(plan.load, {
      model: 'open',
      warmup: 0,
      arrivals: 'poisson',
      stages: [{ duration: 10_000, from: 1, to: 9 }],
    });
    assert.deepEqual(plan.secrets, ['Bearer abc:def', 'abc:def']);
    assert.equal(
      plan.digest,
      planFromFlags({
        ...flags,
        url: flags.url.replace('4010', '4011'),
        method: 'POST',
        headers: ['authorization: Bearer another', 'x-empty:'],
        body,
        timeout: '2s',
        poisson: true,
        rate: '1/s..9/s',
      }).digest,
    );
  });

  test('of a bare origin asks for its root', () => {
    assert.equal(planFromFlags({ ...flags, url: 'http://127.0.0.1:4010' }).endpoints[0]?.name, 'GET /');
  });

  const { rate: _rate, duration: _duration, ...urlAlone } = flags;
  const wrong: readonly (readonly [string, FlagRun, ...string[]])[] = [
    [
      'without rate, users and duration',
      urlAlone,
      '--duration: an argument is missing [command.missing-argument]',
      '  found     no duration',
      '  expected  how long the load lasts',
      '  instead   --duration 10s',
      '--rate, --users: an argument is missing [command.missing-argument]',
      '  found     neither',
      '  expected  one of them: a rate of arrivals (open load), or a number of users (closed load)',
      '  instead   --rate 100/s or --users 10',
    ],
    [
      'with both rate and users',
      { ...flags, users: 10 },
      '--rate, --users: these flags cannot be used together [command.conflicting-flags]',
      '  found     both',
      '  expected  one of them: a rate of arrivals (open load), or a number of users (closed load)',
      '  instead   --rate 100/s or --users 10',
    ],
    [
      'with quantities that are none, all at once',
      { ...flags, rate: '100', duration: '10', timeout: '0s', warmup: '-1s' },
      '--duration: invalid quantity [value.invalid-quantity]',
      '  found     "10"',
      '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m',
      '  instead   "10s" or "10ms"',
      '--warmup: invalid quantity [value.invalid-quantity]',
      '  found     "-1s"',
      '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m',
      '  instead   "1s"',
      '--rate: invalid quantity [value.invalid-quantity]',
      '  found     "100"',
      '  expected  a rate, such as 200/s, 1.5/s or 600/m',
      '  instead   "100/s"',
      '--timeout: the quantity is out of range [value.out-of-range]',
      '  found     "0s"',
      '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m; more than zero',
    ],
    [
      'with a rate of zero',
      { ...flags, rate: '0/s' },
      '--rate: the quantity is out of range [value.out-of-range]',
      '  found     "0/s"',
      '  expected  a rate above 0/s',
    ],
    [
      'with users who are no number of people',
      { ...urlAlone, duration: '1s', users: Number.NaN },
      '--users: invalid value of a flag [command.invalid-value]',
      '  found     NaN',
      '  expected  a whole number from 1 to 100000',
    ],
    [
      'with random arrivals of users',
      { ...urlAlone, duration: '1s', users: 5, poisson: true },
      '--poisson: these flags cannot be used together [command.conflicting-flags]',
      '  found     --users, where users make the arrivals',
      '  expected  --rate, whose arrivals can be random',
    ],
    [
      'without a scheme',
      { ...flags, url: 'localhost:4010/a' },
      '--url: the target is not a URL that can be loaded [target.invalid]',
      '  found     "localhost:4010/a"',
      '  expected  an http or https URL, such as http://127.0.0.1:4010',
      '  instead   http://localhost:4010/a',
    ],
    [
      'with a header that is none',
      { ...flags, headers: ['accept', 'host: a\r\nb: c', 'a b: c', 'connection: close'] },
      '--header: invalid header name [header.invalid-name]',
      '  found     no colon',
      "  expected  a name and a value with a colon between, such as 'accept: application/json'",
      '--header: invalid header value [header.invalid-value]',
      '  expected  a header value on one line, without control characters',
      '  instead   the value without line breaks',
      '--header: invalid header name [header.invalid-name]',
      '  found     "a b"',
      "  expected  a header name: letters, digits and !#$%&'*+-.^_`|~",
      '--header: Plimsoll sets this header itself [header.reserved]',
      '  found     "connection"',
      '  instead   leave it out; `connections: { reconnect: every request }` closes behind each answer',
    ],
    [
      'with a body that is never sent',
      { ...flags, body: 'x' },
      '--body: the request cannot have this body [request.unexpected-body]',
      '  found     a body with GET',
      '  expected  a method whose requests have one',
      '  instead   --method POST',
    ],
    [
      'with a method in lower case',
      { ...flags, method: 'post' },
      '--method: invalid value of a flag [command.invalid-value]',
      '  found     "post"',
      '  expected  a method such as GET or POST',
      '  instead   POST',
    ],
    [
      'with a method that is none',
      { ...flags, method: 'GET /' },
      '--method: invalid value of a flag [command.invalid-value]',
      '  found     "GET /"',
      '  expected  a method such as GET or POST',
    ],
  ];
  for (const [what, given, ...message] of wrong) {
    test(`is refused ${what}`, async () => {
      assert.equal(await messageOf(() => planFromFlags(given)), lines(...message));
    });
  }
});
