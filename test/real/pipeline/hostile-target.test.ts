import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { prepareRuns } from '../../../src/pipeline/run/prepare.ts';
import { runPrepared } from '../../../src/pipeline/run/run.ts';
import { startValueServer } from '../engine/value-server.ts';

const arrivals = '{ model: open, stages: [{ duration: 500ms, rate: 10/s }] }';
/** Journeys that a busy machine cannot cut. */
const journeys = '{ model: closed, users: 5, iterations: 5, maxDuration: 1m }';
const numbers = '{"type":"object","additionalProperties":{"type":"number"}}';

/** The stored record of a short run against a server that answers so, and how large it is. */
async function recordOf(t: TestContext, url: string, rest: string, load = arrivals) {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-hostile-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, 'numbers.json'), numbers);
  await writeFile(join(cwd, 'halves.json'), '[{"id":"\\ud800"}]');
  await writeFile(join(cwd, 'a.yaml'), `target: ${url}\nload: ${load}\n${rest}`);
  const env = { PATH: process.env.PATH };
  const options = { cwd, env, budgets: null, allowHosts: [] };
  const [prepared] = await prepareRuns([{ kind: 'file', file: 'a.yaml' }], options);
  assert.ok(prepared, 'the scenario can be run');
  const { record, file } = await runPrepared(prepared, {
    cwd,
    env,
    out: cwd,
    command: 'plimsoll run a.yaml',
  });
  const { figures } = analyse(record).of({ kind: 'total' });
  return { figures, measurement: record.measurement, size: (await readFile(file ?? '')).length };
}

const megabytes = 1_000_000;

describe('a target that sends much where little belongs', () => {
  test('changes nothing by an id of 60 kB', async t => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'x-request-id': '-H'.repeat(30_000) }).end('{}');
    });
    const url = await listening(t, server);
    const { figures, measurement, size } = await recordOf(t, url, 'steps: [GET /list]\n');
    assert.deepEqual([figures.ok, measurement.slowest.length], [5, 5]);
    const lengths = measurement.slowest.map(({ requestId }) => requestId?.length);
    assert.deepEqual(new Set(lengths), new Set([500]));
    assert.ok(size < 100_000, `a record of ${size} bytes`);
  });

  test('changes nothing by a key of many megabytes', async t => {
    const body = Buffer.from(`{"${'-H'.repeat(4 * megabytes)}":""}`);
    const { url } = await startValueServer(t, (_, response: ServerResponse) => response.end(body));
    const { figures, measurement, size } = await recordOf(
      t,
      url,
      'steps: [{ request: GET /list, expect: { schema: numbers.json } }]\n',
    );
    assert.deepEqual([figures.requests, figures.failed.check], [5, 5]);
    assert.match(
      measurement.failureSamples[0]?.detail ?? '',
      /^the body does not match its schema: \/-H.*…$/,
    );
    assert.ok(size < 100_000, `a record of ${size} bytes`);
  });

  test('fails the capture of a value that is too long to be kept by each user', async t => {
    const body = Buffer.from(`{"id":"${'x'.repeat(megabytes)}"}`);
    const { url } = await startValueServer(t, (_, response) => response.end(body));
    const { figures, measurement } = await recordOf(
      t,
      url,
      "steps: [{ request: GET /list, capture: { id: $.id } }, 'GET /items/{{id}}']\n",
      journeys,
    );
    assert.deepEqual([figures.requests, figures.failed.capture], [5, 5]);
    assert.equal(
      measurement.failureSamples[0]?.detail,
      '1000000 characters to capture as id: at most 65536 are kept',
    );
  });
});

describe('a captured half of a surrogate pair', () => {
  const half = '{"id":"\\ud800","whole":{"id":"\\ud800"}}';
  const captured = (step: string) =>
    `steps: [{ request: GET /list, capture: { id: $.id, whole: $.whole } }, ${step}, GET /after]\n`;

  for (const [place, step] of [
    ['path', "'GET /items/{{id}}'"],
    ['header', "{ request: GET /items, headers: { x-id: '{{id}}' } }"],
    ['body', "{ request: POST /items, body: 'id={{id}}' }"],
  ] as const) {
    test(`fails the request that would have it in its ${place}, and the journey goes on`, async t => {
      const { url, received } = await startValueServer(t, (_, response) => response.end(half));
      const { figures, measurement } = await recordOf(t, url, captured(step), journeys);
      assert.equal(measurement.completion.state, 'complete');
      assert.deepEqual([figures.requests, figures.ok, figures.failed], [15, 10, { notSent: 5 }]);
      assert.equal(received.length, 10);
      assert.equal(
        measurement.failureSamples[0]?.detail,
        `{{id}} cannot be sent in the ${place}: it holds half of a surrogate pair, which is no character`,
      );
    });
  }

  test('is sent as it was written within JSON', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end(half));
    const { figures } = await recordOf(
      t,
      url,
      captured("{ request: POST /items, json: { id: '{{id}}', whole: '{{whole}}' } }"),
      journeys,
    );
    assert.deepEqual([figures.requests, figures.ok], [15, 15]);
    assert.equal(received.find(({ body }) => body !== '')?.body, '{"id":"\\ud800","whole":{"id":"\\ud800"}}');
  });

  test('lets a load of nothing else end in time', async t => {
    const { url } = await startValueServer(t, (_, response) => response.end());
    const { figures, measurement } = await recordOf(
      t,
      url,
      "data: { d: { file: halves.json } }\nsteps: ['GET /items/{{d.id}}']\n",
      '{ model: closed, stages: [{ duration: 500ms, users: 2 }] }',
    );
    assert.equal(measurement.completion.state, 'complete');
    assert.ok((figures.failed.notSent ?? 0) > 0, 'some requests');
  });
});

async function listening(t: TestContext, server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
