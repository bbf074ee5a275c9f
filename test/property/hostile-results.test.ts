import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PlimsollError } from '../../src/model/error.ts';
import type { ResultTool } from '../../src/model/run/results.ts';
import { judgeResults } from '../../src/pipeline/run/judge-results.ts';
import { runDocument } from '../../src/report/document/subject/run-document.ts';
import { formatsOf, renderers } from '../../src/report/render/renderers.ts';
import { summarySchema } from '../../src/report/summary/summary-schema.ts';
import {
  gatlingLog,
  heyCsv,
  jmeterCsv,
  k6Points,
  requests,
  summaries,
  vegetaCsv,
  vegetaJson,
} from '../fixtures/foreign-results.ts';
import { inWorkspace } from '../real/config/workspace.ts';
import fc, { cases } from '../seeded.ts';

const few = requests(8);
const files: readonly (readonly [ResultTool, string])[] = [
  ['k6', k6Points(few)],
  ['k6', summaries.k6Export()],
  ['k6', summaries.k6Handle()],
  ['k6', summaries.k6Machine()],
  ['vegeta', vegetaJson(few)],
  ['vegeta', vegetaCsv(few)],
  ['vegeta', summaries.vegeta()],
  ['artillery', summaries.artillery()],
  ['oha', summaries.oha()],
  ['hey', heyCsv(few)],
  ['locust', summaries.locust()],
  ['jmeter', jmeterCsv(few)],
  ['gatling', gatlingLog(few)],
  ['gatling', summaries.gatling()],
];

/** What stands in place of a number or a text. */
const instead = fc.constantFrom(
  '',
  '0',
  '-1',
  '1e308',
  '1e-9',
  'null',
  'true',
  '[]',
  '{}',
  '"NaN"',
  '"\\u0000"',
  '"__proto__"',
  '"x"',
  ',',
  '\t',
  '\n',
  '\u2028',
);

/** A file with a few of its words replaced, and perhaps cut. */
const damagedFile = fc
  .record({
    file: fc.constantFrom(...files),
    changes: fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), by: instead }), {
      minLength: 1,
      maxLength: 4,
    }),
    cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ file: [tool, text], changes, cut }) => {
    let damaged = text;
    for (const { at, by } of changes) {
      const from = Math.floor(at * damaged.length);
      damaged =
        damaged.slice(0, from) + damaged.slice(from).replace(/-?\d[\d.eE+-]*|"[^"\n]*"|[,\t{}:]/, () => by);
    }
    return { tool, text: cut === null ? damaged : damaged.slice(0, Math.floor(cut * damaged.length)) };
  });

describe('results that are damaged', () => {
  it('are read and rendered, or refused with an error that a person can read', async () => {
    await inWorkspace({}, async cwd => {
      await fc.assert(
        fc.asyncProperty(damagedFile, async ({ tool, text }) => {
          await writeFile(join(cwd, 'results'), text);
          try {
            const judged = await judgeResults('results', {
              budgets: null,
              command: 'plimsoll judge',
              cwd,
              tool,
            });
            const document = runDocument([judged]);
            summarySchema.parse(document.summary);
            for (const format of formatsOf('run'))
              assert.equal(typeof renderers[format].render(document), 'string');
          } catch (error) {
            if (!(error instanceof PlimsollError)) throw error;
          }
        }),
        cases(300),
      );
    });
  });
});
