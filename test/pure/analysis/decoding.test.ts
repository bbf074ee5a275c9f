import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { analyse } from '../../../src/analysis/analysis.ts';
import { formatsOf, renderers, runDocument } from '../../../src/app.ts';
import { budgetsFor, readBudgetsFile } from '../../../src/config/budgets.ts';
import { judgeRun } from '../../../src/judge/judge.ts';
import { compareRuns } from '../../../src/judge/regression/compare.ts';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import type { EncodedHistogram, RunRecord } from '../../../src/model/run/record.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { readRecord } from '../../../src/store/records/record-reader.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('the analysis of a record', () => {
  it('decodes each distinct histogram at most once, to judge, compare, index and render it in every format', async t => {
    const record = await readRecord(`${root}reports/sample/record.json`);
    const budgets = budgetsFor(await readBudgetsFile('budgets.json', root), {
      scenario: record.header.scenario,
      endpoints: record.measurement.endpoints.map(({ name }) => name),
      stages: record.measurement.windows.filter(({ kind }) => kind === 'stage').length,
      timeoutMs: record.header.timeoutMs,
      signals: [],
      file: record.header.file,
      others: null,
    });
    const decoded = decodedIn(t);
    const entry = indexEntryOf(record);
    const stored = { where: 'itself', entry };
    const mismatch = { workload: false, machine: [] };
    const comparison = compareRuns(
      record,
      {
        selection: {
          choice: { kind: 'named', run: stored },
          mismatch,
          alike: [stored],
          passedOver: {},
          skipped: [],
        },
        basis: {
          kind: 'fewRuns',
          why: { kind: 'named', run: stored },
          reference: stored,
          others: [],
        },
        reference: record,
        otherWorkload: 'refuse',
        startSpread: null,
      },
      budgets,
    );
    assert.equal(comparison.state, 'compared');
    const judgement = judgeRun(record, budgets, '2026-11-29', comparison);
    const run: JudgedRun = { record, judgement, exitCode: 0 };
    for (const format of formatsOf('run')) renderers[format].render(runDocument([run]));

    const repeated = [...decoded].filter(([, times]) => times > 1);
    assert.deepEqual(repeated, [], 'a histogram was decoded again');
    const all = new Set(histogramsOf(record));
    assert.ok(decoded.size > all.size / 2, `only ${decoded.size} of ${all.size} were decoded at all`);
    assert.ok(decoded.size <= all.size, `${decoded.size} were decoded of ${all.size} that there are`);
  });

  it('is made once for each measurement, whoever asks', async () => {
    const record = await readRecord(`${root}reports/sample/record.json`);
    assert.equal(analyse(record), analyse(record.measurement));
    assert.equal(analyse(record).of({ kind: 'total' }), analyse({ ...record }).of({ kind: 'total' }));
    assert.notEqual(analyse(record), analyse({ ...record.measurement }));
  });
});

/** How often each histogram is decoded from now on. */
function decodedIn(t: TestContext): ReadonlyMap<EncodedHistogram, number> {
  const counts = new Map<EncodedHistogram, number>();
  const decode = Histogram.decode.bind(Histogram);
  t.mock.method(Histogram, 'decode', (encoded: EncodedHistogram) => {
    counts.set(encoded, (counts.get(encoded) ?? 0) + 1);
    return decode(encoded);
  });
  return counts;
}

function histogramsOf({ measurement }: RunRecord): readonly EncodedHistogram[] {
  const { connections, generator } = measurement;
  return [
    connections.connect,
    connections.tls,
    generator.sendLag,
    ...measurement.endpoints.flatMap(({ windows }) =>
      windows.flatMap(({ histograms, blocks }) => [...Object.values(histograms), ...blocks]),
    ),
  ];
}
