import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { filesOfScenario } from '../../../src/config/scenario/named-files.ts';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { inWorkspace, mistakesOf, planOf } from './workspace.ts';

const rest =
  "target: 'http://127.0.0.1:4010', load: { model: 'open', stages: [{ duration: '1s', rate: '10/s' }] }";
const scenario = (steps: string, before = '') =>
  `import { defineScenario } from 'plimsoll';\n${before}\nexport default defineScenario({ ${rest}, ${steps} });\n`;

const mistakes: readonly (readonly [what: string, text: string, told: string | RegExp])[] = [
  [
    'a wrong value, by its path in the object',
    scenario("journeys: [{ steps: ['GET /', { request: 'GET /a', expect: { status: 1 } }] }]"),
    /^a\.ts: journeys\[0\]\.steps\[1\]\.expect\.status: invalid value \[value\.invalid\]\n {2}found {5}1 \(a number\)\n/,
  ],
  [
    'a misspelt key',
    scenario("steps: ['GET /'], cokies: true"),
    /^a\.ts: cokies: unknown key \[value\.unknown-key\][\s\S]*instead {3}cookies$/,
  ],
  [
    'a function where a value stands',
    scenario("steps: ['GET /'], seed: (() => 1) as never"),
    /^a\.ts: seed: invalid value \[value\.invalid\]\n {2}found {5}a function\n {2}expected {2}a value: functions are prepare and check of a step$/,
  ],
  [
    'a value that JSON does not have',
    scenario("steps: [{ request: 'POST /', json: { at: new Date() as never } }]"),
    /^a\.ts: steps\[0\]\.json\.at: invalid value[^\n]*\n {2}found {5}a Date\n {2}expected {2}a value that JSON can hold$/,
  ],
  [
    'a function that answers later',
    scenario("steps: [{ request: 'GET /', async prepare() {} }]"),
    /^a\.ts: steps\[0\]\.prepare: invalid value[^\n]*\n {2}found {5}a function\n {2}expected {2}a function that answers at once/,
  ],
  [
    'a text in place of a function',
    scenario("steps: [{ request: 'GET /', check: 'ok' as never }]"),
    /steps\[0\]\.check.*\n.*\n {2}expected {2}a function, in a scenario/,
  ],
  [
    'a promise',
    `export default Promise.resolve({ ${rest} });`,
    /found {5}a promise\n[\s\S]*instead {3}export default await …$/,
  ],
  ['a function as the scenario', 'export default () => ({});', /found {5}a function\n/],
  ['nothing as the scenario', 'export default null;', /found {5}null\n/],
  [
    'a value that holds itself',
    'const a: any = {}; a.a = a; export default a;',
    /found {5}a value that holds itself\n/,
  ],
  ['no export', 'const a = 1;', /module\.no-scenario\]\n {2}found {5}no export at all\n/],
  [
    'another export than the default',
    'export const scenario = {};',
    /found {5}no default export, but scenario\n {2}expected {2}a default export, or, of a file that scenarios import, a name that begins with _/,
  ],
  [
    'syntax that is none',
    'const a = ;\nexport default {};',
    /^a\.ts:1:11: the file cannot be parsed \[file\.syntax\]\n {2}found {5}Expression expected$/,
  ],
  [
    'syntax that needs more than its types taken out',
    'enum A { B }\nexport default {};',
    /^a\.ts:1:1: [^\n]*\n {2}found {5}TypeScript enum is not supported in strip-only mode\n {2}instead {3}syntax that is erased with the types/,
  ],
  [
    'a file that is not there',
    "import './nothing.ts';\nexport default {};",
    /^a\.ts: an import of the module cannot be resolved \[module\.import-failed\]\n {2}found {5}Cannot find module '.*nothing\.ts'/,
  ],
  [
    'a package that is not there',
    "import 'no-such-package';\nexport default {};",
    /instead {3}npm install --save-dev no-such-package$/,
  ],
  [
    'a type that is imported as a value',
    "import { defineScenario, Scenario } from 'plimsoll';\nexport default {};",
    /^a\.ts:1:1: [\s\S]*instead {3}import \{ type Scenario \} from 'plimsoll', if it is a type$/,
  ],
  [
    'code that throws',
    'const a: any = null;\n\nexport default { target: a.b };',
    /^a\.ts:3:28: the module failed while it was imported \[module\.threw\]\n {2}found {5}TypeError: Cannot read properties of null \(reading 'b'\)$/,
  ],
  ['something else that is thrown', "throw 'up';", /^a\.ts: the module failed[^\n]*\n {2}found {5}up$/],
  [
    'code that ends its process',
    'process.exit(0);',
    /found {5}the module ended its thread, as process\.exit does/,
  ],
  [
    'code that waits for ever',
    'await new Promise(() => {});\nexport default {};',
    /found {5}the module ended its thread/,
  ],
];

