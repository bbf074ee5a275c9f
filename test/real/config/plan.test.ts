import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadPlan, timeoutOf } from '../../../src/config/scenario/plan.ts';
import type { RequestStep } from '../../../src/model/run/scenario.ts';
import { base, inWorkspace, lines, messageOf, mistakesOf, planOf } from './workspace.ts';

const bills = { 'data/bills.csv': 'id,title\n1,one\n2,"two, three"\n' };
const withBills = `${base}data: { bills: { file: data/bills.csv } }\n`;

async function requestsOf(text: string): Promise<readonly RequestStep[]> {
  const { journeys } = await planOf(text, { files: bills });
  return journeys.flatMap(({ steps }) => steps.filter(step => step.kind === 'request'));
}

describe('the plan of a five-line scenario', () => {
  test('has every default', async () => {
    const { digest, ...plan } = await planOf(`${base}steps:\n  - GET /api/bills?page=1\n`, {
      name: 'browse.yaml',
    });
    assert.match(digest, /^[0-9a-f]{64}$/);
    assert.deepEqual(plan, {
      scenario: 'browse',
      file: 'browse.yaml',
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
        stages: [{ duration: 1_000, from: 10, to: 10 }],
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
          name: 'browse',
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

  test('survives the way to a worker', async () => {
    const plan = await planOf(`${withBills}steps: ["GET /{{bills.id}}"]`, { files: bills });
    assert.deepEqual(structuredClone(plan), plan);
  });

  test('is read from any folder, with its data beside it or elsewhere', async () => {
    const files = {
      'perf/a.yaml': withBills.replace('data/', '../data/').concat('steps: ["GET /{{bills.id}}"]'),
      ...bills,
    };
    await inWorkspace(files, async cwd => {
      await mkdir(join(cwd, 'other'));
      const plan = await loadPlan(
        { kind: 'file', file: '../perf/a.yaml' },
        { cwd: join(cwd, 'other'), env: {} },
      );
      assert.equal(plan.file, '../perf/a.yaml');
      assert.equal(plan.data[0]?.rows.length, 2);
    });
  });
});

describe('the load of a plan', () => {
  const loadOf = async (load: string) =>
    (await planOf(`target: http://127.0.0.1:1\nload: ${load}\nsteps: [GET /a]\n`)).load;

  test('can rise and fall, warm up, and arrive at random', async () => {
    assert.deepEqual(
      await loadOf(
        '{ model: open, warmup: 5s, arrivals: poisson, stages: [{ duration: 2m, rate: 200/s..0/s }] }',
      ),
      {
        model: 'open',
        warmup: 5_000,
        arrivals: 'poisson',
        stages: [{ duration: 120_000, from: 200, to: 0 }],
      },
    );
  });

  test('can be a number of users', async () => {
    assert.deepEqual(
      await loadOf(
        '{ model: closed, pacing: 1s, stages: [{ duration: 1s, users: 50 }, { duration: 1s, users: 10..50 }] }',
      ),
      {
        model: 'closed',
        warmup: 0,
        pacing: 1_000,
        stages: [
          { duration: 1_000, from: 50, to: 50 },
          { duration: 1_000, from: 10, to: 50 },
        ],
        iterations: null,
      },
    );
  });

  test('can be a number of journeys, which end it before its longest duration does', async () => {
    const counted = { model: 'closed', warmup: 0, pacing: 0, iterations: 1_000 };
    assert.deepEqual(await loadOf('{ model: closed, users: 10, iterations: 1000 }'), {
      ...counted,
      stages: [{ duration: 600_000, from: 10, to: 10 }],
    });
    assert.deepEqual(await loadOf('{ model: closed, users: 10, iterations: 1000, maxDuration: 2m }'), {
      ...counted,
      stages: [{ duration: 120_000, from: 10, to: 10 }],
    });
  });
});

describe('a step', () => {
  test('is measured under its route, and shares its endpoint with steps of the same name', async () => {
    const { endpoints, journeys } = await planOf(
      `${withBills}steps:
  - GET /api/bills?page=1
  - GET /api/bills?page=2
  - GET /api/bills/{{ bills.id }}?x={{bills.title}}
  - { request: 'GET /api/bills/{{bills.id}}', endpoint: GET /api/bills/:id }
  - DELETE /api/bills
`,
      { files: bills },
    );
    assert.deepEqual(endpoints, [
      { name: 'GET /api/bills', method: 'GET' },
      { name: 'GET /api/bills/:bills.id', method: 'GET' },
      { name: 'GET /api/bills/:id', method: 'GET' },
      { name: 'DELETE /api/bills', method: 'DELETE' },
    ]);
    assert.deepEqual(
      journeys[0]?.steps.map(step => step.kind === 'request' && step.endpoint),
      [0, 0, 1, 2, 3],
    );
  });

  test('fills its templates from data and from what earlier steps captured', async () => {
    const [first, second] = await requestsOf(`${withBills}steps:
  - request: 'GET /a/{{bills.title}}'
    capture: { author: "$.data[0]['first name'].id", next: $ }
  - { request: 'GET /b/{{author}}/{{next}}/{{bills.id}}', headers: { X-Next: '{{next}}' } }
`);
    assert.deepEqual(first?.path, {
      literals: ['/a/', ''],
      expressions: [{ kind: 'data', set: 0, column: 1 }],
    });
    assert.deepEqual(first?.captures, [
      { name: 'author', slot: 0, path: ['data', 0, 'first name', 'id'] },
      { name: 'next', slot: 1, path: [] },
    ]);
    assert.deepEqual(second?.path, {
      literals: ['/b/', '/', '/', ''],
      expressions: [
        { kind: 'capture', slot: 0 },
        { kind: 'capture', slot: 1 },
        { kind: 'data', set: 0, column: 0 },
      ],
    });
    assert.deepEqual(second?.headers, [
      { name: 'x-next', value: { literals: ['', ''], expressions: [{ kind: 'capture', slot: 1 }] } },
    ]);
  });

  test('keeps the slot of a name that is captured again', async () => {
    const { journeys } = await planOf(
      `${base}steps:\n  - { request: GET /a, capture: { x: $.a } }\n  - { request: 'GET /{{x}}', capture: { x: $.b, y: $.c } }\n`,
    );
    assert.equal(journeys[0]?.slots, 2);
    assert.deepEqual(
      journeys[0]?.steps.map(step => (step.kind === 'request' ? step.captures.map(({ slot }) => slot) : [])),
      [[0], [0, 1]],
    );
  });

  test('inherits defaults, and its own word stands over them', async () => {
    const requests = await requestsOf(`${base}defaults: { timeout: 2s, headers: { Accept: text/html, x: y } }
steps:
  - GET /a
  - { request: GET /a, timeout: 500ms, headers: { accept: application/json, Host: example.com } }
`);
    const plain = requests.map(({ timeout, headers }) => [
      timeout,
      ...headers.map(({ name, value }) => `${name}: ${value.literals}`),
    ]);
    assert.deepEqual(plain, [
      [2_000, 'accept: text/html', 'x: y'],
      [500, 'accept: application/json', 'x: y', 'host: example.com'],
    ]);
    assert.equal(timeoutOf({ journeys: [{ name: '', weight: 1, slots: 0, steps: requests }] }), 2_000);
  });

  test('sends JSON as JSON, and text as it is', async () => {
    const requests = await requestsOf(`${withBills}steps:
  - { request: POST /a, json: { id: '{{bills.id}}', n: [1, null, true] } }
  - { request: POST /a, json: [], headers: { Content-Type: application/vnd.api+json } }
  - { request: POST /a, body: '{"id": {{bills.id}}}' }
`);
    assert.deepEqual(
      requests.map(({ body, headers }) => [
        body?.template.literals,
        body?.escape,
        headers.map(({ value }) => value.literals[0]),
      ]),
      [
        [['{"id":"', '","n":[1,null,true]}'], 'json', ['application/json']],
        [['[]'], 'json', ['application/vnd.api+json']],
        [['{"id": ', '}'], 'none', []],
      ],
    );
  });

  test('expects what its file says, and a JSON Schema from a file beside it', async () => {
    const schema = { type: 'object', required: ['id'] };
    const { journeys } = await planOf(
      `${base}steps:\n  - { request: GET /a, expect: { status: [200, 429], schema: bill.json } }\n  - { request: GET /a, expect: { status: 204 } }\n`,
      { files: { 'bill.json': JSON.stringify(schema) } },
    );
    assert.deepEqual(
      journeys[0]?.steps.map(step => step.kind === 'request' && step.expect),
      [
        { statuses: [200, 429], schema },
        { statuses: [204], schema: null },
      ],
    );
  });

  test('may be named like what every object has', async () => {
    const plan = await planOf(
      `${base}data: { constructor: { file: data/bills.csv }, toString: { file: data/bills.csv } }
steps:
  - { request: 'GET /{{constructor.id}}', capture: { hasOwnProperty: $.constructor } }
  - GET /{{hasOwnProperty}}
`,
      { files: bills },
    );
    assert.deepEqual(
      plan.data.map(({ name }) => name),
      ['constructor', 'toString'],
    );
  });
});

describe('the commands of serve', () => {
  const withServe = (serve: string) => `${base}serve: ${serve}\nsteps: [GET /a]\n`;

  test('are as they were written, and null where there is nothing to install or build', async () => {
    const { serve } = await planOf(withServe('{ start: npm start, ready: GET /health }'));
    assert.deepEqual([serve?.install, serve?.build, serve?.start], [null, null, 'npm start']);
    const whole = await planOf(
      withServe('{ install: npm ci, build: npm run build, start: npm start, ready: GET /health }'),
    );
    assert.deepEqual(
      [whole.serve?.install, whole.serve?.build, whole.serve?.start],
      ['npm ci', 'npm run build', 'npm start'],
    );
  });

  test('are told where they are none', async () => {
    assert.equal(
      await mistakesOf(
        withServe('\n  instal: npm ci\n  build: [a]\n  install: 7\n  start: a\n  ready: GET /'),
      ),
      lines(
        'a.yaml:4:3: serve.instal: unknown key [value.unknown-key]',
        '  expected  install, build, start, ready, timeout',
        '  instead   install',
        'a.yaml:5:3: serve.build: invalid value [value.invalid]',
        '  found     a list',
        '  expected  a command',
        'a.yaml:6:3: serve.install: invalid value [value.invalid]',
        '  found     7 (a number)',
        '  expected  a command',
        '  instead   "7"',
      ),
    );
  });
});

describe('a digest', () => {
  const digestOf = async (text: string, files: { readonly [name: string]: string } = bills) =>
    (await planOf(text, { files })).digest;
  const text = `${withBills}name: a\nserve: { start: npm start, ready: GET /health }\nsteps: [GET /a, think: 1s]\n`;

  test('is the same wherever the load goes, whatever it is called and however it is written', async () => {
    const first = await digestOf(text);
    const same = [
      text.replace('4010', '4011'),
      text.replace('name: a', 'name: b'),
      text.replace('npm start', 'npm run dev'),
      text.replace('start: npm start', 'install: npm ci, build: npm run build, start: npm start'),
      text.replace('duration: 1s, rate: 10/s', 'rate: 600/m, duration: 1000ms'),
      text.replace('steps: [GET /a,', 'steps: [{ request: GET /a },'),
      text.replace('steps: [GET /a, think: 1s]', 'journeys: [{ name: x, steps: [GET /a, think: 1s] }]'),
    ];
    for (const other of same) assert.equal(await digestOf(other), first, other);
  });

  test('is another one for another workload', async () => {
    const others = [
      text,
      text.replace('10/s', '11/s'),
      text.replace('GET /a', 'GET /b'),
      text.replace('think: 1s', 'think: 2s'),
      `${text}seed: 2\n`,
      `${text}connections: { max: 10 }\n`,
      `${text}defaults: { timeout: 5s }\n`,
      text.replace('GET /a', '{ request: GET /a, expect: { status: 200 } }'),
      text.replace('GET /a', '{ request: GET /a, capture: { x: $.a } }'),
    ];
    const digests = await Promise.all(others.map(other => digestOf(other)));
    digests.push(await digestOf(text, { 'data/bills.csv': 'id,title\n1,other\n' }));
    assert.equal(new Set(digests).size, digests.length);
  });
});

describe('names in templates', () => {
  test('that refer to nothing are told with what exists', async () => {
    const text = `${withBills}steps:
  - GET /a/{{bils.id}}
  - GET /a/{{bills.idd}}
  - GET /{{author}}
  - { request: 'GET /b/{{own}}', capture: { author: $.a, own: $.b } }
  - GET /{{author}}/{{auther}}/{{bills.id}}
  - GET /{{author
`;
    assert.equal(
      await mistakesOf(text, { files: bills }),
      lines(
        'a.yaml:5:5: steps[0]: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{bils.id}}',
        '  expected  one of bills.id, bills.title',
        '  instead   {{bills.id}}',
        'a.yaml:6:5: steps[1]: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{bills.idd}}',
        '  expected  one of bills.id, bills.title',
        '  instead   {{bills.id}}',
        'a.yaml:7:5: steps[2]: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{author}}',
        '  expected  a value that an earlier step captured: author is captured only by this step or a later one',
        'a.yaml:8:7: steps[3].request: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{own}}',
        '  expected  a value that an earlier step captured: own is captured only by this step or a later one',
        'a.yaml:9:5: steps[4]: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{auther}}',
        '  expected  one of author, own, bills.id, bills.title',
        '  instead   {{author}}',
        'a.yaml:10:5: steps[5]: the template is not closed [template.unclosed]',
        '  found     "{{author"',
        '  expected  }} after each {{',
      ),
    );
  });

  test('do not reach from one journey into another', async () => {
    const text = `${base}journeys:\n  - steps: [{ request: GET /a, capture: { x: $.x } }]\n  - steps: ['GET /{{x}}']\n`;
    assert.equal(
      await mistakesOf(text),
      lines(
        'a.yaml:5:13: journeys[1].steps[0]: the template uses a name that does not exist here [template.unknown-name]',
        '  found     {{x}}',
        '  expected  a generator such as uuid or int 1 1000: there are no data sets and no earlier captures',
      ),
    );
  });

  test('that a default header gets wrong are told once', async () => {
    const text = `${base}defaults: { headers: { x: '{{token}}' } }\nsteps: [GET /a, GET /b]\n`;
    assert.equal((await mistakesOf(text)).match(/template\.unknown-name/g)?.length, 1);
  });
});

describe('a data set', () => {
  const rowsOf = async (name: string, content: string) => {
    const text = `${base}data: { d: { file: ${name}, pick: sequential } }\nsteps: [GET /a]\n`;
    return (await planOf(text, { files: { [name]: content } })).data;
  };

  test('is a CSV file with a header row', async () => {
    assert.deepEqual(await rowsOf('d.csv', '\uFEFFid,title\r\n1,"a, ""b"""\r\n\r\n2,\r\n'), [
      {
        name: 'd',
        pick: 'sequential',
        columns: ['id', 'title'],
        rows: [
          ['1', 'a, "b"'],
          ['2', ''],
        ],
      },
    ]);
  });

  test('is a JSON list of objects', async () => {
    assert.deepEqual(await rowsOf('d.json', '[{"id":1,"x":null,"y":true},{"y":"z","x":1.5,"id":2}]'), [
      {
        name: 'd',
        pick: 'sequential',
        columns: ['id', 'x', 'y'],
        rows: [
          ['1', '', 'true'],
          ['2', '1.5', 'z'],
        ],
        typed: [
          [true, true, true],
          [true, true, false],
        ],
      },
    ]);
  });

  const wrong: readonly (readonly [string, string, ...string[]])[] = [
    ['d.csv', '', 'd.csv: the data file has no rows [data.empty]', '  expected  at least one row of data'],
    [
      'd.csv',
      'id\n',
      'd.csv: the data file has no rows [data.empty]',
      '  expected  at least one row of data',
    ],
    [
      'd.csv',
      'id,title\n1,a\n2\n',
      'd.csv:3: a row of the data file is different from the others [data.invalid-row]',
      '  found     1 value',
      '  expected  2 values, one for each column',
    ],
    [
      'd.csv',
      'id,id\n1,2\n',
      'd.csv:1: the columns of the data file are not named correctly [data.invalid-columns]',
      '  found     columns 1 and 2 with one name',
      '  expected  a first line with a name of its own for every column',
    ],
    [
      'd.csv',
      'id,\n1,2\n',
      'd.csv:1: the columns of the data file are not named correctly [data.invalid-columns]',
      '  found     no name for column 2',
      '  expected  a first line with a name of its own for every column',
    ],
    [
      'd.json',
      '{"id": 1}',
      'd.json: the data file is not a list [data.not-a-list]',
      '  found     a map with the key id',
      '  expected  a list of objects, such as [{ "id": 1 }, { "id": 2 }]',
    ],
    [
      'd.json',
      '[{"id": 1},\n {"idd": 2}]',
      'd.json:2:2: [1]: a row of the data file is different from the others [data.invalid-row]',
      '  found     a map with the key idd',
      '  expected  an object with the keys id',
    ],
  ];
  for (const [name, content, ...message] of wrong) {
    test(`is not ${JSON.stringify(content)} in ${name}`, async () => {
      assert.equal(await messageOf(rowsOf(name, content)), lines(...message));
    });
  }

  test('with a quote that never ends is told with its line', async () => {
    assert.match(
      await messageOf(rowsOf('d.csv', 'id\n1\n"2\n')),
      /^d\.csv:\d+: the file cannot be parsed \[file\.syntax\]\n {2}found {5}a quote that is never closed/,
    );
  });
});

describe('files that a scenario names', () => {
  test('are told with the place that names them, all at once', async () => {
    const text = `${base}data:
  a: { file: data/bils.csv }
  b: { file: data }
  c: { file: nope/x.csv }
  d: { file: a.yaml }
steps:
  - { request: GET /a, expect: { schema: nope.json } }
`;
    assert.equal(
      await mistakesOf(text, { files: bills }),
      lines(
        'a.yaml:4:8: data.a.file: the file does not exist [file.missing]',
        '  found     data/bils.csv',
        '  instead   data/bills.csv',
        'a.yaml:5:8: data.b.file: the file cannot be read [file.unreadable]',
        '  found     data, a folder',
        '  expected  a file',
        'a.yaml:6:8: data.c.file: the file does not exist [file.missing]',
        '  found     nope/x.csv, no folder nope',
        'a.yaml:7:8: data.d.file: Plimsoll cannot read this kind of file [file.unknown-format]',
        '  found     a.yaml',
        '  expected  a .csv or .json file',
        'a.yaml:9:34: steps[0].expect.schema: the file does not exist [file.missing]',
        '  found     nope.json',
      ),
    );
  });

  test('must be schemas where schemas are expected', async () => {
    const text = `${base}steps: [{ request: GET /a, expect: { schema: s.json } }]\n`;
    assert.equal(
      await mistakesOf(text, { files: { 's.json': '{ "type": "strng" }' } }),
      lines(
        's.json: invalid JSON Schema [schema.invalid]',
        '  found     schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
        '  expected  a JSON Schema (draft 7 or 2020-12)',
      ),
    );
    assert.match(
      await mistakesOf(text, { files: { 's.json': '[]' } }),
      /found {5}an empty list\n {2}expected {2}a JSON Schema/,
    );
    for (const endless of ['{ "$ref": "#" }', '{ "type": "string", "allOf": [{ "$ref": "#" }] }']) {
      assert.match(
        await mistakesOf(text, { files: { 's.json': endless } }),
        /found {5}a schema that refers to itself without end/,
      );
    }
  });
});

describe('the mistakes of a scenario', () => {
  test('are told together, whichever section they are in', async () => {
    const text = `${base.replace('rate', 'rat')}data:
  a: { file: a.csv, pick: randm }
  b: { file: b.csv }
  c: { file: data/bills.csv }
steps:
  - { request: "GET /{{a.id}}/{{b.id}}/{{c.nope}}", expect: { schema: nope.json } }
  - { request: GET /b, endpoint: POST /b }
`;
    const told = await mistakesOf(text, { files: bills });
    assert.deepEqual(
      told
        .split('\n')
        .flatMap(line => (line.startsWith(' ') ? [] : [line.replace(/^a\.yaml:\d+:\d+: /, '')])),
      [
        'load.stages[0].rat: unknown key [value.unknown-key]',
        'data.a.pick: invalid value [value.invalid]',
        'data.a.file: the file does not exist [file.missing]',
        'data.b.file: the file does not exist [file.missing]',
        'steps[0].expect.schema: the file does not exist [file.missing]',
        'steps[0].request: the template uses a name that does not exist here [template.unknown-name]',
        'steps[1].endpoint: one endpoint name stands for two methods [endpoint.two-methods]',
      ],
    );
  });

  test('in its files are told though its steps are wrong', async () => {
    const told = await mistakesOf(
      `${base}data: { a: { file: a.csv } }\nsteps: [{ request: GET /a, expect: { schema: nope.json }, timout: 1s }, "GET /{{a.b}}"]\n`,
    );
    for (const place of ['steps[0].timout', 'data.a.file', 'steps[0].expect.schema']) {
      assert.ok(told.includes(`: ${place}: `), `${place} in ${told}`);
    }
    assert.doesNotMatch(told, /template\.unknown-name/);
  });

  test('do not follow from a variable that is not set', async () => {
    const told = await mistakesOf(
      `${base}data: { a: { file: "\${DIR}/a.csv" } }\nsteps: ["GET /{{a.id}}"]\n`,
    );
    assert.equal(told.match(/^a\.yaml/gm)?.length, 1, told);
    assert.match(told, /data\.a\.file: an environment variable is not set/);
  });
});

describe('a target from the command line', () => {
  test('is refused where it is given twice', async () => {
    const twice = ['http://127.0.0.1:1', 'http://127.0.0.1:2'] as unknown as string;
    assert.equal(
      await mistakesOf(`${base}steps: [GET /a]\n`, { target: twice }),
      lines(
        '--target: the flag is given more than once [command.repeated-flag]',
        '  found     --target twice',
        '  expected  --target once',
      ),
    );
  });

  test('stands over the one of the scenario, or for one that is missing', async () => {
    const text = `${base}steps: [GET /a]\n`;
    const target = 'https://[::1]:8443/v1/';
    const read = {
      url: 'https://[::1]:8443/v1',
      protocol: 'https',
      host: '::1',
      port: 8443,
      basePath: '/v1',
      socketPath: null,
    };
    assert.deepEqual((await planOf(text, { target })).target, read);
    assert.deepEqual((await planOf(text.replace(/^target.*\n/, ''), { target })).target, read);
  });

  test('is refused in its own name', async () => {
    assert.match(
      await mistakesOf(`${base}steps: [GET /a]\n`, { target: 'localhost' }),
      /^--target: the target is not a URL that can be loaded \[target\.invalid\]\n/,
    );
  });
});
