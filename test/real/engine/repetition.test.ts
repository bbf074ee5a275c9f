import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawsOf } from '../../../src/engine/draws/draws.ts';
import { measure } from '../../../src/engine/measure.ts';
import { prepareJourneys } from '../../../src/engine/request/prepared-request.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

describe('steps that are repeated', () => {
  it('are made as often as the scenario says, with what was captured', async t => {
    const { url, received } = await startValueServer(t, (_, response) =>
      response.end(`{"n":${received.length}}`),
    );
    const { checks } = await measured(
      url,
      `steps:
  - { request: GET /first, capture: { a: $.n } }
  - repeat: 3
    steps:
      - { request: 'GET /a/{{a}}', endpoint: GET /a, capture: { n: $.n }, expect: { schema: s.json } }
      - { think: 1ms }
      - 'GET /n/{{n}}'
  - 'GET /last/{{n}}'`,
      { files: { 's.json': '{ "type": "object", "required": ["n"] }' } },
    );
    assert.deepEqual(
      received.map(one => one.url),
      ['/first', '/a/1', '/n/2', '/a/1', '/n/4', '/a/1', '/n/6', '/last/6'],
    );
    assert.deepEqual(checks, [{ endpoint: 'GET /a', check: 'schema', passed: 3, failed: 0 }]);
  });

  it('are refused where they are none, too many, or use what comes later', async () => {
    const mistakes = await mistakesOf(
      `${base}steps:\n  - { repeat: 0, steps: [GET /a] }\n  - { repeat: 2, steps: [{ think: 1s }] }\n  - { repeat: 2, steps: ['GET /{{x}}', { request: GET /b, capture: { x: $.x } }] }\n`,
    );
    const text = JSON.stringify(mistakes);
    assert.match(text, /a whole number from 1 to 1000/);
    assert.match(text, /at least one request among the steps/);
    const many = await mistakesOf(
      `${base}steps:\n${'  - { repeat: 1000, steps: [GET /a, GET /b, GET /c] }\n'.repeat(2)}`,
    );
    assert.match(JSON.stringify(many), /6000 steps, with those that are repeated/);
    const late = await mistakesOf(
      `${base}steps:\n  - { repeat: 2, steps: ['GET /{{x}}', { request: GET /b, capture: { x: $.x } }] }\n`,
    );
    assert.match(JSON.stringify(late), /x is captured only by this step or a later one/);
  });
});

describe('an exponential think time', () => {
  it('has its mean, and no pause is longer than ten times that', async () => {
    const plan = await planOf(`${base}steps: [GET /a, { think: { mean: 100ms } }, GET /b]\n`);
    const think = prepareJourneys(plan)[0]?.steps[1];
    assert.ok(think?.kind === 'think', 'a pause');
    const draws = drawsOf(plan);
    const times = Array.from({ length: 20_000 }, (_, index) => draws.think(think, index, 1) / 1_000);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    assert.ok(Math.abs(mean - 100) < 3, `a mean of ${mean} ms`);
    assert.ok(Math.max(...times) <= 1_000 && Math.max(...times) > 500, `up to ${Math.max(...times)} ms`);
    const above = times.filter(time => time > 100).length / times.length;
    assert.ok(Math.abs(above - Math.exp(-1)) < 0.02, `${above} of them above the mean`);
  });
});

describe('the same seed', () => {
  it('sends the same requests twice, and the same ones over one and two workers', async t => {
    const { url, received } = await startValueServer(t, (request, response) => {
      if (request.url?.startsWith('/go'))
        response.writeHead(302, { location: `/there${request.url}`, 'set-cookie': 'c=1; Path=/' }).end();
      else response.end(JSON.stringify({ id: request.url }));
    });
    const plan = await planOf(
      `target: ${url}
load: { model: closed, users: 4, iterations: 60 }
cookies: true
defaults: { redirects: follow }
data: { d: { file: d.csv } }
journeys:
  - weight: 2
    steps:
      - { request: 'GET /go/{{d.v}}', capture: { id: $.id } }
      - { repeat: 2, steps: [{ request: POST /b, json: { id: '{{id}}', v: '{{d.v | base64}}' } }] }
  - steps: ['GET /c/{{d.v}}', { think: { mean: 1ms } }, 'GET /d/{{d.v}}']
`,
      { files: { 'd.csv': `v\n${Array.from({ length: 30 }, (_, index) => `v${index}\n`).join('')}` } },
    );
    const sentBy = async (workers: number) => {
      received.length = 0;
      await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers, pacing: 'economical' } });
      return received.map(one => JSON.stringify([one.method, one.url, one.body, one.rawHeaders])).sort();
    };
    const first = await sentBy(1);
    assert.ok(first.length > 150, `${first.length} requests`);
    assert.deepEqual(await sentBy(1), first);
    assert.deepEqual(await sentBy(2), first);
  });
});
