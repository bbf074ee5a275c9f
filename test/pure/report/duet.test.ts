import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JudgedDuet } from '../../../src/model/duet/duet-judgement.ts';
import { duetSummaryOf } from '../../../src/report/summary/duet-summary.ts';
import {
  duetSummaryJsonSchema,
  duetSummarySchema,
  duetsSummarySchema,
} from '../../../src/report/summary/duet-summary-schema.ts';
import { duetSentence } from '../../../src/report/words/duet-sentence.ts';
import { duetStandingText } from '../../../src/report/words/duet-standing.ts';
import { spoken } from '../../../src/report/words/inline.ts';
import { displayWidth } from '../../../src/safety/untrusted-text.ts';
import { exampleDuet, judgedDuet } from '../../fixtures/duet.ts';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { holds } from '../../fixtures/golden.ts';
import { duetIn, duetsIn } from '../../fixtures/rendered.ts';

const examples = Object.entries(exampleDuets);

describe('the report of a duet', () => {
  for (const [name, duet] of examples) {
    test(`"${name}" reads in Markdown as it did`, () => {
      holds(`duet-${name}.md`, duetIn(duet, 'markdown'));
    });
    test(`"${name}" reads on a terminal of 80 columns as it did`, () => {
      holds(`duet-${name}.txt`, duetIn(duet, 'terminal', { color: false, width: 80 }));
    });
  }

  test('begins with its verdict in words, on a terminal and in Markdown', () => {
    for (const [name, duet] of examples) {
      const word = duet.judgement.verdict.toUpperCase();
      assert.ok(spoken(duetSentence(duet)).startsWith(word), name);
      assert.ok(duetIn(duet, 'terminal', { color: false }).slice(2).startsWith(word), name);
      assert.match(duetIn(duet, 'markdown'), new RegExp(`^\\S+ \\*\\*${word}\\*\\*`));
    }
  });

  test('says the same in colour as without', () => {
    for (const duet of Object.values(exampleDuets)) {
      const colored = duetIn(duet, 'terminal', { color: true, width: 80 });
      assert.notEqual(colored, duetIn(duet, 'terminal', { color: false, width: 80 }));
      assert.equal(stripVTControlCharacters(colored), duetIn(duet, 'terminal', { color: false, width: 80 }));
    }
  });

  test('keeps to the width of the terminal but for tables of many figures', () => {
    const lines = duetIn(exampleDuets.fail as never, 'terminal', { color: false, width: 100 }).split('\n');
    for (const line of lines) assert.ok(displayWidth(line) <= 100, line);
  });

  test('gives no power to the names of endpoints, scenarios and refs', () => {
    const duet = exampleDuets.hostile as (typeof exampleDuets)[string];
    assert.doesNotMatch(duetIn(duet, 'terminal', { color: false }).replaceAll('\n', ''), /\p{Cc}/u);
    const markdown = duetIn(duet, 'markdown');
    const outsideCode = markdown.replaceAll(/`[^`\n]*`/g, '');
    assert.ok(!/<script|<b>|\]\(http|@(?:team|all)/.test(outsideCode), outsideCode);
  });
});

describe('the report of several heads', () => {
  const { pass, inconclusive, fail, hostile } = exampleDuets as { [name: string]: JudgedDuet };
  const heads = [pass, inconclusive, fail].map((duet, index) =>
    withHead(duet as JudgedDuet, `head-${index}`),
  );

  test('reads as it did: a table of them, and a part for each, the worst first', () => {
    holds('duets.md', duetsIn(heads, 'markdown'));
    holds('duets.txt', duetsIn(heads, 'terminal', { color: false, width: 80 }));
  });

  test('holds the summary of each, and the worst verdict and exit code', () => {
    const summary = JSON.parse(duetsIn(heads, 'json'));
    assert.deepEqual(duetsSummarySchema.parse(summary), summary);
    assert.deepEqual([summary.kind, summary.verdict, summary.exitCode], ['duets', 'fail', 1]);
    assert.deepEqual(
      summary.duets.map((duet: { head: { name: string } }) => duet.head.name),
      ['head-0', 'head-1', 'head-2'],
    );
    const validate = new Ajv2020({ validateFormats: false }).compile(duetSummaryJsonSchema());
    assert.equal(validate(summary), true, JSON.stringify(validate.errors));
  });

  test('is that of a lone head where there is one', () => {
    assert.equal(duetsIn([fail as JudgedDuet], 'json'), duetIn(fail as JudgedDuet, 'json'));
  });

  test('gives no power to the names of refs', () => {
    const both = [hostile as JudgedDuet, withHead(hostile as JudgedDuet, '`other`|@team')];
    assert.doesNotMatch(duetsIn(both, 'terminal', { color: false }).replaceAll('\n', ''), /\p{Cc}/u);
    const outsideCode = duetsIn(both, 'markdown').replaceAll(/(`+)[^\n]*?\1/g, '');
    assert.ok(!/<script|<b>|\]\(http|@(?:team|all)/.test(outsideCode), outsideCode);
  });
});

