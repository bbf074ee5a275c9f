import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { budgetsFor, checkBudgets } from '../../src/config/budgets.ts';
import { loadPlan } from '../../src/config/scenario/plan.ts';
import { readDataSet } from '../../src/config/source/data-file.ts';
import { documentFrom } from '../../src/config/source/document.ts';
import { documentOf } from '../../src/config/source/place.ts';
import { PlimsollError } from '../../src/model/error.ts';
import fc, { cases } from '../seeded.ts';
import { controls, damaged, damages, hostileText, hostileValue } from './hostile-text.ts';

const scenario = {
  name: 'browse',
  target: 'http://127.0.0.1:4010/base',
  load: {
    model: 'open',
    warmup: '1s',
    arrivals: 'poisson',
    stages: [{ duration: '1s', rate: '10/s..20/s' }],
  },
  seed: 1,
  connections: { max: 10 },
  defaults: { timeout: '2s', headers: { accept: 'application/json' } },
  journeys: [
    {
      name: 'read',
      weight: 3,
      steps: [
        'GET /a?page=1',
        {
          request: 'POST /b/{{n}}',
          endpoint: 'POST /b/:n',
          headers: { 'x-n': '{{n}}' },
          json: { n: '{{n}}' },
          expect: { status: 200 },
          capture: { n: '$.list[1].n' },
        },
        { think: '200ms..800ms' },
      ],
    },
  ],
};
const budgets = {
  defaults: { errorRate: '1%' },
  endpointDefaults: { p99: '1s' },
  scenarios: {
    browse: {
      total: { rps: '9/s' },
      stages: { '1': { p95: { limit: '150ms', warn: '80ms' } } },
      endpoints: { 'GET /a': { p95: '100ms', waiver: { until: '2027-01-31', reason: 'x' } } },
    },
  },
  regression: { tolerance: '10%', floor: '3%', onInconclusive: 'warn' },
};
const subject = {
  scenario: 'browse',
  endpoints: ['GET /a', 'POST /b/:n'],
  stages: 1,
  timeoutMs: 2_000,
  signals: [],
  file: null,
  others: null,
};

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-hostile-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Work that ends well, or with mistakes that a person can read and a terminal can show. */
async function isRefusedOrDone(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof PlimsollError, (error as Error).stack);
    assert.ok(error.problems.length > 0, 'an error without a problem');
    assert.ok(error.message.length < 200_000, `${error.message.length} characters`);
    assert.doesNotMatch(error.message, controls);
    assert.ok(error.message.isWellFormed(), error.message);
  }
}

/** A text with pieces of it cut out, doubled and replaced. */
const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat({ max: 30 }), put: hostileText }),
  { minLength: 1, maxLength: 3 },
);
type Edits = typeof edits extends fc.Arbitrary<infer Of> ? Of : never;
const edited = (text: string, all: Edits) =>
  all.reduce((rest, { at, cut, put }) => {
    const from = Math.floor(at * rest.length);
    return rest.slice(0, from) + put + rest.slice(from + cut);
  }, text);

const yaml = `name: browse
target: http://127.0.0.1:4010
load: { model: closed, users: 5, iterations: 10 }
defaults:
  headers: { authorization: "Bearer \${TOKEN:-none}" }
steps:
  - GET /a?page=1
  - request: 'POST /b/{{n}}'
    json: &body { n: '{{n}}' }
    capture: { n: $.list }
  - { request: GET /c, json: *body }
  - think: 200ms
`;

describe('any scenario', () => {
  const plan = (
    input:
      | { readonly kind: 'value'; readonly value: unknown }
      | { readonly kind: 'input'; readonly bytes: Uint8Array },
  ) => isRefusedOrDone(() => loadPlan(input, { cwd: folder, env: {} }));

  it('that was damaged in its values is a plan, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(damages, all => plan({ kind: 'value', value: damaged(scenario, all) })),
      cases(150),
    );
  });
  it('that was damaged in its text is a plan, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(edits, fc.constantFrom(yaml, JSON.stringify(scenario, null, 1)), (all, text) =>
        plan({ kind: 'input', bytes: Buffer.from(edited(text, all)) }),
      ),
      cases(100),
    );
  });
  it('that is any value is refused', async () => {
    await fc.assert(
      fc.asyncProperty(hostileValue, value => plan({ kind: 'value', value })),
      cases(100),
    );
  });
});

describe('any budgets', () => {
  it('that were damaged in their values are budgets, or are refused', async () => {
    await fc.assert(
      fc.asyncProperty(damages, all =>
        isRefusedOrDone(() =>
          budgetsFor(checkBudgets(documentOf('budgets.json', damaged(budgets, all))), subject),
        ),
      ),
      cases(150),
    );
  });
  it('that were damaged in their text are budgets, or are refused', async () => {
    await fc.assert(
      fc.asyncProperty(edits, all =>
        isRefusedOrDone(async () => {
          const bytes = Buffer.from(edited(JSON.stringify(budgets, null, 2), all));
          budgetsFor(checkBudgets(await documentFrom(bytes, 'budgets.json')), subject);
        }),
      ),
      cases(150),
    );
  });
});

describe('any data file', () => {
  const cell = fc.oneof(hostileText, fc.constantFrom('1', '', '"a,b"', '"a""b"', '"', "'", '\ufeff'));
  const csv = fc.tuple(
    fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 4 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom(',', ';', '\t'),
  );
  const read = (name: string, text: string) =>
    isRefusedOrDone(async () => {
      const file = join(folder, name);
      writeFileSync(file, text);
      const { columns, rows } = await readDataSet('data', 'random', file, folder);
      assert.ok(rows.length > 0 && rows.every(row => row.length === columns.length), 'rows of other lengths');
    });

  it('of CSV is rows of one length, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(csv, ([rows, end, separator]) =>
        read('data.csv', `id,name\n${rows.map(cells => cells.join(separator)).join(end)}`),
      ),
      cases(200),
    );
  });
  it('of JSON is rows of one length, or is refused', async () => {
    const value = fc.array(fc.oneof(fc.dictionary(hostileText, hostileValue, { maxKeys: 3 }), hostileValue), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(value, rows => read('data.json', JSON.stringify(rows))),
      cases(150),
    );
  });
  it('that is refused quotes none of its values', async () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12}$/).map(text => `s3${text}`);
    await fc.assert(
      fc.asyncProperty(secret, edits, async (value, all) => {
        const file = join(folder, 'secret.csv');
        writeFileSync(file, `id,name\n${edited(`1,"${value}"\n2,${value}\n`, all)}`);
        await readDataSet('data', 'random', file, folder).catch((error: Error) => {
          assert.ok(!error.message.includes(value), error.message);
        });
      }),
      cases(100),
    );
  });
});
