import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { readResults } from '../../../src/config/results/read-results.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { ResultTool } from '../../../src/model/run/results.ts';
import {
  began,
  gatlingLog,
  heyCsv,
  jmeterCsv,
  jmeterXml,
  k6Csv,
  k6Points,
  ohaCsv,
  requests,
  summaries,
  vegetaCsv,
  vegetaJson,
} from '../../fixtures/foreign-results.ts';
import { inWorkspace } from '../config/workspace.ts';

const route = 'GET /api/bills/:id';

const read = (text: string | Buffer, tool: ResultTool, known: readonly string[] = []) =>
  inWorkspace({ results: text }, cwd => readResults({ file: 'results', cwd, tool, known }));

const totalOf = async (text: string | Buffer, tool: ResultTool) => figuresOf(await read(text, tool));

function figuresOf({ origin, windows, endpoints }: Awaited<ReturnType<typeof read>>) {
  const analysis = analyse({ origin, windows, endpoints, load: { abandoned: 0 } } as unknown as Measurement);
  const { figures, response } = analysis.of({ kind: 'total' });
  const shown = Object.fromEntries(
    Object.entries(response).map(([name, seen]) => [name, seen?.value ?? null]),
  );
  return { figures, shown };
}

async function refused(text: string | Buffer, tool: ResultTool): Promise<PlimsollError> {
  return await read(text, tool).then(
    () => assert.fail('it was read'),
    (error: PlimsollError) => error,
  );
}

describe('results that hold each request', () => {
  const all = requests();
  const formats: readonly (readonly [string, ResultTool, string])[] = [
    ['k6 NDJSON', 'k6', k6Points(all)],
    ['k6 CSV', 'k6', k6Csv(all)],
    ['oha CSV', 'oha', ohaCsv(all)],
    ['JMeter XML', 'jmeter', jmeterXml(all)],
    ['vegeta JSON', 'vegeta', vegetaJson(all)],
    ['vegeta CSV', 'vegeta', vegetaCsv(all)],
    ['JMeter CSV', 'jmeter', jmeterCsv(all)],
    ['JMeter CSV with CR LF and a byte order mark', 'jmeter', `\uFEFF${jmeterCsv(all, '\r\n')}`],
    [
      'JMeter CSV with semicolons',
      'jmeter',
      jmeterCsv(all)
        .replaceAll('"OK, ""fine"""', 'OK')
        .replaceAll('transaction : 2, n', 'transaction : 2; n')
        .replaceAll(',', ';'),
    ],
    ['Gatling log', 'gatling', gatlingLog(all)],
    ['hey CSV', 'hey', heyCsv(all)],
  ];
  for (const [name, tool, text] of formats) {
    test(`the same requests read the same from ${name}`, async () => {
      const { figures, shown } = await totalOf(text, tool);
      assert.equal(figures.requests, 1_000);
      assert.equal(figures.errors, 20);
      assert.equal(figures.failed.status, 20);
      assert.equal(figures.statuses['503'], 20);
      const last = Math.max(...all.map(({ startMs, durationMs }) => startMs + durationMs)) - began;
      assert.ok(Math.abs(figures.seconds - last / 1_000) < 0.001, `${figures.seconds} s, not ${last} ms`);
      // Failed requests make no latency; the fixture fails those of one and the same time of 60 ms.
      const answered = all
        .filter(({ status }) => status === 200)
        .map(({ durationMs }) => durationMs)
        .sort((a, b) => a - b);
      for (const percent of [50, 95, 99]) {
        const expected = answered[Math.ceil((percent / 100) * answered.length) - 1] ?? 0;
        const seen = shown[`p${percent}`] ?? 0;
        assert.ok(Math.abs(seen / expected - 1) < 0.002, `p${percent}: ${seen} ms, not ${expected} ms`);
      }
    });
  }

  test('requests belong to the route of the budgets that fits, without query and credentials', async () => {
    for (const [tool, text] of [
      ['k6', k6Points(all)],
      ['k6', k6Csv(all)],
      ['jmeter', jmeterXml(all)],
      ['vegeta', vegetaCsv(all)],
      ['jmeter', jmeterCsv(all)],
      ['gatling', gatlingLog(all)],
    ] as const) {
      const { endpoints } = await read(text, tool, [route, 'GET /api/bills/0']);
      assert.deepEqual(endpoints.map(({ name }) => name).sort(), ['GET /api/bills/0', route], tool);
    }
    const plain = await read(k6Points(all), 'k6');
    assert.deepEqual(plain.endpoints.map(({ name }) => name).sort(), [
      'GET /api/bills/0',
      'GET /api/bills/1',
      'GET /api/bills/2',
    ]);
  });

  test('the log of Gatling 3.0 to 3.3 has a number of the user before each name, and assertions first', async () => {
    const log = gatlingLog(all).replaceAll('REQUEST\t', 'REQUEST\t12\t');
    const { figures } = await totalOf(`ASSERTION\tAAECBA==\n${log}`, 'gatling');
    assert.deepEqual({ requests: figures.requests, errors: figures.errors }, { requests: 1_000, errors: 20 });
  });

  test('the order of the lines does not matter', async () => {
    const [forward, backward] = [vegetaCsv(all), vegetaCsv([...all].reverse())];
    assert.deepEqual((await totalOf(backward, 'vegeta')).shown, (await totalOf(forward, 'vegeta')).shown);
  });

  test('a timeout makes the tail longer, and other failures without an answer only count', async () => {
    const line = (code: number, latencyMs: number, error: string, index: number) =>
      `${began + index}000000,${code},${latencyMs * 1e6},0,0,${error},,,${index},GET,http://a/x`;
    const ok = Array.from({ length: 80 }, (_, index) => line(200, 10, '', index));
    const hang = Array.from({ length: 10 }, (_, index) =>
      line(0, 30_000, 'Get "http://a/x": context deadline exceeded', 80 + index),
    );
    const refusals = Array.from({ length: 10 }, (_, index) =>
      line(0, 0, 'dial tcp 127.0.0.1:1: connect: connection refused', 90 + index),
    );
    const { figures, shown } = await totalOf(
      [...ok, ...hang, ...refusals].join('\n').replaceAll('"', "'"),
      'vegeta',
    );
    assert.deepEqual(figures.failed, { refused: 10, timeout: 10 });
    assert.ok((shown.p95 ?? 0) > 29_000, `p95 ${shown.p95} ms`);
  });

  test('endpoints beyond a hundred are kept together, except those that the budgets name', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      startMs: began + index,
      durationMs: 5,
      status: 200,
      path: `/item-${index}`,
    }));
    const { endpoints } = await read(vegetaJson(many), 'vegeta', ['GET /item-499']);
    assert.equal(endpoints.length, 102);
    const counts = new Map(endpoints.map(({ name, windows }) => [name, windows[0]?.counts.due]));
    assert.equal(counts.get('other requests'), 399);
    assert.equal(counts.get('GET /item-499'), 1);
  });
});

