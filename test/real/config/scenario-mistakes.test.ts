import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base, lines, mistakesOf } from './workspace.ts';

const steps = 'steps: [GET /a]\n';

/** A mistake, the scenario that has it, and all that a person reads. */
type Case = readonly [mistake: string, scenario: string, ...message: string[]];

function cases(subject: string, list: readonly Case[]): void {
  describe(subject, () => {
    for (const [mistake, scenario, ...message] of list) {
      test(mistake, async () => {
        assert.equal(await mistakesOf(scenario), lines(...message));
      });
    }
  });
}

const halved = (where: string) => [
  `a.yaml:${where}: invalid value [value.invalid]`,
  '  found     half of a surrogate pair, which is no character',
  '  expected  text in Unicode',
];

const topLevel =
  'name, target, serve, load, seed, engine, protocol, connections, dns, tls, proxy, insecure, maxResponse, maxBodies, abortOn, cache, cookies, defaults, data, setup, teardown, journeys, steps';

cases('a scenario is refused', [
  [
    'that is empty',
    '',
    'a.yaml: the file is empty [file.empty]',
    '  expected  a map with at least the keys target, load, and steps or journeys',
  ],
  [
    'that is a list',
    '- GET /a\n',
    'a.yaml: invalid value [value.invalid]',
    '  found     a list',
    `  expected  a map with the keys ${topLevel}`,
  ],
  [
    'with half of a character anywhere but in JSON that it sends',
    `${base}name: "\\uD800"
defaults: { headers: { authorization: "Bearer s3cret\\uDFFF" } }
steps: ["GET /\\uD800", { request: POST /a, body: "\\uD800" }, { request: POST /b, json: { a: "\\uD800" }, endpoint: "\\uD800" }]
`,
    ...['3:1: name', '4:24: defaults.headers.authorization', '5:9: steps[0]'].flatMap(halved),
    ...['5:44: steps[1].body', '5:105: steps[2].endpoint'].flatMap(halved),
  ],
  [
    'that is a sentence',
    'hello',
    'a.yaml: invalid value [value.invalid]',
    '  found     "hello"',
    `  expected  a map with the keys ${topLevel}`,
  ],
  [
    'with unknown keys, each with the nearest right one, and no word of the keys that they stand for',
    'tagret: http://127.0.0.1:1\nload: { model: open, stagess: [{ duration: 1s, rate: 10/s }] }\nsteps: [GET /a]\nsede: 3\n',
    'a.yaml:1:1: tagret: unknown key [value.unknown-key]',
    `  expected  ${topLevel}`,
    '  instead   target',
    'a.yaml:2:22: load.stagess: unknown key [value.unknown-key]',
    '  expected  model, warmup, arrivals, stages',
    '  instead   stages',
    'a.yaml:4:1: sede: unknown key [value.unknown-key]',
    `  expected  ${topLevel}`,
    '  instead   seed',
  ],
  [
    'with keys that every object has',
    `${base + steps}constructor: 1\ntoString: 2\n`,
    'a.yaml:4:1: constructor: unknown key [value.unknown-key]',
    `  expected  ${topLevel}`,
    'a.yaml:5:1: toString: unknown key [value.unknown-key]',
    `  expected  ${topLevel}`,
  ],
  [
    'without its required keys',
    'name: a\n',
    'a.yaml: target: a required value is missing [value.missing]',
    '  expected  a URL such as http://127.0.0.1:4010',
    'a.yaml: load: a required value is missing [value.missing]',
    '  expected  a map such as { model: open, stages: [{ duration: 30s, rate: 200/s }] }',
    'a.yaml: steps: a required value is missing [value.missing]',
    '  expected  a list of steps, such as - GET /api/bills; or journeys, each with steps',
  ],
  [
    'with other wrong values',
    `${base + steps}connections: { max: 0 }\ninsecure: maybe\nserve: { start: npm start }\nseed: -1\nname: "a\\nb"\n`,
    'a.yaml:4:16: connections.max: invalid value [value.invalid]',
    '  found     0 (a number)',
    '  expected  a whole number from 1 to 100000',
    'a.yaml:5:1: insecure: invalid value [value.invalid]',
    '  found     "maybe"',
    '  expected  true or false',
    'a.yaml:6:1: serve.ready: a required value is missing [value.missing]',
    '  expected  a method and a path, such as GET /health',
    'a.yaml:7:1: seed: invalid value [value.invalid]',
    '  found     -1 (a number)',
    '  expected  a whole number from 0 to 9007199254740991',
    'a.yaml:8:1: name: invalid value [value.invalid]',
    '  found     "a\\nb"',
    '  expected  a name on one line, of at most 100 characters',
  ],
]);

