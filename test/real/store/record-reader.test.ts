import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { PlimsollError } from '../../../src/model/error.ts';
import type { EncodedHistogram } from '../../../src/model/run/record.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { readHeader, readRecord } from '../../../src/store/records/record-reader.ts';
import { billsEndpoints, exampleRecord } from '../../fixtures/record.ts';
import { inFolder } from './folder.ts';

const record = exampleRecord({ stagesS: [2], warmupS: 1 });
const whole = JSON.stringify(record);

/** A copy of the record, damaged at one place. */
function damaged(path: readonly (string | number)[], value: unknown): string {
  const copy = JSON.parse(whole);
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(copy);
}

async function errorOf(reading: Promise<unknown>): Promise<PlimsollError> {
  try {
    await reading;
  } catch (error) {
    assert.ok(error instanceof PlimsollError, String(error));
    return error;
  }
  assert.fail('it was read without an error');
}

const firstWindow = ['measurement', 'endpoints', 0, 'windows', 1] as const;
const sound = record.measurement.endpoints[0]?.windows[1]?.histograms.response ?? '';
const cut = sound.slice(0, 40) as EncodedHistogram;

const damages: readonly (readonly [
  what: string,
  path: readonly (string | number)[],
  value: unknown,
  says: RegExp,
])[] = [
  ['half a version', ['schemaVersion'], 1.5, /schemaVersion: .*\n {2}found {5}1\.5\n {2}expected {2}1\n/s],
  ['a version of zero', ['schemaVersion'], 0, /schemaVersion: .*\n {2}found {5}0\n/s],
  ['no version', ['schemaVersion'], undefined, /found {5}none/],
  ['a missing key', ['header', 'scenario'], undefined, /: header\.scenario: .*found {5}nothing/s],
  ['a time that is none', ['header', 'startedAt'], 'yesterday', /: header\.startedAt: .*"yesterday"/s],
  [
    'a negative count',
    [...firstWindow, 'counts', 'ok'],
    -1,
    /: measurement\.endpoints\[0\]\.windows\[1\]\.counts\.ok: .*found {5}-1/s,
  ],
  [
    'counts that do not add up',
    [...firstWindow, 'counts', 'due'],
    7,
    /windows\[1\]\.counts: .*due 7, but ok 120 \+ failed 0 \+ unfinished 0/s,
  ],
  [
    'a failure too many, of an unknown kind',
    [...firstWindow, 'counts', 'failed', 'bored'],
    1,
    /windows\[1\]\.counts: .*due 120, but ok 120 \+ failed 1 \+ unfinished 0/s,
  ],
  [
    'a failure of a kind that is no word',
    [...firstWindow, 'counts', 'failed', 'bored | <b>'],
    1,
    /windows\[1\]\.counts\.failed\.bored/,
  ],
  [
    'a histogram that is cut',
    [...firstWindow, 'histograms', 'response'],
    cut,
    /histograms\.response: .*does not decode/s,
  ],
  [
    'a block that is cut',
    [...firstWindow, 'blocks', 3],
    cut,
    /windows\[1\]\.blocks\[3\]: .*does not decode/s,
  ],
  ['a send lag that is cut', ['measurement', 'generator', 'sendLag'], cut, /generator\.sendLag: /],
  [
    'fewer windows in an endpoint',
    ['measurement', 'endpoints', 0, 'windows'],
    [],
    /endpoints\[0\]\.windows: .*found {5}0 values\n {2}expected {2}2: one for each window/s,
  ],
  [
    'fewer block errors than blocks',
    [...firstWindow, 'blockErrors'],
    [0],
    /windows\[1\]\.blockErrors: .*1 values/s,
  ],
  [
    'fewer completions than blocks',
    [...firstWindow, 'blockCompleted'],
    [0],
    /windows\[1\]\.blockCompleted: /,
  ],
  [
    'fewer requests due by block than blocks',
    [...firstWindow, 'blockDue'],
    [120],
    /windows\[1\]\.blockDue: /,
  ],
  [
    'blocks that lack a request',
    [...firstWindow, 'blockDue', 0],
    11,
    /windows\[1\]\.blockDue: .*found {5}119 in all\n {2}expected {2}all 120 due in the window/s,
  ],
  [
    'blocks with an error too many',
    [...firstWindow, 'blockErrors', 2],
    1,
    /windows\[1\]\.blockErrors: .*1 in all/s,
  ],
  ['connect times that are cut', ['measurement', 'connections', 'connect'], cut, /connections\.connect: /],
  ['TLS handshake times that are cut', ['measurement', 'connections', 'tls'], cut, /connections\.tls: /],
  [
    'an engine of another name',
    ['measurement', 'generator', 'engine'],
    'wrk',
    /measurement\.generator\.engine: .*"wrk"/s,
  ],
  [
    'a worker busier than all the time',
    ['measurement', 'generator', 'busy'],
    1.5,
    /generator\.busy: .*1\.5/s,
  ],
  [
    'a share of errors over all',
    ['measurement', 'completion'],
    { state: 'aborted', errorRate: 1.2, forMs: 1_000 },
    /completion\.errorRate: .*1\.2/s,
  ],
  [
    'seconds of unequal length',
    ['measurement', 'endpoints', 1, 'seconds', 'p95Us'],
    [1],
    /endpoints\[1\]\.seconds\.p95Us/,
  ],
  [
    'more requests than its histograms hold',
    [...firstWindow, 'counts'],
    { due: 1e15, ok: 1e15, failed: {}, unfinished: 0 },
    /windows\[1\]\.statuses: .*found {5}120 answers in all/s,
  ],
  [
    'a single request',
    [...firstWindow, 'counts'],
    { due: 1, ok: 1, failed: {}, unfinished: 0 },
    /blockDue: /,
  ],
  [
    'more answers completed than given',
    [...firstWindow, 'completedOk'],
    4e9,
    /windows\[1\]\.blockCompleted: .*expected {2}all 4000000000 of completedOk/s,
  ],
  [
    'more times unknown than requests that never ended',
    [...firstWindow, 'censored', 'count'],
    400_000,
    /censored\.count: .*found {5}400000\n {2}expected {2}0: timeouts and unfinished requests/s,
  ],
  [
    'fewer statuses than answers',
    [...firstWindow, 'statuses'],
    { '500': 100 },
    /windows\[1\]\.statuses: .*100 answers in all\n {2}expected {2}120: ok, status and check/s,
  ],
  [
    'seconds that are gone',
    ['measurement', 'endpoints', 0, 'seconds'],
    { requests: [], errors: [], p50Us: [], p95Us: [], p99Us: [], maxUs: [] },
    /seconds\.requests: .*found {5}0 values\n {2}expected {2}3: one for each second of the run/s,
  ],
  [
    'seconds of other requests',
    ['measurement', 'endpoints', 0, 'seconds', 'requests', 1],
    7,
    /seconds\.requests: .*in all\n {2}expected {2}all 180 due/s,
  ],
  ['blocks that are gone', [...firstWindow, 'blocks'], [], /windows\[1\]\.blockDue: .*10 values/s],
  [
    'the response times of another endpoint',
    [...firstWindow, 'histograms', 'response'],
    record.measurement.endpoints[1]?.windows[1]?.histograms.response,
    /histograms\.response: .*a histogram of 80 values\n {2}expected {2}120: ok answers, timeouts/s,
  ],
  [
    'response times that are not those of its blocks',
    [...firstWindow, 'histograms', 'response'],
    record.measurement.endpoints[0]?.windows[1]?.histograms.firstByte,
    /windows\[1\]\.blocks: .*other times/s,
  ],
  [
    'a block of another',
    [...firstWindow, 'blocks', 3],
    new Histogram().encode(),
    /blocks\[3\]: .*a histogram of 0 values\n {2}expected {2}12: by blockDue and blockErrors/s,
  ],
  [
    'requests in a window without length',
    ['measurement', 'windows', 1, 'durationMs'],
    0,
    /windows\[1\]\.counts: .*120 requests in no time/s,
  ],
  [
    'a window that begins before the other ends',
    ['measurement', 'windows', 1, 'startMs'],
    500,
    /measurement\.windows\[1\]\.startMs: .*found {5}500\n {2}expected {2}1000/s,
  ],
  [
    'less load than it says was offered',
    ['measurement', 'load', 'delivered'],
    30,
    /load\.delivered: .*all 240 offered/s,
  ],
  [
    'lateness that is gone',
    ['measurement', 'generator', 'sendLag'],
    new Histogram().encode(),
    /generator\.sendLag: .*a histogram of 0 values\n {2}expected {2}240: one for each request due/s,
  ],
  [
    'an endpoint named twice',
    ['measurement', 'endpoints', 1, 'name'],
    'GET /api/bills',
    /endpoints\[1\]\.name: .*each name once/s,
  ],
];