describe('a scenario in TypeScript', () => {
  test('is the same as one in YAML, and reads what it imports', async () => {
    const shared = "export const path = (id: number) => ('GET /bills/' + id) as any;\n";
    const text = scenario('steps: [path(7), { think: "1s" }]', "import { path } from './lib/paths';");
    const plan = await planOf(text, { name: 'a.ts', files: { 'lib/paths.ts': shared } });
    const yaml = await planOf(
      'target: http://127.0.0.1:4010\nload: { model: open, stages: [{ duration: 1s, rate: 10/s }] }\nsteps: [GET /bills/7, { think: 1s }]\n',
    );
    const { module, digest, file, ...same } = plan;
    const { digest: other, file: _, ...expected } = yaml;
    assert.deepEqual(same, expected);
    assert.equal(file, 'a.ts');
    assert.notEqual(digest, other);
    assert.deepEqual(
      module?.files.map(({ url }) => url.replace(/^.*\/plimsoll-config-\w+\//, '')),
      ['a.ts', 'lib/paths.ts'],
    );
  });

  test('has another digest once the text of an import is another one, and the same in another folder', async () => {
    const text = scenario('steps: ["GET /"]', "import './lib.ts';");
    const digest = async (lib: string) =>
      (await planOf(text, { name: 'a.ts', files: { 'lib.ts': lib } })).digest;
    const [one, two, three] = [await digest('// 1'), await digest('// 1'), await digest('// 2')];
    assert.equal(one, two);
    assert.notEqual(one, three);
  });

  for (const name of ['a.mts', 'a.js', 'a.mjs']) {
    test(`may be called ${name}`, async () => {
      const plan = await planOf(scenario("steps: ['GET /']"), { name });
      assert.deepEqual(plan.endpoints, [{ name: 'GET /', method: 'GET' }]);
    });
  }

  test('may be CommonJS, and import packages and JSON', async () => {
    const common = `module.exports = { ${rest}, steps: [require('own-package').line] };\n`;
    const files = {
      'node_modules/own-package/package.json': '{ "name": "own-package", "main": "a.js" }',
      'node_modules/own-package/a.js': "exports.line = 'GET /package';\n",
      'b.json': '{ "line": "GET /json" }',
    };
    const first = await planOf(common, { name: 'a.js', files });
    assert.equal(first.endpoints[0]?.name, 'GET /package');
    const both = scenario(
      'steps: [line, data.line as never]',
      "import { line } from 'own-package';\nimport data from './b.json' with { type: 'json' };",
    );
    const second = await planOf(both, { name: 'a.ts', files });
    assert.deepEqual(
      second.endpoints.map(({ name }) => name),
      ['GET /package', 'GET /json'],
    );
  });

  test('reads variables as YAML does, and knows those as secrets that are named so', async () => {
    const text = scenario(
      `steps: [{ request: 'POST /', json: { key: process.env.HOME === undefined ? 1 : 2, token: '\${MY_KEY}' } }]`,
    );
    const env = { MY_KEY: 'abcdefghij', API_TOKEN: 'from-the-environment', DEBUG_TOKEN: 'yes' };
    const { secrets } = await planOf(text, { name: 'a.ts', env });
    assert.ok(secrets.includes('abcdefghij') && secrets.includes('from-the-environment'), secrets.join());
    assert.ok(!secrets.includes('yes'), secrets.join());
  });

  test('names the files that it imports, so that a change of any of them is noticed', async () => {
    const files = {
      'a.ts': scenario("data: { d: { file: 'd.csv' } }, steps: ['GET /']", "import './b.ts';"),
      'b.ts': '',
    };
    const found = await inWorkspace(files, async cwd =>
      (await filesOfScenario('a.ts', cwd)).map(file => file.slice(cwd.length)),
    );
    assert.deepEqual(found, ['/a.ts', '/b.ts', '/d.csv']);
    const broken = { 'a.ts': "import './b.ts';\n", 'b.ts': 'const a = ;\n' };
    const despite = await inWorkspace(broken, async cwd =>
      (await filesOfScenario('a.ts', cwd)).map(file => file.slice(cwd.length)),
    );
    assert.deepEqual(despite, ['/a.ts', '/b.ts']);
  });

  test('leaves nothing of it in this process', async () => {
    const text = scenario(
      "steps: ['GET /']",
      'Object.assign(globalThis, { leak: 1 });\nsetInterval(() => {}, 1_000);\nprocess.chdir;',
    );
    await planOf(text, { name: 'a.ts' });
    assert.equal('leak' in globalThis, false);
  });

  for (const [what, text, told] of mistakes) {
    test(`is refused with ${what}`, async () => {
      const message = await mistakesOf(text, { name: 'a.ts' });
      if (typeof told === 'string') assert.equal(message, told);
      else assert.match(message, told);
    });
  }

  test('has no functions where a program hands it over', async () => {
    const value = {
      target: 'http://127.0.0.1:4010',
      load: { model: 'open', stages: [{ duration: '1s', rate: '10/s' }] },
      steps: [{ request: 'GET /', prepare() {} }],
    };
    const refused = loadPlan({ kind: 'value', value }, { cwd: '/', env: {} });
    await assert.rejects(refused, /scenario: steps\[0\]\.prepare: [\s\S]*a scenario file that is a module/);
  });
});
