import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { budgetsFor } from '../../src/config/budgets.ts';
import { PlimsollError } from '../../src/model/error.ts';
import type { JudgedRun } from '../../src/model/judgement/judged-run.ts';
import type { RunRecord } from '../../src/model/run/record.ts';
import { subjectOf } from '../../src/pipeline/run/judge-file.ts';
import { judgeRecord } from '../../src/pipeline/run/run.ts';
import type { Document } from '../../src/report/document/document.ts';
import { baselineDocument, baselinesDocument } from '../../src/report/document/subject/baseline-documents.ts';
import { runDocument } from '../../src/report/document/subject/run-document.ts';
import { type Format, formatsOf, renderers } from '../../src/report/render/renderers.ts';
import { redactRecord } from '../../src/safety/redact.ts';
import { indexEntryOf } from '../../src/store/records/index-entry.ts';
import { recordText } from '../../src/store/records/record-file.ts';
import { parseRecord } from '../../src/store/records/record-reader.ts';
import { exampleRecord } from '../fixtures/record.ts';
import fc, { cases } from '../seeded.ts';
import { assertHarmless } from './format-checks.ts';
import { controls, damaged, damages, hostileText } from './hostile-text.ts';

const small = exampleRecord({
  endpoints: [
    { name: 'GET /a', rate: 20, medianMs: 5, failures: { status: 0.05, timeout: 0.02 } },
    { name: 'GET /b', rate: 10, medianMs: 5 },
  ],
  warmupS: 1,
  stagesS: [2],
});
const stored = JSON.parse(recordText(small)) as unknown;

/** Every text of a record that comes from elsewhere, as somebody else would write it. */
const hostileRecord = fc
  .record({ texts: fc.array(hostileText, { minLength: 24, maxLength: 24 }), reason: fc.nat({ max: 2 }) })
  .map(({ texts, reason }): RunRecord => {
    const left = [...texts];
    const next = () => left.pop() ?? '';
    const { header, measurement } = small;
    const completions = [
      { state: 'complete' },
      { state: 'workerDied', reason: next() },
      { state: 'notStarted', reason: next() },
    ] as const;
    const [one, other] = measurement.endpoints;
    if (!one || !other) throw new Error('two endpoints');
    const names = [`1${next()}`, `2${next()}`] as const;
    return {
      ...small,
      header: {
        ...header,
        id: `x${next()}`,
        scenario: next(),
        file: next(),
        target: next(),
        command: next(),
        fingerprint: {
          ...header.fingerprint,
          cpu: next(),
          os: next(),
          ci: next(),
          targetHost: next(),
          git: { commit: next(), branch: next(), dirty: reason === 0 },
        },
        subject: { path: next(), serve: next() },
      },
      measurement: {
        ...measurement,
        completion: completions[reason] ?? completions[0],
        endpoints: [
          { ...one, name: names[0] },
          { ...other, name: names[1] },
        ],
        slowest: measurement.slowest.map(slow => ({ ...slow, endpoint: names[0], requestId: next() })),
        failureSamples: measurement.failureSamples.map(sample => ({
          ...sample,
          endpoint: names[1],
          detail: next(),
        })),
        errorBodies: [{ endpoint: names[0], seen: 5, withErrors: 1, message: next() }],
        serverEnd: {
          code: 1,
          signal: null,
          atMs: 5,
          lastLines: [next(), next()].map(line => line.slice(0, 500)),
        },
      },
      baseline: {
        verdict: 'fail',
        accepted: {
          reason: next(),
          author: next(),
          at: '2026-03-14T09:26:53.589Z',
          findings: [{ endpoint: names[0], metric: next() }],
        },
      },
    };
  });

const judged = (record: RunRecord): JudgedRun =>
  judgeRecord(record, budgetsFor(null, subjectOf(record, null)));

function documentsOf(record: RunRecord): readonly Document[] {
  const run = { where: 'a.json', entry: indexEntryOf(record) };
  return [
    runDocument([judged(record)]),
    runDocument([judged(record), judged(small)]),
    baselineDocument(run, record.newer),
    baselinesDocument('2 runs', [run, { where: 'b.json', entry: indexEntryOf(small) }]),
  ];
}

function* textsOf(record: RunRecord): Generator<readonly [format: Format, text: string]> {
  for (const document of documentsOf(record)) {
    for (const format of formatsOf(document.subject)) {
      yield [format, renderers[format].render(document, { width: 80, color: false })];
    }
  }
}

describe('any run record', () => {
  it('that was damaged is refused in few words, or is read, judged and rendered in every format', () => {
    fc.assert(
      fc.property(damages, all => {
        const text = JSON.stringify(damaged(stored, all));
        let record: RunRecord;
        try {
          record = parseRecord(text, 'record.json');
        } catch (error) {
          assert.ok(error instanceof PlimsollError, (error as Error).stack);
          assert.ok(error.problems.length <= 5 && error.message.length < 10_000, error.message.slice(0, 500));
          assert.doesNotMatch(error.message, controls);
          return;
        }
        for (const [format, shown] of textsOf(record)) {
          assertHarmless(format, shown);
        }
        assert.deepEqual(parseRecord(recordText(record), 'record.json').header, record.header);
      }),
      cases(80),
    );
  });

  it('whose texts are hostile is rendered in every format, in few words and without control characters', () => {
    fc.assert(
      fc.property(hostileRecord, written => {
        const record = parseRecord(recordText(written), 'record.json');
        for (const [format, shown] of textsOf(record)) {
          assertHarmless(format, shown);
          const most = format === 'html' ? 400_000 : 100_000;
          if (format !== 'json') assert.ok(shown.length < most, `${format}: ${shown.length} characters`);
        }
      }),
      cases(30),
    );
  });

  it('that was saved shows none of its secrets in any format', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_-]{12}$/).map(text => `s3${text}`);
    fc.assert(
      fc.property(hostileRecord, secret, hostileText, (written, value, around) => {
        const planted = `${around}${value} ${around}`;
        const { measurement, header } = written;
        const record = redactRecord(
          {
            ...written,
            header: {
              ...header,
              target: planted,
              command: planted,
              subject: { path: header.subject?.path ?? null, serve: planted },
            },
            measurement: {
              ...measurement,
              slowest: measurement.slowest.map(slow => ({ ...slow, requestId: planted })),
              failureSamples: measurement.failureSamples.map(sample => ({ ...sample, detail: planted })),
              errorBodies: [{ endpoint: 'x', seen: 5, withErrors: 1, message: planted }],
              serverEnd: { code: 1, signal: null, atMs: 5, lastLines: [planted] },
            },
          },
          [value],
        );
        for (const [format, shown] of textsOf(parseRecord(recordText(record), 'record.json'))) {
          assert.ok(!shown.includes(value), `${format}: ${shown.slice(0, 2_000)}`);
        }
      }),
      cases(20),
    );
  });
});
