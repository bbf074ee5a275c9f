import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../src/judge/judge.ts';
import type { Scope } from '../../src/model/judgement/budget.ts';
import type { DryRun } from '../../src/model/judgement/dry-run.ts';
import { exitCodeOf } from '../../src/model/judgement/exit-code.ts';
import { millis, perSecond } from '../../src/model/units.ts';
import { dryRunDocument } from '../../src/report/document/subject/dry-run-document.ts';
import { renderers } from '../../src/report/render/renderers.ts';
import { findingReason } from '../../src/report/words/reasons/finding-reason.ts';
import { foreseenText, runNote, undoneText } from '../../src/report/words/reasons/run-note.ts';
import { changeRange, changeText } from '../../src/words/change-text.ts';
import * as quantities from '../../src/words/quantity-text.ts';
import { exampleDuets } from '../fixtures/example-duets.ts';
import { exampleRuns } from '../fixtures/example-runs.ts';
import { duetIn, runsIn } from '../fixtures/rendered.ts';
import { budget, budgets } from '../pure/judge/budgets.ts';
import { recordOf, type Sample } from '../pure/judge/record-builder.ts';
import { planFor, request } from '../pure/plan-builder.ts';
import fc, { cases } from '../seeded.ts';

/** An observed value is shown with as many digits as tell it from its limit. */
const mostDigits = 7;

/** Numbers with a fraction that are shown with more digits than anyone measured. */
function longNumbers(text: string): readonly string[] {
  // What stands in letters, dots or hyphens is a version, an id or a name.
  const numbers = text.match(/(?<![\w.-])\d[\d,]*\.\d+(?![\w-]|\.\d)/g) ?? [];
  return numbers.filter(
    number => number.replace(/[,.]/g, '').replace(/^0+/, '').length > mostDigits || /e[-+]/.test(number),
  );
}

const shown = (texts: readonly string[]) => assert.deepEqual(texts.flatMap(longNumbers), []);

const positive = fc.oneof(
  fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  fc.double({ min: 0, max: 2_000, noNaN: true }),
);
const signed = fc.double({ min: -50, max: 50, noNaN: true });

describe('a number in text', () => {
  it('is found where it has more digits than anyone measured', () => {
    assert.deepEqual(longNumbers('400.00000000000006 ms, 1.6666666666666667/s'), [
      '400.00000000000006',
      '1.6666666666666667',
    ]);
    assert.deepEqual(longNumbers('v1.22.333, 2026-11-30T10:00:00.123Z, 123,456.7 and 0.00000012'), []);
  });

  it('is rounded for people, whatever the value and its unit', () => {
    fc.assert(
      fc.property(positive, positive, (one, other) => {
        const { number, duration, span, percent, size, counted, quantity, range, observation } = quantities;
        const observed = { value: one, atLeast: false };
        shown([
          number(one),
          duration(one),
          span(one),
          percent(one),
          size(one),
          counted(Math.round(one), 'request'),
          ...(['ms', 'ratio', 'perSecond'] as const).flatMap(unit => [
            quantity(one, unit),
            observation(observed, unit),
            observation(observed, unit, other),
            observation(observed, unit, one * (1 + 1e-9)),
            range({ low: one, high: other, confidence: 0.95 }, unit),
          ]),
        ]);
      }),
    );
    fc.assert(
      fc.property(signed, signed, (one, other) => {
        const kinds = ['relative', 'difference'] as const;
        const interval = { low: one, high: other, confidence: 0.95 };
        shown(kinds.flatMap(kind => [changeText(one, kind), changeRange(interval, kind)]));
      }),
    );
  });

  it('is rounded in what is told before a load', () => {
    const stage = fc.record({ ms: positive, from: positive, to: positive });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 3 }), positive, (stages, warmup) => {
        const plan = planFor(
          4010,
          {
            model: 'open',
            arrivals: 'constant',
            warmup: millis(warmup),
            stages: stages.map(({ ms, from, to }) => ({
              duration: millis(ms),
              from: perSecond(from),
              to: perSecond(to),
            })),
          },
          [request('/a')],
        );
        const scope: Scope = { kind: 'total' };
        const { metric } = budget('p99', 1);
        const told: DryRun = {
          plan,
          expected: [{ perSecond: stages[0]?.from ?? 0, requests: warmup }],
          unbudgeted: [],
          foreseen: [
            { kind: 'shortfall', metric, scope, needed: 367.8, requests: warmup, seconds: warmup / 1_000 },
          ],
          budgetCount: 1,
          samples: [],
        };
        const document = dryRunDocument([told]);
        shown([renderers.terminal.render(document), renderers.markdown.render(document)]);
        shown(told.foreseen.map(foreseenText));
        shown([
          undoneText({ kind: 'journeys', made: 1, asked: 2, maxDurationMs: warmup }),
          runNote({ kind: 'interrupted', signal: 'SIGINT', measuredMs: warmup }),
        ]);
      }),
    );
  });

  it('is rounded in the report of any run, and in the reasons of its findings', () => {
    const sample = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      responseMs: fc.double({ min: 0.01, max: 9_000, noNaN: true }),
      lateMs: fc.constantFrom(0.1, 0.1, 3.3333333, 140.7777777),
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'status', 'timeout'),
    });
    const limit = fc.double({ min: 0.01, max: 9_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 400 }), limit, (samples, limitMs) => {
        const requests = samples.map(
          ({ at, ...one }): Sample =>
            ({ ...one, dueMs: at * 10_000, serviceMs: one.responseMs * 0.9 }) as Sample,
        );
        const record = recordOf(requests, { generator: { busy: 0.9123456789, sharesMachine: true } });
        const asked = ['p50', 'p99', 'avg', 'service.p95', 'max'].map(metric => budget(metric, limitMs));
        const written = asked.map(one => ({ ...one, limit: Number(one.limit.toPrecision(3)) }));
        const judgement = judgeRun(record, budgets(...written, budget('rps', 3.5)), '2026-11-21');
        const exitCode = exitCodeOf(judgement.verdict, { state: 'complete' }, 'warn');
        const run = { record, judgement, exitCode };
        shown(judgement.findings.map(finding => findingReason(finding)));
        shown((['terminal', 'markdown'] as const).map(format => runsIn([run], format)));
      }),
      cases(25),
    );
  });

  it('is rounded in the examples of reports', () => {
    for (const runs of Object.values(exampleRuns)) {
      shown((['terminal', 'markdown'] as const).map(format => runsIn(runs, format)));
    }
    for (const duet of Object.values(exampleDuets)) {
      shown((['terminal', 'markdown'] as const).map(format => duetIn(duet, format)));
    }
  });
});