describe('results that hold a summary', () => {
  const expected = { requests: 1_000, errors: 20, seconds: 10 };
  for (const [name, tool, text, quantiles] of [
    ['the summary export of k6', 'k6', summaries.k6Export(), { p50: 50, p90: 90, p95: 95, p99: null }],
    ['the handleSummary of k6', 'k6', summaries.k6Handle(), { p50: 50, p95: 95, p99: 99 }],
    ['the machine-readable summary of k6', 'k6', summaries.k6Machine(), { p50: 50, p95: 95, p99: null }],
    ['the report of vegeta', 'vegeta', summaries.vegeta(), { p50: 50, p95: 95, p99: 99 }],
    [
      'the report of Artillery',
      'artillery',
      summaries.artillery(),
      { p75: 75, p95: 95, p99: 99, 'p99.9': 100 },
    ],
    ['oha', 'oha', summaries.oha(), { p50: 50, p95: 95, p99: 99, 'p99.9': 100 }],
    ['Locust', 'locust', summaries.locust(), { p50: 50, p95: 95, p99: 99 }],
    [
      'the stats.json of Gatling',
      'gatling',
      summaries.gatling(),
      { p50: 50, p75: 75, p95: 95, p99: 99, p90: null },
    ],
  ] as const) {
    test(`${name} is read in its own units`, async () => {
      const { figures, shown } = await totalOf(text, tool);
      const { requests: count, errors, seconds } = figures;
      assert.deepEqual({ requests: count, errors, seconds: Number(seconds.toFixed(6)) }, expected);
      for (const [quantile, ms] of Object.entries({ ...quantiles, avg: 50.5, min: 1, max: 100 })) {
        const seen = shown[quantile] ?? null;
        assert.equal(seen === null ? null : Number(seen.toFixed(6)), ms, quantile);
      }
    });
  }

  test('endpoints of Locust that belong to one route have counts, and no quantile of both', async () => {
    const { origin } = await read(summaries.locust(), 'locust', ['POST /api/votes/:id']);
    const votes = origin.summaries?.endpoints['POST /api/votes/:id'];
    assert.deepEqual(
      {
        requests: votes?.requests,
        errors: votes?.errors,
        max: votes?.times.max,
        avg: votes?.times.avg,
        quantiles: votes?.times.quantiles,
      },
      { requests: 400, errors: 8, max: 100, avg: 55.5, quantiles: [] },
    );
    assert.equal(
      origin.summaries?.endpoints['GET /api/bills']?.times.quantiles.find(({ q }) => q === 0.95)?.ms,
      95,
    );
  });

  test('k6 and Artillery hold the endpoints that they were asked for', async () => {
    const k6 = await read(summaries.k6Export(), 'k6', [route]);
    assert.deepEqual(Object.keys(k6.origin.summaries?.endpoints ?? {}), [route]);
    assert.equal(k6.origin.summaries?.endpoints[route]?.requests, null);
    const artillery = await read(summaries.artillery(), 'artillery', ['GET /api/bills']);
    assert.equal(artillery.origin.summaries?.endpoints['GET /api/bills']?.requests, 404);
  });
});

