import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseTarget } from '../../../src/config/grammar/target-url.ts';
import { planFromFlags } from '../../../src/config/scenario/plan.ts';
import { resolveTarget } from '../../../src/safety/target.ts';
import { base, lines, messageOf, mistakesOf, planOf } from './workspace.ts';

const socket = (socketPath: string, basePath = '') => ({
  url: `unix:${socketPath}${basePath && `:${basePath}`}`,
  protocol: 'http',
  host: 'localhost',
  port: 80,
  basePath,
  socketPath,
});

describe('a Unix socket as a target', () => {
  test('is its path, and a base path behind another colon', async () => {
    assert.deepEqual(parseTarget('unix:/run/api.sock'), socket('/run/api.sock'));
    assert.deepEqual(parseTarget('unix:/run/api.sock:/v1/'), socket('/run/api.sock', '/v1'));
    assert.deepEqual(parseTarget('unix:/run/my api:1.sock'), socket('/run/my api:1.sock'));
    const scenario = `${base.replace('http://127.0.0.1:4010', 'unix:/run/api.sock')}steps: [GET /a]\n`;
    assert.deepEqual((await planOf(scenario)).target, socket('/run/api.sock'));
  });

  test('may come from the command line, with the path of a request too', async () => {
    const target = 'unix:/run/api.sock';
    assert.deepEqual((await planOf(`${base}steps: [GET /a]\n`, { target })).target, socket('/run/api.sock'));
    const plan = planFromFlags({ url: 'unix:/run/api.sock:/bills?page=1', rate: '1/s', duration: '1s' });
    assert.deepEqual(plan.target, socket('/run/api.sock'));
    assert.deepEqual(
      plan.endpoints.map(({ name }) => name),
      ['GET /bills'],
    );
  });

  test('is on this machine: no name is looked up, and nobody has to allow it', async () => {
    const lookup = () => Promise.reject(new Error('looked up'));
    assert.deepEqual(await resolveTarget(parseTarget('unix:/run/api.sock'), { allowHosts: [], lookup }), []);
  });

  const expected =
    '  expected  unix: and the absolute path of a socket, such as unix:/run/api.sock or unix:/run/api.sock:/base';
  const cases: readonly (readonly [what: string, written: string, ...rest: string[]])[] = [
    ['of a relative path', 'unix:run/api.sock', expected],
    ['of no path', 'unix:', expected],
    ['of a folder', 'unix:/', expected],
    ['with the slashes of a URL', 'unix:///run/api.sock', expected, '  instead   unix:/run/api.sock'],
    ['in capitals', 'UNIX:/run/api.sock', expected, '  instead   unix:/run/api.sock'],
    [
      'as other tools write it',
      'http://unix:/run/api.sock:/v1',
      expected,
      '  instead   unix:/run/api.sock:/v1',
    ],
    ['with a slash too many', 'unix:/run/api.sock/', expected, '  instead   unix:/run/api.sock'],
    ['with a colon too many', 'unix:/run/api.sock:', expected, '  instead   unix:/run/api.sock'],
    [
      'without its scheme',
      '/run/api.sock',
      '  expected  an http or https URL, such as http://127.0.0.1:4010',
      '  instead   http://127.0.0.1/run/api.sock, or unix:/run/api.sock',
    ],
    [
      'with a query',
      'unix:/run/api.sock:/v1?x=1',
      '  expected  an origin and a base path, without ? and #: the query stands in each step',
      '  instead   unix:/run/api.sock:/v1',
    ],
  ];
  for (const [what, written, ...rest] of cases) {
    test(`is refused ${what}`, async () => {
      assert.equal(
        await messageOf(() => parseTarget(written)),
        lines(
          'the target is not a URL that can be loaded [target.invalid]',
          `  found     "${written}"`,
          ...rest,
        ),
      );
    });
  }

  test('is refused where its path is longer than the system takes', async () => {
    const longest = process.platform === 'linux' ? 107 : 103;
    assert.equal(parseTarget(`unix:/${'a'.repeat(longest - 1)}`).socketPath?.length, longest);
    for (const long of [`/${'a'.repeat(longest)}`, `/${'ä'.repeat(longest / 2)}a`]) {
      const message = await messageOf(() => parseTarget(`unix:${long}`));
      assert.match(message, new RegExp(`; of at most ${longest} bytes$`));
    }
  });

  test('is told once where the command line has it wrong, with the other mistakes of the file', async () => {
    assert.equal(
      await mistakesOf(`${base}steps: [GET /a]\nseed: -1\n`, { target: 'unix:run/api.sock' }),
      lines(
        '--target: the target is not a URL that can be loaded [target.invalid]',
        '  found     "unix:run/api.sock"',
        expected,
        'a.yaml:4:1: seed: invalid value [value.invalid]',
        '  found     -1 (a number)',
        '  expected  a whole number from 0 to 9007199254740991',
      ),
    );
  });
});
