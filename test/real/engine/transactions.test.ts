import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

const figuresOf = (measurement: Measurement, endpoint: string) =>
  analyse(measurement).of({ kind: 'endpoint', endpoint });

describe('a journey that is measured as a whole', () => {
  it('takes as long as its answers together, without think times, and counts in no total', async t => {
    const { url } = await startValueServer(t, (_, response) => setTimeout(() => response.end('{}'), 20));
    const measurement = await measured(
      url,
      `journeys:
  - name: buy
    endpoint: buy it all
    steps:
      - GET /a
      - { think: 150ms }
      - group: pay
        steps: [GET /b, { think: 100ms }, GET /c]
`,
      { iterations: 3 },
    );
    assert.deepEqual(
      measurement.endpoints.map(({ name }) => name),
      ['GET /a', 'GET /b', 'GET /c'],
    );
    assert.equal(analyse(measurement).of({ kind: 'total' }).figures.requests, 9);
    const [journey, group] = [figuresOf(measurement, 'buy it all'), figuresOf(measurement, 'pay')];
    assert.equal(journey.figures.requests, 3);
    assert.equal(group.figures.requests, 3);
    const sum = (names: readonly string[]) =>
      names.reduce((total, name) => total + (figuresOf(measurement, name).response.avg?.value ?? 0), 0);
    const whole = sum(['GET /a', 'GET /b', 'GET /c']);
    const near = (value = 0, expected: number) => Math.abs(value - expected) < expected * 0.02;
    assert.ok(near(journey.response.avg?.value, whole), `${journey.response.avg?.value} ms, not ${whole}`);
    const part = sum(['GET /b', 'GET /c']);
    assert.ok(near(group.response.avg?.value, part), `${group.response.avg?.value} ms, not ${part}`);
    assert.deepEqual([journey.figures.errors, journey.figures.completed], [0, 3]);
  });

  it('has failed where any of its requests did, in the way of the first', async t => {
    let count = 0;
    const { url } = await startValueServer(t, (request, response) => {
      if (request.url === '/a') count += 1;
      response.statusCode = request.url === '/b' && count % 2 === 0 ? 500 : 200;
      response.end(request.url === '/c' && count % 4 === 3 ? '{}' : '{"id":1}');
    });
    const measurement = await measured(
      url,
      `journeys:
  - endpoint: whole
    steps:
      - GET /a
      - { group: part, steps: [GET /b] }
      - { request: GET /c, capture: { id: $.id } }
      - 'GET /d/{{id}}'
`,
      { iterations: 8 },
    );
    const { figures } = figuresOf(measurement, 'whole');
    assert.deepEqual(
      [figures.requests, figures.ok, figures.failed, figures.completed],
      [8, 2, { status: 4, capture: 2 }, 2],
    );
    assert.equal(figures.errorRate, 0.75);
    assert.deepEqual(figuresOf(measurement, 'part').figures.failed, { status: 4 });
  });

  it('is left out where the end of the load cuts it, and unfinished where its request is', async t => {
    const { url } = await startValueServer(t, (_, response) => setTimeout(() => response.end(), 30));
    const plan = await planOf(`target: ${url}
load: { model: closed, stages: [{ duration: 300ms, users: 2 }] }
journeys: [{ endpoint: whole, steps: [GET /a, { think: 100ms }, GET /b] }]
`);
    const measurement = await measure(plan, {
      addresses: ['127.0.0.1'],
      staffing: { workers: 1, pacing: 'economical' },
    });
    const { figures } = figuresOf(measurement, 'whole');
    const starts = figuresOf(measurement, 'GET /a').figures.requests;
    assert.equal(figures.requests, starts - (measurement.load.cut ?? 0));
    assert.equal(figures.ok, figures.requests);
  });

  it('needs a name of its own, and no metric of a single answer', async () => {
    const taken = await mistakesOf(
      `${base}journeys:
  - { name: a, endpoint: GET /x, steps: [GET /x] }
  - { name: b, endpoint: same, steps: [GET /y] }
  - { name: c, endpoint: same, steps: [{ group: same, steps: [GET /z] }] }
`,
    );
    assert.match(taken, /journeys\[0\]\.endpoint: something else is measured under this name/);
    assert.match(taken, /journeys\[2\]\.steps\[0\]\.group: something else/);
    assert.match(taken, /"same", under which a journey is measured/);
    const odd = await mistakesOf(`${base}steps: [{ group: 7, steps: [GET /a] }, { group: b, steps: [] }]\n`);
    assert.match(odd, /steps\[0\]\.group/);
    assert.match(odd, /a list of at least one step/);
  });
});
