import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGenerator } from '../../../src/config/grammar/generator.ts';
import { generated } from '../../../src/engine/draws/generated.ts';
import { measure } from '../../../src/engine/measure.ts';
import { sampleRequests } from '../../../src/engine/request/sample-request.ts';
import type { Generator } from '../../../src/model/run/generator.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { startValueServer } from './value-server.ts';

const values = (written: string, count: number) =>
  Array.from({ length: count }, (_, index) => generated(parseGenerator(written) as Generator, 1, 0, index));

const share = (of: readonly string[], value: string) => of.filter(one => one === value).length / of.length;

describe('values that are made up', () => {
  it('have the shape and the distribution that they are asked for', () => {
    const uuids = values('uuid', 2_000);
    for (const uuid of uuids)
      assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.equal(new Set(uuids).size, 2_000);
    const dice = values('int -1 1', 30_000);
    for (const face of ['-1', '0', '1']) {
      assert.ok(Math.abs(share(dice, face) - 1 / 3) < 0.02, `${share(dice, face)} of ${face}`);
    }
    const popular = values('zipf 10 12 1', 30_000);
    for (const [rank, expected] of [6 / 11, 3 / 11, 2 / 11].entries()) {
      const found = share(popular, String(10 + rank));
      assert.ok(Math.abs(found - expected) < 0.02, `${found} of rank ${rank}`);
    }
    const weights = values('normal 100.0 15', 30_000).map(Number);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const variance = weights.reduce((sum, weight) => sum + (weight - mean) ** 2, 0) / weights.length;
    assert.ok(
      Math.abs(mean - 100) < 0.5 && Math.abs(Math.sqrt(variance) - 15) < 0.3,
      `${mean} ± ${variance}`,
    );
    assert.ok(
      values('normal 100.0 15', 10).every(value => /^\d+\.\d$/.test(value)),
      'one decimal',
    );
    assert.ok(
      Math.abs(Number(values('now unixMs +1h', 1)[0]) - Date.now() - 3_600_000) < 60_000,
      'in an hour',
    );
    assert.match(values('now', 1)[0] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.match(values('faker internet.email', 1)[0] ?? '', /^[^@]+@[^@]+$/);
    assert.deepEqual(values('faker person.fullName', 5), values('faker person.fullName', 5));
  });

  it('differ from hole to hole, step to step and journey to journey, and not from worker to worker', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const plan = await planOf(
      `target: ${url}
load: { model: closed, users: 4, iterations: 40 }
seed: 7
data: { d: { file: d.json, pick: shuffle }, once: { file: d.json, pick: unique } }
steps:
  - repeat: 2
    steps:
      - request: POST /a/{{uuid}}/{{uuid}}
        json: { n: '{{int 1 1000000}}', text: 'no. {{zipf 1 1000000 0.5}}', who: '{{faker person.fullName}}', d: '{{d.v}}' }
        headers: { x-id: '{{uuid}}', x-once: '{{once.v | base64}}' }
  - parallel: [{ request: 'GET /p/{{uuid}}', endpoint: GET /p }, { request: 'GET /p/{{uuid}}', endpoint: GET /p }]
  - { request: POST /form, form: { name: '{{normal 1 1}} {{d.v}}' } }
`,
      { files: { 'd.json': JSON.stringify(Array.from({ length: 40 }, (_, v) => ({ v }))) } },
    );
    const sentBy = async (workers: number) => {
      received.length = 0;
      await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers, pacing: 'economical' } });
      return received.map(one => JSON.stringify([one.method, one.url, one.body, one.rawHeaders])).sort();
    };
    const first = await sentBy(1);
    assert.equal(first.length, 200);
    const uuids = first.join('').match(/[\da-f]{8}-[\da-f-]{27}/g) ?? [];
    assert.equal(new Set(uuids).size, 320);
    const bodies = received.filter(one => one.url.startsWith('/a')).map(one => JSON.parse(one.body));
    assert.ok(
      bodies.every(({ n, d }) => Number.isInteger(n) && Number.isInteger(d)),
      'numbers stay numbers',
    );
    assert.deepEqual(await sentBy(1), first);
    assert.deepEqual(await sentBy(2), first);
  });

  it('are measured under a name without their arguments', async () => {
    const plan = await planOf(`${base}steps: ['GET /a/{{int 1 5}}/{{ uuid }}?t={{now unix}}']\n`);
    assert.equal(plan.endpoints[0]?.name, 'GET /a/:int/:uuid');
    assert.match(sampleRequests(plan)[0]?.text ?? '', /^GET \/a\/[1-5]\/[\da-f-]{36}\?t=\d{10} /);
  });

  it('give way to a capture of their name', async () => {
    const plan = await planOf(
      `${base}steps: [{ request: GET /a, capture: { uuid: $.id } }, { request: 'GET /{{uuid}}', endpoint: GET /b }]\n`,
    );
    assert.match(sampleRequests(plan)[1]?.text ?? '', /^GET \/%3Cuuid%3E /);
  });

  it('are refused where they are not written as they must be', async () => {
    const wrong = [
      'int 1',
      'int 5 1',
      'int 1.5 2',
      'zipf 1 9999999 1',
      'zipf 1 10',
      'normal 1 -1',
      'now yesterday',
      'now iso +soon',
      'uuid 4',
      'faker constructor.name',
      'faker person.nothing',
      'faker __proto__.toString',
    ];
    for (const written of wrong) {
      const prepared = planOf(`${base}steps: ['GET /{{${written}}}']\n`).then(sampleRequests);
      await assert.rejects(prepared, /\[(?:template\.invalid-generator|value\.)/, written);
    }
    assert.match(await mistakesOf(`${base}steps: ['GET /{{uid}}']\n`), /instead {3}\{\{uuid\}\}/);
  });
});
