import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base, lines, mistakesOf, planOf } from './workspace.ts';

const closed = `target: http://127.0.0.1:4010
load: { model: closed, stages: [{ duration: 1s, users: 2..5 }] }
`;
const scenario = (written: string, start = base) => `${start}steps: [GET /a]\n${written}\n`;

describe('how requests travel', () => {
  const read = async (written: string, env = {}) => {
    const { connections, transport, abortOn, engine } = await planOf(scenario(written), { env });
    const { tls: _tls, ...travel } = transport;
    return { max: connections.max, ...travel, abortOn, engine };
  };
  const usual = {
    max: 1_000,
    dns: 'once',
    reconnect: 'asNeeded',
    maxResponse: 64 * 1024 * 1024,
    maxBodies: 256_000_000,
    abortOn: null,
    engine: 'http',
  };

  test('is as it says', async () => {
    assert.deepEqual(await read(''), usual);
    assert.deepEqual(await read('connections: { max: 5 }'), { ...usual, max: 5 });
    assert.deepEqual(await read('connections: { reconnect: every request }'), {
      ...usual,
      reconnect: 'everyRequest',
    });
    assert.deepEqual(await read('connections: { reconnect: as needed }'), usual);
    assert.deepEqual(await read('dns: perConnection'), { ...usual, dns: 'perConnection' });
    assert.deepEqual(await read('protocol: http1'), usual);
    assert.deepEqual(await read('protocol: http2'), { ...usual, protocol: 'http2' });
    assert.deepEqual(await read('protocol: http2\nconnections: { streams: 8 }'), {
      ...usual,
      protocol: 'http2',
      streams: 8,
    });
    assert.deepEqual(await read('maxResponse: 2MB'), { ...usual, maxResponse: 2_000_000 });
    assert.deepEqual(await read('maxBodies: 1GB'), { ...usual, maxBodies: 1_000_000_000 });
    assert.deepEqual(await read('abortOn: { errorRate: 50%, for: 10s }'), {
      ...usual,
      abortOn: { errorRate: 0.5, for: 10_000 },
    });
    assert.deepEqual(await read(`dns: "\${DNS}"`, { DNS: 'once' }), usual);
  });

  test('may be by another engine, where the load is closed', async () => {
    assert.equal(
      (await planOf(scenario('engine: autocannon', closed.replace('2..5', '5')))).engine,
      'autocannon',
    );
  });

  test('is another workload where it changes what the API has to do', async () => {
    const digestOf = async (written: string, start = base) => (await planOf(scenario(written, start))).digest;
    const [first, ...same] = await Promise.all(
      ['', 'dns: perConnection', 'insecure: true', 'abortOn: { errorRate: 50%, for: 10s }'].map(written =>
        digestOf(written),
      ),
    );
    for (const digest of same) assert.equal(digest, first);
    const others = await Promise.all([
      digestOf('connections: { reconnect: every request }'),
      digestOf('maxResponse: 1MB'),
      digestOf('protocol: http2'),
      digestOf('protocol: http2\nconnections: { streams: 8 }'),
      digestOf('', closed),
      digestOf('engine: autocannon', closed.replace('2..5', '5')),
      digestOf('', closed.replace('2..5', '5')),
    ]);
    assert.equal(new Set([first, ...others]).size, 8);
  });
});

test('users of a closed load may share connections of HTTP/2', async () => {
  const written = 'protocol: http2\nconnections: { max: 1, streams: 5 }';
  assert.equal((await planOf(scenario(written, closed))).transport.streams, 5);
});

const wrong = (at: string, found: string, ...rest: string[]) => [
  `a.yaml:4:${at}: invalid value [value.invalid]`,
  `  found     ${found}`,
  ...rest,
];
const quantity = (at: string, found: string, ...rest: string[]) => [
  `a.yaml:4:${at}: invalid quantity [value.invalid-quantity]`,
  `  found     ${found}`,
  ...rest,
];
const tooFar = (at: string, found: string, ...rest: string[]) => [
  `a.yaml:4:${at}: the quantity is out of range [value.out-of-range]`,
  `  found     ${found}`,
  ...rest,
];
const topLevel =
  '  expected  name, target, serve, load, seed, engine, protocol, connections, dns, tls, proxy, insecure, maxResponse, maxBodies, abortOn, cache, cookies, defaults, data, setup, teardown, journeys, steps';