const load = (written: string) => `target: http://127.0.0.1:4010\nload: ${written}\n${steps}`;
const open = (stage: string) => load(`{ model: open, stages: [${stage}] }`);
const durationExpected = '  expected  a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m';
const rateExpected = '  expected  a rate, such as 200/s, 1.5/s or 600/m';

cases('a load is refused', [
  [
    'whose quantities have no unit',
    open('{ duration: 30, rate: 200 }'),
    'a.yaml:2:33: load.stages[0].duration: invalid quantity [value.invalid-quantity]',
    '  found     30 (a number)',
    durationExpected,
    '  instead   "30s" or "30ms"',
    'a.yaml:2:47: load.stages[0].rate: invalid quantity [value.invalid-quantity]',
    '  found     200 (a number)',
    rateExpected,
    '  instead   "200/s"',
  ],
  [
    'whose quantities are negative',
    open('{ duration: -5s, rate: -1/s }'),
    'a.yaml:2:33: load.stages[0].duration: invalid quantity [value.invalid-quantity]',
    '  found     "-5s"',
    durationExpected,
    '  instead   "5s"',
    'a.yaml:2:48: load.stages[0].rate: invalid quantity [value.invalid-quantity]',
    '  found     "-1/s"',
    rateExpected,
    '  instead   "1/s"',
  ],
  [
    'whose quantities are of the wrong kind',
    open('{ duration: 30/s, rate: 30s }'),
    'a.yaml:2:33: load.stages[0].duration: invalid quantity [value.invalid-quantity]',
    '  found     "30/s"',
    durationExpected,
    'a.yaml:2:49: load.stages[0].rate: invalid quantity [value.invalid-quantity]',
    '  found     "30s"',
    rateExpected,
    '  instead   "30/s"',
  ],
  [
    'whose quantities are no numbers or too great',
    open('{ duration: .nan, rate: .inf }, { duration: 99999999h, rate: 1e400 }, { duration: 0s, rate: 1/s }'),
    'a.yaml:2:33: load.stages[0].duration: invalid value [value.invalid]',
    '  found     NaN (a number)',
    durationExpected,
    'a.yaml:2:49: load.stages[0].rate: invalid value [value.invalid]',
    '  found     Infinity (a number)',
    `${rateExpected}; or a range of two`,
    'a.yaml:2:65: load.stages[1].duration: the quantity is out of range [value.out-of-range]',
    '  found     "99999999h"',
    '  expected  at most 24h',
    'a.yaml:2:86: load.stages[1].rate: invalid value [value.invalid]',
    '  found     1e400',
    `${rateExpected}; or a range of two`,
    'a.yaml:2:103: load.stages[2].duration: the quantity is out of range [value.out-of-range]',
    '  found     "0s"',
    `${durationExpected}; more than zero`,
  ],
  [
    'of an open model with users',
    open('{ duration: 1s, users: 10 }'),
    'a.yaml:2:47: load.stages[0].users: unknown key [value.unknown-key]',
    '  expected  duration, rate',
    '  instead   rate: 200/s (users belong to model: closed)',
  ],
  [
    'of a closed model with a rate',
    load('{ model: closed, stages: [{ duration: 1s, rate: 10/s }] }'),
    'a.yaml:2:49: load.stages[0].rate: unknown key [value.unknown-key]',
    '  expected  duration, users',
    '  instead   users: 50 (a rate belongs to model: open)',
  ],
  [
    'whose users are no number of people',
    load(
      '{ model: closed, stages: [{ duration: 1s, users: 0 }, { duration: 1s, users: 1.5 }, { duration: 1s, users: 10-50 }] }',
    ),
    'a.yaml:2:49: load.stages[0].users: invalid value [value.invalid]',
    '  found     0 (a number)',
    '  expected  a whole number of users from 1 to 100000, or a range such as 10..50',
    'a.yaml:2:77: load.stages[1].users: invalid value [value.invalid]',
    '  found     1.5 (a number)',
    '  expected  a whole number of users from 1 to 100000, or a range such as 10..50',
    'a.yaml:2:107: load.stages[2].users: invalid value [value.invalid]',
    '  found     "10-50"',
    '  expected  a whole number of users from 1 to 100000, or a range such as 10..50',
  ],
  [
    'of a model that does not exist',
    load('{ model: opne, stages: [{ duration: 1s, rate: 10/s }] }'),
    'a.yaml:2:9: load.model: invalid value [value.invalid]',
    '  found     "opne"',
    '  expected  open (journeys start at a rate) or closed (a fixed number of users)',
  ],
  [
    'of no model',
    load('{ stages: [{ duration: 1s, rate: 10/s }] }'),
    'a.yaml:2:1: load.model: a required value is missing [value.missing]',
    '  expected  open (journeys start at a rate) or closed (a fixed number of users)',
  ],
  [
    'that is a word',
    load('fast'),
    'a.yaml:2:1: load: invalid value [value.invalid]',
    '  found     "fast"',
    '  expected  a map such as { model: open, stages: [{ duration: 30s, rate: 200/s }] }',
  ],
  [
    'that nobody wrote down',
    load(''),
    'a.yaml:2:1: load: a required value is missing [value.missing]',
    '  expected  a map such as { model: open, stages: [{ duration: 30s, rate: 200/s }] }',
  ],
  [
    'with a misspelt count of journeys, told in terms of the form it comes closest to',
    load('{ model: closed, users: 10, iteration: 100 }'),
    'a.yaml:2:35: load.iteration: unknown key [value.unknown-key]',
    '  expected  model, warmup, pacing, stagger, users, iterations, maxDuration',
    '  instead   iterations',
  ],
  [
    'without stages',
    load('{ model: open, stages: [] }'),
    'a.yaml:2:22: load.stages: invalid value [value.invalid]',
    '  found     an empty list',
    '  expected  a list of at least one stage',
  ],
  [
    'that never sends anything',
    open('{ duration: 1s, rate: 0/s }'),
    'a.yaml:2:22: load.stages: invalid value [value.invalid]',
    '  expected  a rate above 0/s in at least one stage',
  ],
]);

