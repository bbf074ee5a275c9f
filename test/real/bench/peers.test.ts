import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readAb } from '../../../bench/peers/ab.ts';
import { readAutocannon } from '../../../bench/peers/autocannon.ts';
import { peersFound } from '../../../bench/peers/found.ts';
import { readH2load } from '../../../bench/peers/h2load.ts';
import { readHey } from '../../../bench/peers/hey.ts';
import { readK6 } from '../../../bench/peers/k6.ts';
import { readOha } from '../../../bench/peers/oha.ts';
import { readPlimsoll, recordIn } from '../../../bench/peers/plimsoll.ts';
import { readVegeta } from '../../../bench/peers/vegeta.ts';
import { readWrk } from '../../../bench/peers/wrk.ts';
import { writeRecord } from '../../../src/store/records/record-file.ts';
import { exampleRecord } from '../../fixtures/record.ts';

/** What a generator really printed: with answers of 200, of 500, closed connections, or late or hanging ones. */
const output = (name: string) => readFileSync(new URL(`./outputs/${name}.txt`, import.meta.url), 'utf8');

describe('wrk', () => {
  it('is read with its times in one unit', () => {
    assert.deepEqual(readWrk(output('wrk')), {
      requests: 276_488,
      errors: 0,
      latencyMs: { p50: 0.182, p90: 2.53, p99: 17.24, max: 26.07 },
      atLeast: [],
    });
  });
  it('is read with answers that are not 2xx or 3xx as errors', () => {
    const { requests, errors } = readWrk(output('wrk-500'));
    assert.deepEqual([requests, errors], [90_908, 90_908]);
  });
  it('is read with lost connections as requests that failed', () => {
    const { requests, errors } = readWrk(output('wrk-fin'));
    assert.deepEqual([requests, errors], [2_764 + 692, 692]);
  });
  it('is read with answers that came too late as requests and as errors', () => {
    const { requests, errors } = readWrk(output('wrk-late'));
    assert.deepEqual([requests, errors], [472, 8]);
  });
  it('cannot be read without a result', () => {
    assert.throws(
      () => readWrk('unable to connect to 127.0.0.1:8080 Connection refused'),
      /no .*requests in/,
    );
  });
});

describe('hey', () => {
  it('is read in milliseconds', () => {
    assert.deepEqual(readHey(output('hey')), {
      requests: 61_439,
      errors: 0,
      latencyMs: { p50: 1.5, p90: 3.7, p95: 4.9, p99: 13.6, max: 33.1 },
      atLeast: [],
    });
  });
  it('is read with answers of 500 as errors', () => {
    const { requests, errors } = readHey(output('hey-500'));
    assert.deepEqual([requests, errors], [23_397, 23_397]);
  });
  it('is read with what its error distribution counts', () => {
    const closed = readHey(output('hey-fin'));
    assert.deepEqual([closed.requests, closed.errors], [2_704 + 17, 17]);
    const hung = readHey(output('hey-hang'));
    assert.deepEqual([hung.requests, hung.errors], [464 + 16, 16]);
  });
});

describe('h2load', () => {
  it('is read with its greatest time alone', () => {
    assert.deepEqual(readH2load(output('h2load')), {
      requests: 99_383,
      errors: 0,
      latencyMs: { max: 52.21 },
      atLeast: [],
    });
  });
  it('is read with answers of 500 as errors', () => {
    const { requests, errors } = readH2load(output('h2load-500'));
    assert.deepEqual([requests, errors], [63_934, 63_934]);
  });
  it('is read with timeouts as part of its failures, and those as part of what is done', () => {
    const counts = '40 total, 48 started, 40 done, 32 succeeded, 8 failed, 6 errored, 4 timeout';
    const { requests, errors } = readH2load(`requests: ${counts}\n`);
    assert.deepEqual([requests, errors], [40, 8]);
  });
  it('is read without the errors that it does not report', () => {
    const { requests, errors } = readH2load(output('h2load-fin'));
    assert.deepEqual([requests, errors], [28, 0]);
  });
});

describe('ab', () => {
  it('is read in its whole milliseconds', () => {
    assert.deepEqual(readAb(output('ab')), {
      requests: 191_262,
      errors: 0,
      latencyMs: { p50: 0, p90: 1, p95: 2, p99: 5, max: 32 },
      atLeast: [],
    });
  });
  it('is read with answers that are not 2xx as errors', () => {
    const { requests, errors } = readAb(output('ab-500'));
    assert.deepEqual([requests, errors], [100_000, 100_000]);
  });
  it('cannot be read where it gave up', () => {
    assert.throws(() => readAb(output('ab-fin')), /no .*Complete requests.*specified has expired/s);
  });
});