const aSize = '  expected  a size, such as 512B, 30kB, 1MB or 64MiB';
const aDuration = '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m';
const aShare = '  expected  a percentage from 0% to 100%, such as 1% or 0.5%';
const bothOrAll = '  expected  as needed or every request';

describe('how requests travel is refused', () => {
  const cases: readonly (readonly [what: string, written: string, ...message: string[]])[] = [
    [
      'with a word that dns does not know',
      'dns: always',
      ...wrong('1: dns', '"always"', '  expected  once or perConnection'),
    ],
    [
      'with one that is nearly right',
      'dns: per-connection',
      ...wrong(
        '1: dns',
        '"per-connection"',
        '  expected  once or perConnection',
        '  instead   perConnection',
      ),
    ],
    [
      'with a version of HTTP that does not exist',
      'protocol: h2',
      ...wrong('1: protocol', '"h2"', '  expected  http1 or http2'),
    ],
    [
      'with streams of HTTP/1.1',
      'connections: { streams: 8 }',
      ...wrong(
        '16: connections.streams',
        '8 (a number)',
        '  expected  protocol: http2 beside it: a connection of HTTP/1.1 has one request at a time',
      ),
    ],
    [
      'with no stream',
      'protocol: http2\nconnections: { streams: 0 }',
      'a.yaml:5:16: connections.streams: invalid value [value.invalid]',
      '  found     0 (a number)',
      '  expected  a whole number from 1 to 10000',
    ],
    [
      'with reconnections that are a switch',
      'connections: { reconnect: true }',
      ...wrong('16: connections.reconnect', 'true (a boolean)', bothOrAll),
    ],
    [
      'with reconnections in one word',
      'connections: { reconnect: everyRequest }',
      ...wrong('16: connections.reconnect', '"everyRequest"', bothOrAll, '  instead   every request'),
    ],
    [
      'with the keep-alive of other tools',
      'connections: { keepAlive: false }',
      'a.yaml:4:16: connections.keepAlive: unknown key [value.unknown-key]',
      '  expected  max, streams, reconnect',
      '  instead   reconnect: every request, where connections are not to be kept',
    ],
    [
      'with a bare number for the largest answer',
      'maxResponse: 64',
      ...quantity('1: maxResponse', '64 (a number)', aSize, '  instead   "64kB" or "64B"'),
    ],
    [
      'with answers of no size',
      'maxResponse: 0B',
      ...tooFar('1: maxResponse', '"0B"', `${aSize}; more than zero`),
    ],
    [
      'with no span to abort after',
      'abortOn: { errorRate: 50% }',
      'a.yaml:4:1: abortOn.for: a required value is missing [value.missing]',
      aDuration,
    ],
    [
      'with no share to abort at',
      'abortOn: { for: 10s }',
      'a.yaml:4:1: abortOn.errorRate: a required value is missing [value.missing]',
      aShare,
    ],
    [
      'with a share alone',
      'abortOn: 50%',
      ...wrong('1: abortOn', '"50%"', '  expected  a map with the keys errorRate, for'),
    ],
    [
      'with a share and a span that no run has',
      'abortOn: { errorRate: 150%, for: 10 }',
      ...tooFar('12: abortOn.errorRate', '"150%"', '  expected  at most 100%'),
      ...quantity('29: abortOn.for', '10 (a number)', aDuration, '  instead   "10s" or "10ms"'),
    ],
    [
      'with a share and a span of nothing',
      'abortOn: { errorRate: 0%, for: 0s }',
      ...tooFar('12: abortOn.errorRate', '"0%"', `${aShare}; more than zero`),
      ...tooFar('27: abortOn.for', '"0s"', `${aDuration}; more than zero`),
    ],
    [
      'with an engine that is none',
      'engine: k6',
      ...wrong('1: engine', '"k6"', '  expected  http or autocannon'),
    ],
    [
      'with a misspelt engine',
      'engine: autocanon',
      ...wrong('1: engine', '"autocanon"', '  expected  http or autocannon', '  instead   autocannon'),
    ],
    [
      'with keys outside their section',
      'ca: a.crt\nserverName: b\nreconnect: every request',
      'a.yaml:4:1: ca: unknown key [value.unknown-key]',
      topLevel,
      '  instead   inside tls: tls: { ca: certs/ca.pem }',
      'a.yaml:5:1: serverName: unknown key [value.unknown-key]',
      topLevel,
      '  instead   inside tls: tls: { serverName: api.example.com }',
      'a.yaml:6:1: reconnect: unknown key [value.unknown-key]',
      topLevel,
      '  instead   inside connections: connections: { reconnect: every request }',
    ],
  ];
  for (const [what, written, ...message] of cases) {
    test(what, async () => {
      assert.equal(await mistakesOf(scenario(written)), lines(...message));
    });
  }

  test('with fewer connections than users, who would not share them', async () => {
    const few = (max: number) => scenario(`connections: { max: ${max} }`, closed);
    assert.equal((await planOf(few(5))).connections.max, 5);
    const expected =
      '  expected  at least as many as there are users: in a closed load each has a connection of its own';
    assert.equal(await mistakesOf(few(4)), lines(...wrong('16: connections.max', '4 (a number)', expected)));
    const counted = closed.replace(/stages.*]/, 'users: 5, iterations: 9');
    assert.equal(
      await mistakesOf(few(4).replace(closed, counted)),
      lines(...wrong('16: connections.max', '4 (a number)', expected)),
    );
  });
});