cases('journeys are refused', [
  [
    'of weight zero',
    `${base}journeys: [{ weight: 0, steps: [GET /a] }, { weight: -1, steps: [GET /a] }]\n`,
    'a.yaml:3:14: journeys[0].weight: invalid value [value.invalid]',
    '  found     0 (a number)',
    '  expected  a number above 0, up to 1000000',
    '  instead   no such journey, if nobody is to make it',
    'a.yaml:3:46: journeys[1].weight: invalid value [value.invalid]',
    '  found     -1 (a number)',
    '  expected  a number above 0, up to 1000000',
  ],
  [
    'if there are none',
    `${base}journeys: []\n`,
    'a.yaml:3:1: journeys: invalid value [value.invalid]',
    '  found     an empty list',
    '  expected  a list of at least one journey',
  ],
  [
    'without steps',
    `${base}journeys: [{ name: a }, { name: b, steps: [] }, { name: c, steps: [think: 1s] }]\n`,
    'a.yaml:3:12: journeys[0].steps: a required value is missing [value.missing]',
    '  expected  a list of steps, such as - GET /api/bills',
    'a.yaml:3:36: journeys[1].steps: invalid value [value.invalid]',
    '  found     an empty list',
    '  expected  a list of at least one step, such as - GET /api/bills',
    'a.yaml:3:60: journeys[2].steps: invalid value [value.invalid]',
    '  expected  at least one request among the steps, such as - GET /api/bills',
  ],
  [
    'that share a name',
    `${base}journeys:\n  - { name: a, steps: [GET /a] }\n  - { name: a, steps: [GET /b] }\n`,
    'a.yaml:5:7: journeys[1].name: two journeys have the same name [journey.duplicate-name]',
    '  found     "a"',
    '  expected  a name that no other journey has',
  ],
  [
    'beside steps',
    `${base + steps}journeys: [{ steps: [GET /a] }]\n`,
    'a.yaml:3:1: steps: invalid value [value.invalid]',
    '  expected  either journeys or, for a single one, steps',
  ],
]);

