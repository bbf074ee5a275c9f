import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readDocument } from '../../../src/config/source/document.ts';
import { base, inWorkspace, lines, messageOf, mistakesOf, planOf } from './workspace.ts';

const whole = `${base}steps: [GET /a]\n`;

describe('a YAML file', () => {
  test('may begin with a byte order mark and end its lines with CRLF', async () => {
    const plan = await planOf(`\uFEFF${whole.replaceAll('\n', '\r\n')}`);
    assert.equal(plan.endpoints[0]?.name, 'GET /a');
  });

  test('may repeat itself through anchors and merged maps, and errors point to the place of use', async () => {
    const stages = 'stages: [&s { duration: 1s, rate: 10/s }, { <<: *s, rate: 20/s }, *s]';
    const text = `target: http://127.0.0.1:1\nload: { model: open, ${stages} }\nsteps: [GET /a]\n`;
    const { load } = await planOf(text);
    assert.deepEqual(
      load.stages.map(({ from }) => from),
      [10, 20, 10],
    );
    assert.match(
      await mistakesOf(text.replace('rate: 20/s', 'rate: 20')),
      /^a\.yaml:2:74: load\.stages\[1\]\.rate: invalid quantity \[value\.invalid-quantity\]/,
    );
  });

  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...[...'bcdefghi'].map(
      (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]`,
    ),
  ];
  const broken: readonly (readonly [string, string, ...string[]])[] = [
    [
      'tabs',
      'a:\n\tb: 1',
      'a.yaml:2:1: the file cannot be parsed [file.syntax]',
      '  found     a tab as indentation',
      '  instead   spaces',
    ],
    [
      'an open bracket',
      'a: [1, 2\nb: 3\n',
      'a.yaml:2:1: the file cannot be parsed [file.syntax]',
      '  found     Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'uneven indentation',
      'a: 1\n  b: 2\n',
      'a.yaml:1:4: the file cannot be parsed [file.syntax]',
      '  found     a second "key: value" where a value is expected',
      '  instead   quotes around a value that holds ": ", or the same indentation as the line above',
    ],
    [
      'a key twice',
      `${whole}seed: 1\nseed: 2\n`,
      'a.yaml:5:1: the file cannot be parsed [file.syntax]',
      '  found     a key that the same map already has',
      '  instead   each key once',
    ],
    [
      'two documents',
      `${whole}---\na: 1\n`,
      'a.yaml:4:1: the file cannot be parsed [file.syntax]',
      '  found     a second document after ---',
      '  instead   one file for each document',
    ],
    [
      'a tag that would be code elsewhere',
      `${whole}seed: !!js/function "x"\n`,
      'a.yaml:4:7: the file cannot be parsed [file.syntax]',
      '  found     Unresolved tag: tag:yaml.org,2002:js/function',
      '  instead   the plain value without a tag',
    ],
    [
      'an alias of nothing',
      `${whole}seed: *x\n`,
      'a.yaml:4:7: the file cannot be parsed [file.syntax]',
      '  found     *x, which refers to nothing',
      '  instead   &x at the value meant, which must come first',
    ],
    [
      'an alias bomb',
      bomb.join('\n'),
      'a.yaml: the file cannot be parsed [file.syntax]',
      '  found     more than 100 aliases',
    ],
    [
      'a list as a key',
      '? [a]\n: b\n',
      'a.yaml:1:3: the file cannot be parsed [file.syntax]',
      '  found     a list as a key',
      '  instead   a plain name as the key',
    ],
    [
      'a key that changes objects',
      `${whole}__proto__: { insecure: true }\n`,
      'a.yaml:4:1: the file cannot be parsed [file.syntax]',
      '  found     the key __proto__',
      '  instead   a plain name as the key',
    ],
  ];
  for (const [what, text, ...message] of broken) {
    test(`is refused for ${what}, with line and column`, async () => {
      assert.equal(await mistakesOf(text), lines(...message));
    });
  }

  test('is refused for nesting without end', async () => {
    assert.match(
      await mistakesOf('['.repeat(20_000)),
      /the file cannot be parsed \[file\.syntax\]\n {2}found {5}lists or maps nested too deeply/,
    );
  });

  test('is refused for an anchor that repeats itself', async () => {
    for (const text of ['a: &a { b: *a }\n', 'a: &a [[*a]]\n', 'a: &a { <<: *a }\n']) {
      assert.equal(
        await mistakesOf(text),
        lines(
          `a.yaml:1:${text.indexOf('*') + 1}: the file cannot be parsed [file.syntax]`,
          '  found     *a inside of &a',
          '  instead   the values themselves, or an alias beside what it repeats',
        ),
      );
    }
  });

  test('is refused for aliases that would unfold without end', async () => {
    const powers = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`);
    assert.match(await mistakesOf(`a0: &a0 [x]\n${powers.join('')}`), /more than 100 aliases/);
    const wide = `a: &a [${'x,'.repeat(20_000)}]\nb: [${'*a,'.repeat(99)}]\n`;
    assert.match(await mistakesOf(wide), /aliases that unfold into more than 1000000 values/);
  });
});