describe('results that the tools themselves wrote', () => {
  const fixture = (name: string) => readFile(new URL(`../../fixtures/results/${name}`, import.meta.url));
  for (const [file, tool, expected] of [
    [
      'wrk-latency.txt',
      'wrk',
      { requests: 856, errors: 0, seconds: 2.03, p50: 5.55, p95: null, p99: 192.16, max: 220.67, avg: 28.53 },
    ],
    [
      'wrk.txt',
      'wrk',
      { requests: 661, errors: 26, seconds: 1.07, p50: null, p95: null, p99: null, max: 73.13, avg: 10.48 },
    ],
    [
      'hey.txt',
      'hey',
      { requests: 400, errors: 16, seconds: 0.5641, p50: 3.9, p95: 12.4, p99: 52.4, max: 56.3, avg: 4.8 },
    ],
    [
      'autocannon.json',
      'autocannon',
      { requests: 1_394, errors: 56, seconds: 2.07, p50: 4, p95: null, p99: 33, max: 112, avg: 4.92 },
    ],
  ] as const) {
    test(`${file}`, async () => {
      const { figures, shown } = await totalOf(await fixture(file), tool);
      const { p50, p95, p99, max, avg } = shown;
      const rounded = Object.fromEntries(
        Object.entries({
          requests: figures.requests,
          errors: figures.errors,
          seconds: figures.seconds,
          p50,
          p95,
          p99,
          max,
          avg,
        }).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toFixed(6)) : null]),
      );
      assert.deepEqual(rounded, expected);
    });
  }

  test('hey.csv', async () => {
    const { figures, shown } = await totalOf(await fixture('hey.csv'), 'hey');
    assert.deepEqual({ requests: figures.requests, errors: figures.errors }, { requests: 300, errors: 12 });
    assert.ok(Math.abs((shown.p50 ?? 0) - 4.7) < 0.05, `p50 ${shown.p50} ms`);
  });
});

const wrk2 = `Running 30s test @ http://127.0.0.1:80/index.html
  2 threads and 100 connections
  Thread calibration: mean lat.: 9747 usec, rate sampling interval: 21 msec
  Thread Stats   Avg      Stdev     99%   +/- Stdev
    Latency     6.46ms    1.93ms  12.34ms   67.66%
    Req/Sec     1.05k     1.12k    2.50k    64.84%
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%    6.67ms
 90.000%  900.00us
 99.900%    1.20s
100.000%    1.10m

  Detailed Percentile spectrum:
       Value   Percentile   TotalCount 1/(1-Percentile)

       0.921     0.000000            1         1.00
  60018 requests in 30.01s, 19.81MB read
  Socket errors: connect 2, read 3, write 0, timeout 4
Requests/sec:   2000.15
Transfer/sec:    676.14KB
`;

describe('the text of wrk', () => {
  test('each time has a unit of its own, and wrk2 has more quantiles', async () => {
    const { figures, shown } = await totalOf(wrk2, 'wrk');
    const { p50, p90, p99, max } = shown;
    assert.deepEqual(
      { p50, p90, p99, 'p99.9': shown['p99.9'], max },
      { p50: 6.67, p90: 0.9, p99: null, 'p99.9': 1_200, max: null },
    );
    assert.deepEqual({ requests: figures.requests, errors: figures.errors }, { requests: 60_023, errors: 9 });
  });
});