describe('autocannon', () => {
  it('is read from its JSON', () => {
    assert.deepEqual(readAutocannon(output('autocannon')), {
      requests: 117_315,
      errors: 0,
      latencyMs: { p50: 0, p90: 1, 'p97.5': 4, p99: 6, max: 27 },
      atLeast: [],
    });
  });
  it('is read with answers that are not 2xx as errors', () => {
    const { requests, errors } = readAutocannon(output('autocannon-500'));
    assert.deepEqual([requests, errors], [412, 412]);
  });
  it('is read with its timeouts counted once', () => {
    const { requests, errors } = readAutocannon(output('autocannon-hang'));
    assert.deepEqual([requests, errors], [172 + 3, 3]);
  });
});

describe('plimsoll', () => {
  it('is read from its summary, lower bounds told apart', () => {
    assert.deepEqual(readPlimsoll(output('plimsoll-hang')), {
      requests: 400,
      errors: 13,
      latencyMs: { p50: 5.507, p90: 7.683, p95: 10.111, p99: 1_006.079, max: 1_008.639 },
      atLeast: ['p99', 'max'],
    });
  });
});

// These three in the form that their manuals give.
describe('the record of a run', () => {
  it('is found beside the index entries', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-peers-'));
    try {
      const record = exampleRecord();
      const runs = join(folder, 'reports', 'runs');
      await mkdir(join(runs, 'outlines'), { recursive: true });
      await writeRecord(runs, record);
      assert.equal(recordIn(folder).header.id, record.header.id);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('k6', () => {
  it('is read from what it hands to handleSummary', () => {
    const trend = { 'p(50)': 10.1, 'p(90)': 12, 'p(95)': 13, 'p(97.5)': 14, 'p(99)': 15.5, max: 20 };
    const summary = {
      metrics: {
        http_reqs: { type: 'counter', contains: 'default', values: { count: 1_200, rate: 199.9 } },
        http_req_failed: {
          type: 'rate',
          contains: 'default',
          values: { rate: 0.2, passes: 240, fails: 960 },
        },
        http_req_duration: { type: 'trend', contains: 'time', values: trend },
      },
    };
    assert.deepEqual(readK6(JSON.stringify(summary)), {
      requests: 1_200,
      errors: 240,
      latencyMs: { p50: 10.1, p90: 12, p95: 13, 'p97.5': 14, p99: 15.5, max: 20 },
      atLeast: [],
    });
  });
});

describe('oha', () => {
  it('is read in milliseconds, without what it cut off at its end', () => {
    const result = {
      summary: { successRate: 0.99, total: 5.001, slowest: 0.25, fastest: 0.125, average: 0.2 },
      latencyPercentiles: { p10: 0.125, p50: 0.125, p90: 0.25, p95: 0.25, p99: 0.25, 'p99.9': null },
      statusCodeDistribution: { '200': 480, '500': 20 },
      errorDistribution: { 'aborted due to deadline': 12, 'connection closed before message completed': 3 },
    };
    assert.deepEqual(readOha(JSON.stringify(result)), {
      requests: 503,
      errors: 23,
      latencyMs: { p50: 125, p90: 250, p95: 250, p99: 250, max: 250 },
      atLeast: [],
    });
  });
  it('is read without times where nothing was answered', () => {
    const result = {
      summary: { slowest: null },
      latencyPercentiles: { p50: null, p99: null },
      statusCodeDistribution: {},
      errorDistribution: { 'operation timed out': 4 },
    };
    assert.deepEqual(readOha(JSON.stringify(result)), { requests: 4, errors: 4, latencyMs: {}, atLeast: [] });
  });
});

describe('vegeta', () => {
  it('is read from nanoseconds', () => {
    const latencies = {
      total: 3e9,
      mean: 1e6,
      min: 5e5,
      '50th': 1e6,
      '90th': 2e6,
      '95th': 3e6,
      '99th': 4e6,
      max: 9e6,
    };
    const report = {
      latencies,
      requests: 3_000,
      success: 0.8,
      status_codes: { '200': 2_400, '0': 600 },
      errors: ['EOF'],
    };
    assert.deepEqual(readVegeta(JSON.stringify(report)), {
      requests: 3_000,
      errors: 600,
      latencyMs: { p50: 1, p90: 2, p95: 3, p99: 4, max: 9 },
      atLeast: [],
    });
  });
});

describe('peers', () => {
  it('are found or listed as missing', () => {
    const { found, missing } = peersFound(['autocannon', 'no-such-generator']);
    assert.deepEqual([found.map(({ name }) => name), missing], [['autocannon'], ['no-such-generator']]);
    assert.match(found[0]?.version ?? '', /^\d+\./);
  });
});