describe('a template without quotes in YAML', () => {
  test('is told line by line, each as it should be written, and lines that are right are left alone', async () => {
    const text = `${base}data: { bills: { file: data/bills.csv } }
steps:
  - request: GET /a
    body: {{bills.id}}
  - { request: GET /a/{{bills.id}}, expect: { status: 200 } }
  - GET /x/{{bills.id}}
  - { request: GET /b, capture: { a: $.links[0].id, b: $.x, c: $['first name'] } }
  - request: GET /d
    headers: { x: {{bills.id}}, y: Bearer \${T:-abc} }
    json: { a: '{{bills.id}}' }
  - {{bills.title}}/x # which is no request, but that comes later
`;
    const mistake = (place: string, found: string, instead: string) => [
      `a.yaml:${place}: a template must be quoted in YAML [template.unquoted]`,
      `  found     ${found}`,
      `  instead   ${instead}`,
    ];
    assert.equal(
      await mistakesOf(text),
      lines(
        ...mistake('6:11', 'body: {{bills.id}}', "body: '{{bills.id}}'"),
        ...mistake(
          '7:16',
          '- { request: GET /a/{{bills.id}}, expect: { status: 200 } }',
          "- { request: 'GET /a/{{bills.id}}', expect: { status: 200 } }",
        ),
        ...mistake(
          '9:38',
          "- { request: GET /b, capture: { a: $.links[0].id, b: $.x, c: $['first name'] } }",
          `- { request: GET /b, capture: { a: '$.links[0].id', b: $.x, c: "$['first name']" } }`,
        ),
        ...mistake(
          '11:19',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: as the file has it
          'headers: { x: {{bills.id}}, y: Bearer ${T:-abc} }',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: as the file has it
          "headers: { x: '{{bills.id}}', y: 'Bearer ${T:-abc}' }",
        ),
        ...mistake(
          '13:5',
          '- {{bills.title}}/x # which is no request, but that comes later',
          "- '{{bills.title}}/x' # which is no request, but that comes later",
        ),
      ),
    );
  });

  test('is no excuse for another mistake: that one is told as it is', async () => {
    assert.match(
      await mistakesOf('a: {{x}}\nb: "open\n'),
      /^a\.yaml:\d+:\d+: the file cannot be parsed \[file\.syntax\]\n/,
    );
  });
});