describe('a damaged run record', () => {
  for (const [what, path, value, says] of damages) {
    test(`with ${what} is refused, naming the file, the place and what is wrong`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, damaged(path, value));
        const error = await errorOf(readRecord(file));
        assert.equal(error.problems[0]?.code, 'record.corrupt');
        assert.equal(error.exitCode, 2);
        assert.ok(error.message.startsWith(file), error.message);
        assert.match(error.message, says);
      });
    });
  }
  test('with times that are said to be known, though they are not, is refused', async () => {
    await inFolder(async folder => {
      const [one] = billsEndpoints;
      const hanging = exampleRecord({ endpoints: one ? [{ ...one, failures: { timeout: 0.5 } }] : [] });
      const text = JSON.stringify(hanging);
      const file = join(folder, 'record.json');
      await writeFile(file, text);
      await readRecord(file);
      await writeFile(file, text.replaceAll('"minUs":10000000', '"minUs":20000000'));
      assert.match((await errorOf(readRecord(file))).message, /censored\.minUs: .*no more than the least/s);
    });
  });
  const nested = (times: number) => '['.repeat(times) + ']'.repeat(times);
  for (const [what, text] of [
    ['a list in a list, a million times', nested(1_000_000)],
    ['a version of such lists', `{"schemaVersion":${nested(1_000_000)}}`],
    ['an id of such lists', whole.replace(/"id":"[^"]*"/, () => `"id":${nested(1_000_000)}`)],
    [
      'an unknown part of such lists',
      whole.replace('"header":{', () => `"header":{"gpu":${nested(1_000_000)},`),
    ],
  ] as const) {
    test(`that is ${what}, is refused in few words`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, text);
        const error = await errorOf(readRecord(file));
        assert.equal(error.problems[0]?.code, 'record.corrupt');
        assert.ok(error.message.startsWith(file), error.message);
        assert.ok(error.message.length < 1_500, `${error.message.length} characters`);
      });
    });
  }
  test('that breaks off anywhere is refused', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'record.json');
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async length => {
          await writeFile(file, whole.slice(0, length));
          assert.equal((await errorOf(readRecord(file))).problems[0]?.code, 'record.corrupt');
        }),
        { numRuns: 40 },
      );
    });
  });
  test('tells at most five problems', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'record.json');
      await writeFile(
        file,
        damaged(
          [...firstWindow, 'blocks'],
          Array.from({ length: 10 }, () => cut),
        ),
      );
      assert.equal((await errorOf(readRecord(file))).problems.length, 5);
    });
  });
});