const lineExpected = '  expected  a method and a path, such as GET /api/bills';
const wrongLine = 'invalid request line [request.invalid-line]';
const wrongPath = 'invalid path in a request [request.invalid-path]';
const wrongStep = (what: string, line: number, found: string, expected: string, instead?: string) => [
  `a.yaml:${line + 4}:5: steps[${line}]: ${what}`,
  `  found     ${found}`,
  expected,
  ...(instead === undefined ? [] : [`  instead   ${instead}`]),
];
const requestKeys =
  '  expected  request, endpoint, headers, body, json, form, multipart, graphql, auth, timeout, redirects, stream, expect, capture, prepare, check';

cases('steps are refused', [
  [
    'that are no requests',
    `${base}steps:
  - /a
  - get /a
  - GET a
  - GET http://x.example/a?b
  - GET /a b
  - GET /ä#x
  - GET /{{a b}}/ä
  - 42
  - GET
  - https://x.example/z
  - CONNECT /
`,
    ...wrongStep(wrongLine, 0, '"/a"', lineExpected, 'GET /a'),
    ...wrongStep(wrongLine, 1, '"get /a"', lineExpected, 'GET /a'),
    ...wrongStep(wrongLine, 2, '"GET a"', lineExpected, 'GET /a'),
    ...wrongStep(
      wrongPath,
      3,
      '"GET http://x.example/a?b"',
      '  expected  a path: the origin stands in target, once for all steps',
      'GET /a?b',
    ),
    ...wrongStep(
      wrongPath,
      4,
      '"GET /a b"',
      '  expected  a path of visible ASCII characters, all others percent-encoded',
      'GET /a%20b',
    ),
    ...wrongStep(
      wrongPath,
      5,
      '"GET /ä#x"',
      '  expected  a path without #: what follows it is never sent to a server',
      'GET /ä (or %23 for the character itself)',
    ),
    ...wrongStep(
      wrongPath,
      6,
      '"GET /{{a b}}/ä"',
      '  expected  a path of visible ASCII characters, all others percent-encoded',
      'GET /{{a b}}/%C3%A4',
    ),
    ...wrongStep(
      'invalid value [value.invalid]',
      7,
      '42 (a number)',
      '  expected  a request such as GET /api/bills, or a map with a key such as request, think or repeat',
    ),
    ...wrongStep(wrongLine, 8, '"GET"', lineExpected, 'GET /path'),
    ...wrongStep(wrongLine, 9, '"https://x.example/z"', lineExpected, 'GET /z'),
    ...wrongStep(wrongLine, 10, '"CONNECT /"', lineExpected),
  ],
  [
    'with misspelt and misplaced keys',
    `${base}steps:
  - request: GET /a
    expect: { statuz: 200 }
  - reqest: GET /b
  - { request: GET /a, status: 200 }
  - { request: GET /a, think: 1s }
  - POST /x: {}
  - { expect: { status: 200 } }
`,
    'a.yaml:5:15: steps[0].expect.statuz: unknown key [value.unknown-key]',
    '  expected  status, headers, body, json, size, time, schema, graphql',
    '  instead   status',
    'a.yaml:6:5: steps[1].reqest: unknown key [value.unknown-key]',
    requestKeys,
    '  instead   request',
    'a.yaml:7:24: steps[2].status: unknown key [value.unknown-key]',
    requestKeys,
    '  instead   inside expect: expect: { status: 200 }',
    'a.yaml:8:24: steps[3].think: unknown key [value.unknown-key]',
    requestKeys,
    '  instead   a step of its own: - think: 1s',
    'a.yaml:9:5: steps[4]["POST /x"]: unknown key [value.unknown-key]',
    requestKeys,
    '  instead   request: POST /x',
    'a.yaml:10:5: steps[5].request: a required value is missing [value.missing]',
    lineExpected,
  ],
  [
    'that expect what never comes',
    `${base}steps:
  - { request: GET /a, expect: { status: 99 } }
  - { request: GET /a, expect: { status: [200, 700] } }
  - { request: GET /a, expect: { status: 2xx } }
  - { request: GET /a, expect: { status: [] } }
  - { request: GET /a, expect: 200 }
`,
    'a.yaml:4:34: steps[0].expect.status: invalid value [value.invalid]',
    '  found     99 (a number)',
    '  expected  a final status from 200 to 599, a group such as 2xx, or a list of them',
    'a.yaml:5:34: steps[1].expect.status: invalid value [value.invalid]',
    '  found     a list',
    '  expected  a final status from 200 to 599, a group such as 2xx, or a list of them',
    'a.yaml:7:34: steps[3].expect.status: invalid value [value.invalid]',
    '  found     an empty list',
    '  expected  a final status from 200 to 599, a group such as 2xx, or a list of them',
    'a.yaml:8:24: steps[4].expect: invalid value [value.invalid]',
    '  found     200 (a number)',
    '  expected  a map with the keys status, headers, body, json, size, time, schema, graphql',
  ],
  [
    'whose pauses cannot be read',
    `${base}steps:\n  - GET /a\n  - think: 800ms..200ms\n  - think: 200..800ms\n  - think: 5\n`,
    'a.yaml:5:5: steps[1].think: the quantity is out of range [value.out-of-range]',
    '  found     "800ms..200ms"',
    '  expected  a range from the shorter to the longer pause',
    '  instead   200ms..800ms',
    'a.yaml:6:5: steps[2].think: invalid quantity [value.invalid-quantity]',
    '  found     "200..800ms"',
    '  expected  a duration, such as 100ms or 1.5s; or a range of two, joined by two dots',
    '  instead   "200ms..800ms"',
    'a.yaml:7:5: steps[3].think: invalid quantity [value.invalid-quantity]',
    '  found     5 (a number)',
    '  expected  a duration, such as 100ms or 1.5s',
    '  instead   "5ms"',
  ],
  [
    'that closes connections by a header',
    `${base}defaults: { headers: { Connection: close } }\n${steps}`,
    'a.yaml:3:24: defaults.headers.Connection: Plimsoll sets this header itself [header.reserved]',
    '  found     "Connection"',
    '  instead   leave it out; `connections: { reconnect: every request }` closes behind each answer',
  ],
  [
    'whose headers would break the message',
    `${base}defaults: { headers: { "a b": x, content-length: 5, ok: "a\\r\\nb", n: 5 } }\n${steps}`,
    'a.yaml:3:24: defaults.headers["a b"]: invalid header name [header.invalid-name]',
    '  found     "a b"',
    "  expected  a header name: letters, digits and !#$%&'*+-.^_`|~",
    'a.yaml:3:34: defaults.headers.content-length: Plimsoll sets this header itself [header.reserved]',
    '  found     "content-length"',
    '  instead   leave it out',
    'a.yaml:3:53: defaults.headers.ok: invalid header value [header.invalid-value]',
    '  found     "a\\r\\nb"',
    '  expected  a header value on one line, without control characters',
    '  instead   the value without line breaks',
    'a.yaml:3:67: defaults.headers.n: invalid value [value.invalid]',
    '  found     5 (a number)',
    '  expected  a header value as text, or a list of values',
    '  instead   "5"',
  ],
  [
    'whose bodies are no text and no JSON',
    `${base}steps:\n  - { request: POST /a, body: { a: 1 } }\n  - { request: POST /a, body: 5 }\n  - { request: POST /a, json: .nan }\n`,
    'a.yaml:4:25: steps[0].body: invalid value [value.invalid]',
    '  found     a map with the key a',
    '  expected  text',
    '  instead   json: in place of body:',
    'a.yaml:5:25: steps[1].body: invalid value [value.invalid]',
    '  found     5 (a number)',
    '  expected  text',
    '  instead   "5"',
    'a.yaml:6:25: steps[2].json: invalid value [value.invalid]',
    '  found     NaN (a number)',
    '  expected  what JSON can hold: no infinite number and none that is not a number',
  ],
  [
    'whose method has no body, or which have two',
    `${base}steps:\n  - { request: GET /a, body: x }\n  - { request: POST /a, body: x, json: {} }\n`,
    'a.yaml:4:24: steps[0].body: the request cannot have this body [request.unexpected-body]',
    '  expected  a GET request without a body',
    '  instead   POST /a, or no body',
    'a.yaml:5:34: steps[1].json: the request cannot have this body [request.unexpected-body]',
    '  expected  either body or json',
    '  instead   one of the two',
  ],
  [
    'that call one endpoint by two methods',
    `${base}steps:\n  - { request: POST /a, endpoint: GET /a }\n  - { request: GET /a, endpoint: login }\n  - { request: POST /a, endpoint: login }\n`,
    'a.yaml:4:25: steps[0].endpoint: one endpoint name stands for two methods [endpoint.two-methods]',
    '  found     "GET /a" for a POST request, and for GET',
    '  expected  an endpoint of one method',
    'a.yaml:6:25: steps[2].endpoint: one endpoint name stands for two methods [endpoint.two-methods]',
    '  found     "login" for a POST request, and for GET',
    '  expected  an endpoint of one method',
  ],
  [
    'whose captures have no name or no path',
    `${base}steps:\n  - { request: GET /b, capture: { "b c": $.x, c: a.b, d: "$..x..y", e: "$.", f: "$[?match(@.a, 'b')]" } }\n`,
    'a.yaml:4:35: steps[0].capture["b c"]: invalid value [value.invalid]',
    '  found     "b c"',
    '  expected  a name of letters, digits, _ and -, which begins with a letter',
    'a.yaml:4:47: steps[0].capture.c: invalid JSON path [capture.invalid-path]',
    '  found     "a.b"',
    "  expected  a JSONPath from the root of the answer, such as $.data[0].id, $['first name'] or $.items[?@.open].id",
    '  instead   $.a.b',
    'a.yaml:4:55: steps[0].capture.d: invalid JSON path [capture.invalid-path]',
    '  found     "$..x..y"',
    '  expected  at most one .. in a path: with two, a large answer takes too long',
    'a.yaml:4:69: steps[0].capture.e: invalid JSON path [capture.invalid-path]',
    '  found     "$."',
    "  expected  a JSONPath from the root of the answer, such as $.data[0].id, $['first name'] or $.items[?@.open].id",
    '  instead   $',
    'a.yaml:4:78: steps[0].capture.f: invalid JSON path [capture.invalid-path]',
    `  found     "$[?match(@.a, 'b')]"`,
    '  expected  no match() and search(), which an answer can make slow',
    '  instead   { json: PATH, match: PATTERN }',
  ],
  [
    'whose checks are none, or check nothing',
    `${base}steps:
  - request: GET /a
    expect:
      headers: { "content type": x, x-a: {}, x-b: { contians: y } }
      json: { total: 3, "$.b": { above: x }, "$.c": { min: -1 }, "$.d": {}, "$.e": "{{nope}}" }
      size: 2kB..1kB
      time: 5
`,
    'a.yaml:6:18: steps[0].expect.headers["content type"]: invalid header name [header.invalid-name]',
    '  found     "content type"',
    "  expected  a header name: letters, digits and !#$%&'*+-.^_`|~",
    '  instead   content-type',
    'a.yaml:6:37: steps[0].expect.headers.x-a: invalid value [value.invalid]',
    '  expected  a map with equals, contains, matches or exists',
    'a.yaml:6:53: steps[0].expect.headers.x-b.contians: unknown key [value.unknown-key]',
    '  expected  equals, contains, matches, exists',
    '  instead   contains',
    'a.yaml:7:15: steps[0].expect.json.total: invalid JSON path [capture.invalid-path]',
    '  found     "total"',
    "  expected  a JSONPath from the root of the answer, such as $.data[0].id, $['first name'] or $.items[?@.open].id",
    '  instead   $.total',
    'a.yaml:7:34: steps[0].expect.json["$.b"].above: invalid value [value.invalid]',
    '  found     "x"',
    '  expected  a number',
    'a.yaml:7:55: steps[0].expect.json["$.c"].min: unknown key [value.unknown-key]',
    '  expected  equals, not, above, below, atLeast, atMost, contains, matches, length, exists',
    '  instead   atLeast',
    'a.yaml:7:66: steps[0].expect.json["$.d"]: invalid value [value.invalid]',
    '  expected  a map with a comparison, such as { atLeast: 1 }',
    'a.yaml:8:7: steps[0].expect.size: the quantity is out of range [value.out-of-range]',
    '  found     "2kB..1kB"',
    '  expected  a range from the smaller to the larger size',
    '  instead   1kB..2kB',
    'a.yaml:9:7: steps[0].expect.time: invalid quantity [value.invalid-quantity]',
    '  found     5 (a number)',
    '  expected  a duration, such as 100ms or 1.5s',
    '  instead   "5ms"',
  ],
  [
    'whose captures are read from nowhere, or from two places',
    `${base}steps:\n  - request: GET /b\n    capture:\n      a: {}\n      b: { json: $.x, header: x }\n      c: { regex: y }\n      d: { match: "(?<=a)b" }\n`,
    'a.yaml:6:7: steps[0].capture.a: invalid value [value.invalid]',
    '  expected  a map with one of the keys json, header, cookie, select, match',
    'a.yaml:7:7: steps[0].capture.b: invalid value [value.invalid]',
    '  expected  one of json, header, cookie, select',
    'a.yaml:8:12: steps[0].capture.c.regex: unknown key [value.unknown-key]',
    '  expected  json, header, cookie, select, attribute, match',
    '  instead   match',
    'a.yaml:9:12: steps[0].capture.d.match: invalid regular expression [pattern.invalid]',
    '  found     "(?<=a)b"',
    '  expected  a pattern without look-around and back references, which can be matched in linear time',
  ],
]);