describe('a JSON file', () => {
  test('is read like YAML', async () => {
    const scenario = {
      target: 'http://127.0.0.1:1',
      load: { model: 'open', stages: [{ duration: '1s', rate: '10/s' }] },
      steps: ['GET /a'],
    };
    const plan = await planOf(JSON.stringify(scenario), { name: 'a.json' });
    assert.equal(plan.scenario, 'a');
    const wrong = JSON.stringify({ ...scenario, steps: [{ reqest: 'GET /a' }] }, null, 2);
    assert.match(
      await mistakesOf(wrong, { name: 'a.json' }),
      /^a\.json:14:7: steps\[0\]\.reqest: unknown key/,
    );
  });

  const broken = [
    ['a comma too many', '{\n  "a": 1,\n}', '3:1', 'no key in double quotes (or a comma too many)'],
    ['a comment', '// x\n{}', '1:1', 'a comment, which JSON does not have'],
    ['a string without end', '{"a": "b', '1:7', 'a string without its closing quote'],
    ['single quotes', "{'a': 1}", '1:2', 'a word that is not JSON (strings stand in double quotes)'],
    ['a key twice', '{"seed": 1,\n "seed": 2}', '2:2', 'the key "seed" a second time'],
    ['a key that changes objects', '{"a": {"__proto__": {}}}', '1:8', 'the key __proto__'],
  ] as const;
  for (const [what, text, place, found] of broken) {
    test(`is refused for ${what}, with line and column`, async () => {
      assert.equal(
        await mistakesOf(text, { name: 'a.json' }),
        lines(`a.json:${place}: the file cannot be parsed [file.syntax]`, `  found     ${found}`),
      );
    });
  }

  test('is refused for nesting without end', async () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    assert.equal(
      await mistakesOf(deep, { name: 'a.json' }),
      lines(
        'a.json:1:501: the file cannot be parsed [file.syntax]',
        '  found     lists or objects nested more than 500 deep',
      ),
    );
  });
});

describe('a file', () => {
  test('that is missing is told with the one that was meant', async () => {
    await inWorkspace({ 'scenarios/browse.yaml': whole, 'scenarios/bom.yaml': whole }, async cwd => {
      assert.equal(
        await messageOf(readDocument('scenarios/brwose.yaml', cwd)),
        lines(
          'scenarios/brwose.yaml: the file does not exist [file.missing]',
          '  instead   scenarios/browse.yaml',
        ),
      );
      assert.equal(
        await messageOf(readDocument('scenario/browse.yaml', cwd)),
        lines(
          'scenario/browse.yaml: the file does not exist [file.missing]',
          '  found     no folder scenario',
        ),
      );
      assert.equal(
        await messageOf(readDocument('other.yaml', cwd)),
        'other.yaml: the file does not exist [file.missing]',
      );
      // An ending in common is no likeness.
      assert.equal(
        await messageOf(readDocument('scenarios/nope.yaml', cwd)),
        'scenarios/nope.yaml: the file does not exist [file.missing]',
      );
    });
  });

  test('that is a folder is no file', async () => {
    await inWorkspace({}, async cwd => {
      await mkdir(join(cwd, 'a.yaml'));
      assert.equal(
        await messageOf(readDocument('a.yaml', cwd)),
        lines(
          'a.yaml: the file cannot be read [file.unreadable]',
          '  found     a folder',
          '  expected  a file',
        ),
      );
    });
  });

  test('must be text', async () => {
    assert.equal(
      await mistakesOf(`${whole}\0`),
      lines(
        'a.yaml:4: the file is not UTF-8 text [file.not-text]',
        '  found     a NUL byte',
        '  expected  a text file in UTF-8',
      ),
    );
    assert.equal(
      await mistakesOf(Buffer.from([0x61, 0x3a, 0x20, 0xe9])),
      lines(
        'a.yaml: the file is not UTF-8 text [file.not-text]',
        '  found     bytes that are not UTF-8',
        '  expected  a text file in UTF-8',
      ),
    );
  });

  test('of another kind of code is not read', async () => {
    assert.equal(
      await mistakesOf('export default {}', { name: 'a.cts' }),
      lines(
        'a.cts: Plimsoll cannot read this kind of file [file.unknown-format]',
        '  found     .cts, which is code',
        '  expected  a .yaml, .json, .ts, .mts, .js or .mjs file',
      ),
    );
  });
});