describe('a run record of another Plimsoll', () => {
  const grown: readonly (readonly [string, readonly (string | number)[], unknown])[] = [
    ['an older one, without the engine', ['measurement', 'generator', 'engine'], undefined],
    ['an older one, without connect times', ['measurement', 'connections', 'connect'], undefined],
    ['an older one, without counts by block', [...firstWindow, 'blockDue'], undefined],
  ];
  for (const [which, path, value] of grown) {
    test(`${which}, is refused, and told what can be done`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, damaged(path, value));
        const error = await errorOf(readRecord(file));
        assert.match(error.message, /instead {3}read it with the Plimsoll that wrote it, or measure again/);
      });
    });
  }
});

describe('what is no run record', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an empty file', '', /an empty file/],
    ['a list', '[1]', /found {5}\[1\]/],
    ['a summary or other JSON', '{"verdict":"pass"}', /schemaVersion: /],
    ['JSON without its end', '{"header":', /JSON that breaks off or is damaged/],
  ];
  for (const [what, content, says] of cases) {
    test(`such as ${what}, is refused`, async () => {
      await inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, content);
        const error = await errorOf(readRecord(file));
        assert.equal(error.problems[0]?.code, 'record.corrupt');
        assert.match(error.message, says);
      });
    });
  }
  test('such as a scenario, is of another kind, and says what reads it', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'a.yaml');
      await writeFile(file, 'steps: [GET /]\n');
      const error = await errorOf(readRecord(file));
      assert.equal(error.problems[0]?.code, 'record.other-kind');
      assert.match(error.message, /`plimsoll run` takes a scenario/);
    });
  });

  test('such as a folder, or nothing at all, is told as such', async () => {
    await inFolder(async folder => {
      assert.equal((await errorOf(readRecord(folder))).problems[0]?.code, 'file.unreadable');
      const missing = await errorOf(readRecord(join(folder, 'none.json')));
      assert.equal(missing.problems[0]?.code, 'file.missing');
      assert.equal((await errorOf(readHeader(join(folder, 'none.json')))).problems[0]?.code, 'file.missing');
    });
  });
  test('such as a file of 300 MB, is refused without being read', async () => {
    await inFolder(async folder => {
      const file = join(folder, 'huge.json');
      const handle = await open(file, 'w');
      await handle.truncate(300 * 1024 * 1024);
      await handle.close();
      const error = await errorOf(readRecord(file));
      assert.match(error.message, /300 MB/);
      assert.equal(error.problems[0]?.code, 'file.too-large');
    });
  });
});

