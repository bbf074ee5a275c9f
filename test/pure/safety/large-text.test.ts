import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redactor } from '../../../src/safety/secret.ts';
import { boundedText, markdownCode, markdownText, printable } from '../../../src/safety/untrusted-text.ts';

/** Anything that is not linear takes hours for so many characters. */
const length = 4_000_000;
const full = (text: string) => text.repeat(Math.ceil(length / text.length));

/** Beginnings of what is looked for, again and again, so that no match comes of them. */
const texts: { readonly [what: string]: string } = {
  'the flag of a header': full('-H'),
  'the long flag of a header': full('--header '),
  'a quoted name without its end': full('"a'),
  'one long name': `"${full('x')}`,
  'a name without its colon': `"a"${full(' ')}`,
  'a value of escapes': `"user":"${full('\\n')}`,
  'a secret value of escapes': `"token":"${full('\\n')}`,
  'a secret word': `"token":${full('x')}`,
  'the start of a URL': full('://a'),
  'a scheme of credentials': full('bearer '),
  'a cookie without its colon': `cookie${full(' ')}`,
  'a header without its colon': `\n${full('a')}${full(' ')}`,
  'lines without colons': full('\na'),
  'a name of a parameter': full('?a'),
  'empty lines between names': full(`\nx${'\n'.repeat(100)}`),
  'combining marks': full('\u0301'),
  'halves of surrogate pairs': full('\ud800'),
};

describe('a text of megabytes', () => {
  const clean = redactor(['hunter22', 'xxxxxxxxyxxxxxxxx']);
  for (const [what, text] of Object.entries(texts)) {
    test(`of ${what} is cleaned and shown in linear time`, () => {
      assert.ok(clean(text).length <= text.length + 20, 'nothing is made up');
      assert.ok([...printable(text)].length <= 200, 'one line');
      assert.ok(markdownCode(text).length < 20_000, 'a line of code');
      assert.ok(markdownText(text).length < 20_000, 'a paragraph');
      const bounded = boundedText(text, 500);
      assert.deepEqual([bounded.length, bounded.isWellFormed()], [500, true]);
    });
  }

  test('loses a secret value whatever its length', () => {
    const value = full('\\"x');
    assert.equal(clean(`{"page":"${value}","token":"${value}"}`), `{"page":"${value}","token":"[redacted]"}`);
  });
});