describe('engine: autocannon is refused', () => {
  const load = 'load: { model: closed, users: 5, iterations: 9 }';
  const auto = `target: http://127.0.0.1:4010\n${load}\nengine: autocannon\n`;
  const refusal = (at: string, found: string, expected: string) => [
    `a.yaml:${at}: autocannon cannot do this [engine.unsupported]`,
    `  found     ${found}`,
    `  expected  ${expected} beside engine: autocannon`,
    '  instead   engine: http, which can do this',
  ];
  const files = { 'd.csv': 'id\n1\n', 's.json': '{}' };
  const methods = 'GET, POST, PUT, PATCH, DELETE, OPTIONS, TRACE';

  test('but not where it can do all that is asked', async () => {
    const can = `${auto}maxResponse: 1MB\ndefaults: { headers: { x: y } }\nsteps:\n  - GET /a\n  - { request: POST /b, json: { c: 1 }, expect: { status: 201 } }\n`;
    assert.equal((await planOf(can)).engine, 'autocannon');
  });

  const cases: readonly (readonly [what: string, text: string, ...message: string[]])[] = [
    [
      'with an open load',
      auto
        .replace(load, 'load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }')
        .concat('steps: [GET /a]\n'),
      ...refusal('2:9: load.model', 'an open load', 'a closed load'),
    ],
    [
      'with pacing and a ramp',
      auto
        .replace(load, 'load: { model: closed, pacing: 1s, stages: [{ duration: 1s, users: 2..5 }] }')
        .concat('steps: [GET /a]\n'),
      ...refusal('2:24: load.pacing', 'pacing', 'no pacing'),
      ...refusal('2:61: load.stages[0].users', 'a ramp of users', 'a fixed number of users in each stage'),
    ],
    [
      'with what connections and names may be told',
      `${auto}steps: [GET /a]\nconnections: { reconnect: every request }\ndns: perConnection\n`,
      ...refusal('5:16: connections.reconnect', 'every request', 'connections that are kept'),
      ...refusal('6:1: dns', 'perConnection', 'a name that is resolved once'),
    ],
    [
      'with several journeys',
      `${auto}journeys:\n  - steps: [GET /a]\n  - steps: [GET /b, think: 1s]\n`,
      ...refusal('4:1: journeys', '2 journeys', 'a single journey'),
      ...refusal('6:21: journeys[1].steps[1]', 'a think time', 'no think times'),
    ],
    [
      'with steps that depend on anything',
      `${auto}data: { d: { file: d.csv } }
steps:
  - { request: GET /a, capture: { x: $.x }, expect: { schema: s.json } }
  - think: 1s
  - GET /{{d.id}}
  - { request: GET /b, headers: { x: '{{x}}' } }
  - HEAD /a
  - QUERY /a
`,
      ...refusal('6:5: steps[0]', 'a capture', 'no captures'),
      ...refusal('6:5: steps[0]', 'a schema of the answer', 'no check but the status'),
      ...refusal('7:5: steps[1]', 'a think time', 'no think times'),
      ...refusal('8:5: steps[2]', 'a template', 'requests that are always the same'),
      ...refusal('9:5: steps[3]', 'a template', 'requests that are always the same'),
      ...refusal('10:5: steps[4]', 'HEAD', methods),
      ...refusal('11:5: steps[5]', 'QUERY', methods),
    ],
  ];
  for (const [what, text, ...message] of cases) {
    test(what, async () => {
      assert.equal(await mistakesOf(text, { files }), lines(...message));
    });
  }
});