function withHead(duet: JudgedDuet, ref: string): JudgedDuet {
  const { base } = duet.record.contestants;
  const head = { kind: 'ref', ref, commit: '8c2f0e1d9b7a1f0e5d4c' } as const;
  return { ...duet, record: { ...duet.record, contestants: { base, head } } };
}

describe('the sentence of a duet', () => {
  test('says which endpoint is slower at which quantile, by how much and from what to what', () => {
    assert.match(
      spoken(duetSentence(exampleDuets.fail as never)),
      /^FAIL: browse-bills, faster-bills against main: GET \/api\/bills is 1\d(\.\d)?% slower at p95 \(17\.\d ms → \d\S* ms\) and 1\S+% at p50 \(.*\); POST \/api\/votes fails 2\S* pp more often \(0% → /,
    );
  });
  test('says why a duet is no comparison, or how far it came', () => {
    assert.equal(
      spoken(duetSentence(exampleDuets.broken as never)),
      'INVALID: browse-bills, faster-bills against main: no comparison: it broke off after 3 restarts, since head ended before it was ready: exit code 1.',
    );
    assert.match(
      spoken(duetSentence(exampleDuets.partial as never)),
      /^INCONCLUSIVE \(partial: interrupted by SIGINT after 7 restarts\): .* 7 restarts are too few/,
    );
  });
});

describe('how a duet stands', () => {
  test('tells what is settled, when it is looked at next, and how long it may take at most', () => {
    const { record, judgement } = judgedDuet(exampleDuet({ restarts: 12, spread: 0.2, seed: 3 }));
    assert.match(
      duetStandingText({ restarts: record.restarts, judgement, repeat: record.layout.repeat, most: 26 }),
      /^12 restarts, \d of 3 settled, next look after 13 in 19 s, at most 4 min 19 s to go$/,
    );
  });
  test('tells why it is over', () => {
    const { record, judgement } = judgedDuet(exampleDuet({ restarts: 10 }));
    assert.match(
      duetStandingText({ restarts: record.restarts, judgement, repeat: record.layout.repeat, most: 26 }),
      /^10 restarts, 3 of 3 settled, every /,
    );
  });
});

describe('the summary of a duet', () => {
  const validate = new Ajv2020({ validateFormats: false }).compile(duetSummaryJsonSchema());
  test('is what its schema says, in zod and as JSON Schema, of every example', () => {
    for (const [name, duet] of examples) {
      const summary = duetSummaryOf(duet);
      assert.deepEqual(duetSummarySchema.parse(summary), summary);
      assert.ok(validate(JSON.parse(duetIn(duet, 'json'))), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  });
  test('holds verdict, exit code, sides, restarts and every finding', () => {
    const { record, judgement } = exampleDuets.fail as (typeof exampleDuets)[string];
    const summary = duetSummaryOf(exampleDuets.fail as never);
    assert.deepEqual([summary.verdict, summary.exitCode, summary.end], ['fail', 1, 'decided']);
    assert.deepEqual(
      examples.filter(([, duet]) => {
        const { endReason, endReasonCode } = duetSummaryOf(duet);
        return (endReason === null) !== (endReasonCode === null);
      }),
      [],
      'a reason has a code',
    );
    assert.deepEqual(summary.base, { kind: 'ref', name: 'main', commit: '1f0e5d4c3b2a19088c2f' });
    assert.equal(summary.units.measured, record.restarts.length);
    assert.equal(summary.findings.length, judgement.findings.length);
    assert.deepEqual(
      summary.findings.filter(({ status }) => status === 'fail').map(({ reasonCode }) => reasonCode),
      ['worse', 'worse', 'worseShare'],
    );
  });
});