describe('what a record is expected to hold', () => {
  const cases: readonly (readonly [path: readonly (string | number)[], value: unknown, expected: string])[] =
    [
      [['header', 'durationMs'], -1, 'a number of at least 0'],
      [['header', 'id'], '', 'text of at least 1 character'],
      [['header', 'startedAt'], 'today', 'a time in ISO 8601 and UTC, such as 2026-01-31T12:00:00Z'],
      [['header', 'fingerprint', 'cores'], 0, 'a number above 0'],
      [['header', 'fingerprint', 'cores'], 1.5, 'a whole number'],
      [['header', 'timeoutMs'], 'long', 'a number'],
      [['measurement', 'windows'], {}, 'a list'],
      [['measurement'], undefined, 'an object'],
      [['measurement', 'load', 'model'], 'ajar', '"open" or "closed"'],
      [[...firstWindow, 'histograms', 'response'], '!', 'base64'],
      [[...firstWindow, 'statuses'], { ok: 1 }, 'a key that a record may have here'],
    ];
  for (const [path, value, expected] of cases) {
    test(`is told in words: ${expected}`, () =>
      inFolder(async folder => {
        const file = join(folder, 'record.json');
        await writeFile(file, damaged(path, value));
        const { problems } = await errorOf(readRecord(file));
        assert.equal(problems[0]?.expected, expected);
      }));
  }

  test('is not what a summary holds', () =>
    inFolder(async folder => {
      const file = join(folder, 'summary.json');
      await writeFile(file, '{ "schemaVersion": 1, "verdict": "pass", "exitCode": 0, "runs": [] }');
      const { problems } = await errorOf(readRecord(file));
      assert.deepEqual(problems, [
        {
          code: 'record.other-kind',
          where: file,
          found: 'a summary, which holds what a run came to and not what was measured',
          expected: 'a run record',
          instead: 'give a run record, such as those in reports/runs',
        },
      ]);
    }));
});
