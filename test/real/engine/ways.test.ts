import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measure } from '../../../src/engine/measure.ts';
import { expectedRequests } from '../../../src/judge/budgets/sample-size-check.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

/** What one user asks for whose answers hold these values. */
async function askedFor(
  t: Parameters<typeof startValueServer>[0],
  answer: object,
  steps: string,
): Promise<readonly string[]> {
  const { url, received } = await startValueServer(t, (_, response) => response.end(JSON.stringify(answer)));
  await measured(url, `steps:\n  - { request: GET /first, capture: { v: $.v } }\n${steps}`);
  return received.map(one => one.url).slice(1);
}

describe('steps under a condition', () => {
  it('are made where it holds, and the others where it does not', async t => {
    const steps = `  - if: '{{v}} > 9'
    steps: [GET /more, { if: '{{v}} == 10', steps: [GET /ten] }]
    else: [GET /less]
  - GET /end
`;
    assert.deepEqual(await askedFor(t, { v: 10 }, steps), ['/more', '/ten', '/end']);
    assert.deepEqual(await askedFor(t, { v: '11.5' }, steps), ['/more', '/end']);
    assert.deepEqual(await askedFor(t, { v: 9 }, steps), ['/less', '/end']);
    assert.deepEqual(await askedFor(t, { v: 'many' }, steps), ['/less', '/end']);
  });

  it('compare texts and numbers, and ask whether there is anything', async t => {
    const held = async (v: unknown, condition: string) => {
      const asked = await askedFor(t, { v }, `  - { if: '${condition}', steps: [GET /yes] }\n`);
      return asked.includes('/yes');
    };
    assert.equal(await held('open', '{{v}} == open'), true);
    assert.equal(await held('a == b', '{{v}} == "a == b"'), true);
    assert.equal(await held('open', '{{v}} != open'), false);
    assert.equal(await held(1, '{{v}} == 1.0'), true);
    assert.equal(await held(7, '6 < {{v}}'), true);
    assert.equal(await held(null, '{{v}}'), false);
    assert.equal(await held(false, 'not {{v}}'), true);
    assert.equal(await held('9007199254740993', '{{v}} <= 9007199254740992'), false);
    assert.equal(await held(1, '{{iteration}} == 1'), true);
    assert.equal(await held('process.exit(1)', '{{v}} >= 0'), false);
  });

  it('end the journey where a later step needs what was not captured', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"v":1}'));
    const { load } = await measured(
      url,
      `steps:
  - { request: GET /a, capture: { v: $.v } }
  - { if: '{{v}} == 2', steps: [{ request: GET /b, capture: { w: $.v } }] }
  - 'GET /c/{{w}}'
`,
    );
    assert.deepEqual([received.map(one => one.url), load.abandoned], [['/a'], 1]);
  });

  it('may leave a journey without any request', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{}'));
    const { load, completion } = await measured(
      url,
      `journeys:\n  - steps: [{ if: '{{iteration}} > 3', steps: [GET /a] }]\n`,
      { iterations: 5 },
    );
    assert.deepEqual([completion.state, received.length, load.delivered, load.cut], ['complete', 2, 5, 0]);
  });
});

describe('one of several ways', () => {
  it('is picked by weight, in each round and within others', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{}'));
    const steps = `steps:
  - repeat: 4
    steps:
      - oneOf:
          - { weight: 3, steps: [GET /a, { oneOf: [GET /b, GET /c] }] }
          - GET /d
          - { weight: 4, steps: [] }
  - GET /end
`;
    await measured(url, steps, { iterations: 300 });
    const share = (path: string) => received.filter(one => one.url === path).length / 1_200;
    for (const [path, expected] of [
      ['/a', 3 / 8],
      ['/b', 3 / 16],
      ['/c', 3 / 16],
      ['/d', 1 / 8],
      ['/end', 1 / 4],
    ] as const) {
      assert.ok(Math.abs(share(path) - expected) < 0.06, `${path} in ${share(path)} of the rounds`);
    }
    assert.equal(share('/a'), share('/b') + share('/c'));
    const plan = await planOf(`${base}${steps}`);
    const planned = expectedRequests(plan)?.map(({ endpoint, requests }) => [endpoint, requests]);
    assert.deepEqual(planned, [
      ['GET /a', 15],
      ['GET /b', 7.5],
      ['GET /c', 7.5],
      ['GET /d', 5],
      ['GET /end', 10],
    ]);
  });

  it('is the same with the same seed, over one worker and over two', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"id":"7"}'));
    const plan = await planOf(`target: ${url}
load: { model: closed, users: 4, iterations: 80 }
steps:
  - { request: 'GET /{{iteration}}', capture: { id: $.id } }
  - repeat: 2
    steps:
      - { oneOf: [GET /a, GET /b, { weight: 2, steps: [{ group: g, steps: [GET /c] }] }] }
      - { if: '{{iteration}} < 40', steps: ['GET /low/{{id}}'], else: ['GET /high/{{id}}'] }
`);
    const sentBy = async (workers: number) => {
      received.length = 0;
      await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers, pacing: 'economical' } });
      return received.map(({ method, url, rawHeaders }) => JSON.stringify([method, url, rawHeaders])).sort();
    };
    const first = await sentBy(1);
    assert.equal(first.length, 80 * 5);
    assert.deepEqual(await sentBy(1), first);
    assert.deepEqual(await sentBy(2), first);
  });
});

describe('what is wrong with ways', () => {
  it('is told at its place', async () => {
    const wrong = (condition: string) =>
      mistakesOf(`${base}steps: [GET /a, { if: ${JSON.stringify(condition)}, steps: [GET /b] }]\n`);
    for (const condition of ['true', '{{x', '{{v}} = 1', '{{v}} == 1 == 2', '{{v}} >', 'a {{v}}', '1 > 2']) {
      assert.match(await wrong(condition), /steps\[1\]\.if: (?:invalid condition|the template)/, condition);
    }
    assert.match(await wrong('{{iteration}} = 1'), /instead {3}"\{\{iteration\}\} == 1"/);
    assert.match(await wrong('{{itration}} == 1'), /template uses a name that does not exist here/);
    const other = await mistakesOf(
      `${base}steps:
  - oneOf: [{ steps: [{ request: GET /a, capture: { x: $.x } }] }, 'GET /{{x}}']
`,
    );
    assert.match(other, /oneOf\[1\].*template uses a name/s);
    assert.match(await mistakesOf(`${base}steps: [{ oneOf: [GET /a] }]\n`), /at least two ways/);
    assert.match(
      await mistakesOf(`${base}steps: [{ oneOf: [{ weight: 0, steps: [] }, GET /a] }]\n`),
      /a number above 0/,
    );
    assert.match(
      await mistakesOf(`${base}steps: [{ oneOf: [{ steps: [] }, { steps: [] }] }]\n`),
      /at least one request among the steps/,
    );
  });

  it('is told of steps that are nested as deep as a file may be', async () => {
    const nest = (depth: number): unknown =>
      depth === 0 ? 'GET /a' : { repeat: 1000, steps: [nest(depth - 1)] };
    assert.match(
      await mistakesOf(`${base}steps: [${JSON.stringify(nest(30))}]\n`),
      /at most 4000 steps in a journey/,
    );
  });
});
