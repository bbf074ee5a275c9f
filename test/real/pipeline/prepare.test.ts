import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dryRun, prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { type Files, inWorkspace, messageOf } from '../config/workspace.ts';

const sound = `target: http://127.0.0.1:4010
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
steps: [GET /a]
`;

interface Given {
  readonly files: Files;
  readonly run: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly allowHosts?: readonly string[];
}

const prepared = ({ files, run, env = {}, allowHosts = [] }: Given) =>
  inWorkspace(files, cwd =>
    prepareRuns(
      run.map(file => ({ kind: 'file', file })),
      { cwd, env, budgets: 'budgets.json' in files ? 'budgets.json' : null, allowHosts },
    ),
  );

describe('several runs', () => {
  test('are refused with the mistakes of all their files', async () => {
    const told = await messageOf(
      prepared({
        files: {
          'a.yaml': sound.replace('rate', 'rat'),
          'b.yaml': `${sound}data: { x: { file: x.csv } }\n`,
          'c.yaml': sound.replace('127.0.0.1:4010', '169.254.169.254'),
          'd.yaml': sound,
          'budgets.json':
            '{ "defaults": { "p95": "10" }, "scenarios": { "d": { "endpoints": { "GET /b": {} } } } }',
        },
        run: ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'gone.yaml'],
      }),
    );
    for (const place of [
      'a.yaml:2:47: load.stages[0].rat: unknown key [value.unknown-key]',
      'b.yaml:4:14: data.x.file: the file does not exist [file.missing]',
      'http://169.254.169.254: the target is neither loopback nor private nor allowed [target.not-allowed]',
      'budgets.json:1:17: defaults.p95: invalid quantity [value.invalid-quantity]',
      'scenarios.d.endpoints["GET /b"]: a budget for an endpoint that the scenario does not have [budgets.unknown-endpoint]',
      'gone.yaml: the file does not exist [file.missing]',
    ]) {
      assert.ok(told.includes(place), `${place} in ${told}`);
    }
    assert.equal(told.match(/defaults\.p95/g)?.length, 1, told);
  });

  test('are each other’s scenarios, for which budgets may be there', async () => {
    const files = {
      'one/items.yaml': sound,
      'two/itens.yaml': sound,
      'two/pay.yaml': sound,
      'budgets.json': '{ "scenarios": { "itens": {}, "pay": {}, "signup": {} } }',
    };
    const told = { kind: 'unusedBudgets', file: 'budgets.json', scenarios: ['signup'] };
    const runs = await prepared({ files, run: ['one/items.yaml', 'two/itens.yaml', 'two/pay.yaml'] });
    for (const { foreseen, plan } of runs.slice(1)) assert.deepEqual(foreseen[0], told, plan.scenario);
    assert.deepEqual(runs[0]?.budgets.unused, ['signup']);
    assert.match(
      await messageOf(prepared({ files, run: ['one/items.yaml'] })),
      /scenarios\.itens: budgets for a scenario/,
    );
  });
});

describe('a dry run', () => {
  test('shows no secret, however it is written and wherever it stands', async () => {
    const env = { PW: 'p"a\\ss/wörd', KEY: 'k3y-k3y', CUSTOM: 'cu st' };
    const text = `target: http://127.0.0.1:4010
serve: { install: "npm ci \${KEY}", build: "make \${KEY}", start: "node api.js --key \${KEY}", ready: GET /health }
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
data: { users: { file: users.csv } }
steps:
  - request: POST /a?sig=abcdef&page=1
    headers: { authorization: Basic literal, x-custom: "\${CUSTOM}" }
    json: { password: "\${PW}", note: "so: \${PW}!", secret: "{{users.word}}" }
`;
    const [run] = await prepared({
      files: { 'a.yaml': text, 'users.csv': 'word\nhunter2\n' },
      run: ['a.yaml'],
      env,
    });
    assert.ok(run, 'the run is prepared');
    const { plan, samples } = dryRun(run);
    assert.equal(plan.serve?.start, 'node api.js --key [redacted]');
    assert.equal(plan.serve?.install, 'npm ci [redacted]');
    assert.equal(plan.serve?.build, 'make [redacted]');
    assert.equal(run.plan.serve?.start, 'node api.js --key k3y-k3y');
    const shown = samples.map(sample => sample.text).join('\n');
    assert.match(shown, /^POST \/a\?sig=\[redacted\]&page=1 HTTP/);
    assert.match(shown, /x-custom: \[redacted\]\r\n/);
    assert.match(shown, /authorization: \[redacted\]\r\n/);
    assert.match(shown, /\{"password":"\[redacted\]","note":"so: \[redacted\]!","secret":"\[redacted\]"\}$/);
  });
});
