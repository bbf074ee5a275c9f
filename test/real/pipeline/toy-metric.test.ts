import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { singleRow } from '../../../src/analysis/metrics/single-row.ts';
import { metricTable } from '../../../src/analysis/metrics/table.ts';
import { budgetsFor, readBudgetsFile } from '../../../src/config/budgets.ts';
import { judgeRun } from '../../../src/judge/judge.ts';
import { regressionsIn } from '../../../src/model/judgement/regression.ts';
import { formatsOf } from '../../../src/report/render/renderers.ts';
import { findingReason } from '../../../src/report/words/reasons/finding-reason.ts';
import { regressionReason } from '../../../src/report/words/reasons/regression-reason.ts';
import { runsIn } from '../../fixtures/rendered.ts';
import { compared, headed, runOf } from '../../pure/judge/earlier-runs.ts';

/** A metric that Plimsoll does not know. */
const answered = singleRow(
  {
    name: 'answered',
    prose: 'answered share',
    unit: 'ratio',
    direction: 'atLeast',
    form: {
      kind: 'share',
      noun: 'answer',
      hits: ({ requests, errors }) => requests - errors,
      trials: ({ requests }) => requests,
      told: ({ requests }) => requests,
    },
    comparison: {
      as: 'difference',
      limits: { floor: 0.01, fewestMore: 5, tolerance: 0.02 },
      isTolerated: false,
    },
    countsFailures: false,
    signal: null,
  },
  { limit: { id: 'answeredLimit', description: 'At least so many are answered.' }, compared: 'required' },
);

test('a metric that a table has besides is parsed, judged, compared and rendered', async t => {
  const cwd = await mkdtemp(join(tmpdir(), 'plimsoll-toy-'));
  t.after(() => rm(cwd, { recursive: true, force: true }));
  const table = [...metricTable, answered];
  await writeFile(join(cwd, 'budgets.json'), '{ "defaults": { "answered": "90%", "errorRate": "50%" } }');
  const failing = (share: number) => (index: number) => (index % 100 < share * 100 ? 'status' : 'ok') as 'ok';
  const before = runOf({ medianMs: 20, seed: 1 });
  const record = headed(runOf({ medianMs: 20, seed: 2, outcome: failing(0.2) }), { id: 'r2' });
  const subject = {
    scenario: record.header.scenario,
    endpoints: [],
    stages: 1,
    timeoutMs: 10_000,
    signals: [],
    file: null,
    others: null,
  };
  await assert.rejects(
    async () => budgetsFor(await readBudgetsFile('budgets.json', cwd), subject),
    /unknown metric/,
    'without its row it is no metric',
  );
  const budgets = budgetsFor(await readBudgetsFile('budgets.json', cwd, table), subject);
  const comparison = compared(record, [before], { budgets, table });
  const change = regressionsIn(comparison).find(({ metric }) => metric.name === 'answered');
  assert.equal(change?.status, 'fail');
  assert.match(
    change ? regressionReason(change) : '',
    /^answered share fell from 100% to 80% .*: 200 answers fewer/,
  );

  const judgement = judgeRun(record, budgets, '2026-11-21', comparison);
  const finding = judgement.findings.find(({ metric }) => metric.name === 'answered');
  assert.equal(finding?.status, 'fail');
  assert.match(finding ? findingReason(finding) : '', /^answered was 80%, under the floor of 90% /);
  const run = { record, judgement, exitCode: 1 } as const;
  // A log of histograms holds times alone, and GitLab's metrics the figures that every run has.
  for (const format of formatsOf('run').filter(format => !['hlog', 'gitlab-metrics'].includes(format))) {
    assert.match(runsIn([run], format), /answered/, format);
  }
});
