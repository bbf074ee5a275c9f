import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { place } from '../cli/command-line.ts';
import { measured, startValueServer } from './value-server.ts';

/** What is kept of the bodies that a server answers with. */
async function bodies(
  t: TestContext,
  answer: Parameters<typeof startValueServer>[1],
  steps = 'steps: [GET /a]',
): Promise<readonly (string | null | undefined)[]> {
  const { url } = await startValueServer(t, answer);
  const { failureSamples } = await measured(url, steps);
  return failureSamples.map(({ body }) => body);
}

describe('of a failed answer', () => {
  test('the start of the body is kept, however it comes', async t => {
    const long = 'é'.repeat(60_000);
    const kept = await bodies(
      t,
      ({ url }, response) => {
        response.writeHead(url === '/b' ? 404 : 500, { 'content-type': 'text/html' });
        if (url === '/c') {
          response.write('first, ');
          setTimeout(() => response.end(long), 30);
        } else response.end(url === '/a' ? 'out of memory' : long);
      },
      'steps: [GET /a, GET /b, GET /c]',
    );
    assert.equal(kept[0], 'out of memory');
    assert.match(kept[1] ?? '', /^é{900,1100}$/);
    assert.match(kept[2] ?? '', /^first, é{900,1100}$/);
  });

  test('no text is made of a body that is none, and an encoded one is decoded where its end is known', async t => {
    const coded = gzipSync('not today');
    const kept = await bodies(
      t,
      ({ url }, response) => {
        response.writeHead(500, url === '/b' ? { 'content-encoding': 'gzip' } : {});
        response.end(url === '/a' ? Buffer.from([0, 159, 146, 150]) : url === '/b' ? coded : '');
      },
      'steps: [GET /a, { request: GET /b, expect: { body: x } }, GET /c]',
    );
    assert.deepEqual(kept, [null, 'not today', undefined]);
  });

  test('the body that a check looked at is kept, and none of an answer that is expected', async t => {
    const kept = await bodies(
      t,
      ({ url }, response) => {
        response.statusCode = url === '/b' ? 404 : 200;
        response.end(`{ "of": "${url}" }`);
      },
      'steps: [{ request: GET /a, expect: { json: { $.of: x } } }, { request: GET /b, expect: { status: 404 } }]',
    );
    assert.deepEqual(kept, ['{ "of": "/a" }']);
  });

  test('the report, the record and the summary have a kilobyte without secrets, escaped, and only the first of many alike', async t => {
    const at = await place(t);
    const page = `<script>alert(1)</script>\n\`\`\`\n| x | \u001b[31m {"token":"CAPTUREDsecret1","of":"LITERALsecret2"}${'y'.repeat(3_000)}`;
    const { url } = await startValueServer(t, (_, response) => {
      response.writeHead(503);
      response.end(page);
    });
    const steps = `steps: [{ request: GET /a, headers: { x-api-key: '\${KEY}' } }]`;
    await at.write('a.yaml', `target: ${url}\nload: { model: closed, users: 1, iterations: 20 }\n${steps}\n`);
    const out = join(at.folder, 'out');
    const { code, stdout } = await at.run(['run', 'a.yaml', '--out', out], {
      env: { KEY: 'LITERALsecret2' },
    });
    assert.equal(code, 1, stdout);
    const report = await at.read('out/report.md');
    const record = await at.read(`out/runs/${/runs\/(\S+)/.exec(stdout)?.[1]}`);
    const summary = await at.read('out/summary.json');
    for (const text of [stdout, report, record, summary]) assert.doesNotMatch(text, /secret\d/);
    assert.equal(report.match(/alert\(1\)/g)?.length, 1, report);
    assert.match(
      report,
      /<summary>Failed answers: how their bodies begin<\/summary>\n\n`GET \/a`, status 503\n\n````/,
    );
    assert.ok(!report.includes('\u001b'), 'nothing with power over a terminal');
    const { runs } = JSON.parse(summary);
    assert.equal(runs[0].failureSamples.length, 3);
    assert.equal(runs[0].failureSamples[0].status, 503);
    assert.equal(runs[0].failureSamples[0].body.length, 1_000);
  });
});