describe('results that cannot be judged', () => {
  const one = requests(1);
  const cases: readonly (readonly [string, ResultTool, string | Buffer, string, RegExp])[] = [
    ['an empty file', 'k6', '', 'file.empty', /summary export/],
    ['a file of blank lines', 'jmeter', '\n\r\n \n', 'file.empty', /JTL/],
    ['truncated JSON', 'k6', summaries.k6Export().slice(0, -40), 'file.syntax', /results:1/],
    [
      'results of another tool',
      'k6',
      vegetaJson(one),
      'results.other-tool',
      /vegeta \(JSON results\)[\s\S]*--from vegeta/,
    ],
    ['another summary', 'vegeta', summaries.k6Export(), 'results.other-tool', /--from k6/],
    ['other JSON', 'oha', '{"verdict":"pass"}', 'results.unknown-format', /--output-format json/],
    ['a list', 'k6', '[1,2]', 'results.unknown-format', /NDJSON/],
    ['other text', 'wrk', 'hello\n', 'results.unknown-format', /wrk --latency/],
    ['gzip', 'k6', Buffer.from([0x1f, 0x8b, 8, 0]), 'results.unknown-format', /gunzip/],
    ['a binary file', 'vegeta', Buffer.from([0x0c, 0xff, 0, 1]), 'results.unknown-format', /vegeta encode/],
    ['half a JTL in XML', 'jmeter', jmeterXml(one).slice(0, -20), 'file.syntax', /no <\/testResults>/],
    [
      'a time in XML that is no number',
      'jmeter',
      jmeterXml(one).replaceAll('t="1"', 't="x"'),
      'results.invalid-value',
      /results:4: t/,
    ],
    ['a CSV of k6 without requests', 'k6', k6Csv([]), 'results.no-requests', /no request/],
    [
      'a time in a CSV of oha that is no number',
      'oha',
      ohaCsv(one).replace('0.001,11', 'NaN,11'),
      'results.invalid-value',
      /results:2: request-duration/,
    ],
    ['a JTL without requests', 'jmeter', jmeterCsv([]), 'results.no-requests', /no request/],
    [
      'k6 without HTTP requests',
      'k6',
      '{"metrics":{"vus":{"value":1}}}',
      'results.no-requests',
      /no number of requests/,
    ],
    [
      'a negative time',
      'vegeta',
      vegetaCsv(one).replace(',1000000,', ',-1000000,'),
      'results.unknown-format',
      /vegeta/,
    ],
    [
      'a negative time in JSON',
      'vegeta',
      vegetaJson(one).replace('"latency":1000000', '"latency":-1'),
      'results.invalid-value',
      /results:1: latency[\s\S]*-1/,
    ],
    [
      'a time that is no number',
      'jmeter',
      jmeterCsv(one).replace(',1,"GET', ',NaN,"GET'),
      'results.invalid-value',
      /results:2: elapsed[\s\S]*NaN/,
    ],
    [
      'a moment beyond all dates',
      'jmeter',
      jmeterCsv(one).replace(String(began), '99999999999999999999'),
      'results.invalid-value',
      /results:2: timeStamp/,
    ],
    [
      'an endless time',
      'oha',
      summaries.oha().replace('"p95":0.095', '"p95":1e999'),
      'results.invalid-value',
      /latencyPercentiles\.p95[\s\S]*Infinity/,
    ],
    [
      'an answer before its request',
      'gatling',
      `REQUEST\t\tx\t2000\t1000\tOK\t \n`,
      'results.invalid-value',
      /results:1: end/,
    ],
    ['a broken line', 'k6', `${k6Points(one)}{"metric":"http_req_duration","ty`, 'file.syntax', /results:5/],
    [
      'wrk without a server',
      'wrk',
      'unable to connect to 127.0.0.1:4999 Connection refused\n',
      'results.no-requests',
      /unable to connect/,
    ],
    [
      'half a request',
      'vegeta',
      summaries.vegeta().replace('"requests":1000', '"requests":1000.5'),
      'results.invalid-value',
      /1000\.5 requests of the total[\s\S]*whole number/,
    ],
    [
      'half an output of wrk',
      'wrk',
      'Running 2s test @ http://a/\n  1 threads\n',
      'file.syntax',
      /requests in/,
    ],
    [
      'Locust without a sum',
      'locust',
      summaries.locust().replace(/^,Aggregated.*$/m, ''),
      'file.syntax',
      /Aggregated/,
    ],
  ];
  for (const [name, tool, text, code, told] of cases) {
    test(`${name}: ${code}`, async () => {
      const error = await refused(text, tool);
      assert.ok(error instanceof PlimsollError, String(error));
      assert.equal(error.problems[0]?.code, code, error.message);
      assert.match(error.message, told);
    });
  }
});
