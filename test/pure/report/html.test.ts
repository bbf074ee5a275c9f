import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { endpoint, judgedRun } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { duetIn, runsIn } from '../../fixtures/rendered.ts';

describe('a page of HTML', () => {
  test('of 50 endpoints that all break a budget stays below 400 kB', () => {
    const endpoints = Array.from({ length: 50 }, (_, index) => ({
      name: `GET /api/resource-${index}/:id`,
      rate: 2,
      medianMs: 5 + index,
      failures: { status: 0.02 },
    }));
    const record = exampleRecord({ endpoints, warmupS: 2, stagesS: [20, 20, 20, 20, 20] });
    const page = runsIn(
      [
        judgedRun(
          record,
          endpoints.map(({ name }) => [endpoint(name), 'p95', 4]),
        ),
      ],
      'html',
    );
    const bytes = Buffer.byteLength(page);
    assert.ok(bytes < 400_000, `${bytes} bytes`);
    assert.match(page, /44 more endpoints without drawings/);
  });

  test('draws every limit that an endpoint has, and the baseline beside the run', () => {
    const page = runsIn(exampleRuns.regressed ?? [], 'html');
    assert.match(page, /class="limit-label"[^>]*>p95 ≤ 100 ms</);
    assert.match(page, /class="limit-label"[^>]*>p99 ≤ 250 ms</);
    assert.match(page, /class="limit-label"[^>]*>rps ≥ 110\/s</);
    assert.match(page, /class="limit-label"[^>]*>errorRate ≤ 1%</);
    assert.match(page, /<figcaption>Base and head by response time</);
  });

  test('of a duet has a dot for each restart that tells of a cell, with floor and tolerance', () => {
    const { fail } = exampleDuets;
    assert.ok(fail, 'there is one');
    const page = duetIn(fail, 'html');
    const told = fail.judgement.findings.flatMap(({ evidence }) =>
      evidence.effects.filter(one => one !== null),
    );
    assert.ok(told.length > 50, `${told.length} effects`);
    assert.equal(page.match(/<circle /g)?.length, told.length);
    assert.match(page, />floor<\/text>/);
    assert.match(page, />tolerated<\/text>/);
  });

  test('names and describes each drawing, and has a table behind it', () => {
    const page = runsIn(exampleRuns.fail ?? [], 'html');
    const figures = page.match(/<figure .*?<\/figure>/gs) ?? [];
    assert.ok(figures.length >= 8, `${figures.length} figures`);
    for (const figure of figures) {
      assert.match(figure, /<svg [^>]*role="img" aria-labelledby="(plot-\d+)-title \1-says"/);
      assert.match(figure, /<title id="plot-\d+-title">[^<]+<\/title><desc id="plot-\d+-says">[^<]+<\/desc>/);
      assert.match(figure, /<details class="behind"><summary>.*<table>/s);
    }
  });
});
