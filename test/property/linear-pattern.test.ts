import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LinearPatterns } from '../../src/safety/linear-pattern.ts';
import { schemaCheck } from '../../src/safety/schema-check.ts';
import fc, { cases } from '../seeded.ts';

const atoms = [
  ...[
    'a',
    'b',
    '.',
    '\\s',
    '\\S',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\b',
    '\\B',
    '^',
    '$',
    '[]',
    '[^]',
    '\\u{1F600}',
    '\\u2028',
  ],
  ...[
    '[a-b]',
    '[^a]',
    '[\\s.]',
    '[^\\s\\d]',
    '[\\S\\n]',
    '[\\b\\-]',
    '\\p{L}',
    '\\P{Lu}',
    '\\.',
    '\\/',
    '\\t',
    '\\x41',
    '😀',
  ],
];
const { source } = fc.letrec<{ source: string; part: string }>(tie => ({
  source: fc
    .array(
      fc.array(tie('part'), { maxLength: 4 }).map(parts => parts.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map(ways => ways.join('|')),
  part: fc
    .tuple(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...atoms) },
        fc
          .tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('source'))
          .map(([open, inner]) => `${open}${inner})`),
      ),
      fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{1,2}', '{0,}'),
    )
    .map(parts => parts.join('')),
}));
const characters = 'abAz09 _-.\t\n\v\r\u0008\u00a0\u1680\u2003\u2028\u2029\u3000\ufeff\u00e4議😀';
const text = fc
  .array(fc.constantFrom(...characters, '\ud83d'), { maxLength: 8 })
  .map(parts => parts.join(''));

function nativeOrNull(written: string): RegExp | null {
  try {
    return new RegExp(written, 'u');
  } catch {
    return null;
  }
}

describe('a pattern of a schema', () => {
  it('matches what it matches in JavaScript', () => {
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 8 }), (written, texts) => {
        const native = nativeOrNull(written);
        fc.pre(native !== null);
        const pattern = new LinearPatterns().pattern(written);
        for (const one of texts) {
          assert.equal(pattern.test(one), native?.test(one), `${native} on ${JSON.stringify(one)}`);
        }
      }),
      cases(400),
    );
  });

  it('takes a time in proportion to the text, whatever that is', () => {
    for (const written of [
      '^(a+)+$',
      '^(a|a)*$',
      '^(ab|a|b)*$',
      '(x+x+)+y',
      '^\\S+@\\S+\\.\\S+$',
      'a*c',
      '^(?:ab)*(?:ab)*$',
    ]) {
      const pattern = new LinearPatterns().pattern(written);
      for (const unit of ['a', 'x', 'ab', '@.'])
        assert.equal(pattern.test(`${unit.repeat(50_000)} !`), false, written);
    }
  });

  it('looks at a million characters of an answer at most', () => {
    const check = schemaCheck({
      items: { pattern: '(a|b)c' },
      patternProperties: { '^x(y|z)': { type: 'number' } },
    });
    const texts = Array.from({ length: 10 }, () => 'bc'.repeat(50_000));
    assert.equal(check(texts), null);
    assert.match(check([...texts, 'bc'])?.message ?? '', /more than 1,000,000 characters/);
    assert.match(check({ ['x'.repeat(1_000_001)]: 1 })?.message ?? '', /more than 1,000,000 characters/);
    assert.match(check(['bd'])?.message ?? '', /must match pattern/);
  });

  it('is refused where it can only be matched by trying', () => {
    for (const written of ['^(?=.*a)b', '(a)\\1', '(?<!a)b']) {
      assert.throws(() => new LinearPatterns().pattern(written), /cannot be matched in linear time/);
    }
    assert.throws(() => new LinearPatterns().pattern('(?i)a'), SyntaxError);
  });
});

describe('a schema', () => {
  it('finds equal items in a time in proportion to the list', () => {
    const check = schemaCheck({ uniqueItems: true });
    const items = Array.from({ length: 100_000 }, (_, index) => ({ a: index, b: [index] }));
    assert.equal(check(items), null);
    assert.match(check([...items, { b: [7], a: 7 }])?.message ?? '', /duplicate/);
    assert.match(check([1, '1', 1])?.message ?? '', /duplicate/);
    assert.equal(check([1, '1', [1], { a: 1 }, null, 'null', '[1]', '{"a":1}', {}, []]), null);
    assert.equal(schemaCheck({ uniqueItems: false })([1, 1]), null);
  });

  it('fails what Ajv cannot compare, instead of the process', () => {
    const hostile = JSON.parse('{"valueOf":1,"toString":2,"toJSON":3,"__proto__":4}');
    assert.match(
      schemaCheck({ const: { valueOf: 1, a: 1, b: 1, c: 1 } })(hostile)?.message ?? '',
      /compared/,
    );
    assert.match(schemaCheck({ enum: [{ a: 1 }] })(hostile)?.message ?? '', /compared/);
    assert.match(schemaCheck({ uniqueItems: true })([hostile, hostile])?.message ?? '', /duplicate/);
  });
});