const target = (url: string) => base.replace('http://127.0.0.1:4010', url) + steps;
const wrongTarget = (found: string, ...rest: string[]) => [
  'a.yaml:1:1: target: the target is not a URL that can be loaded [target.invalid]',
  `  found     ${found}`,
  ...rest,
];
const urlExpected = '  expected  an http or https URL, such as http://127.0.0.1:4010';

cases('a target is refused', [
  [
    'without a scheme',
    target('localhost:4010'),
    ...wrongTarget('"localhost:4010"', urlExpected, '  instead   http://localhost:4010'),
  ],
  ['of another scheme', target('ftp://h'), ...wrongTarget('"ftp://h"', urlExpected)],
  ['that is no URL', target('http://a b'), ...wrongTarget('"http://a b"', urlExpected)],
  [
    'with a password, which is not repeated',
    target('http://u:hunter2@h/x'),
    ...wrongTarget(
      '"http://…@h/x"',
      '  expected  a URL without user and password',
      '  instead   the header authorization',
    ),
  ],
  [
    'with a query',
    target('http://h/x/?y=1'),
    ...wrongTarget(
      '"http://h/x/?y=1"',
      '  expected  an origin and a base path, without ? and #: the query stands in each step',
      '  instead   http://h/x',
    ),
  ],
]);
