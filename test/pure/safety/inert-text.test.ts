import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inertText } from '../../../src/safety/inert-text.ts';

describe('text that goes to a log or a terminal', () => {
  for (const [what, text, shown] of [
    ['a command', '::error::no', ':\\u003aerror::no'],
    ['a command with properties', 'a ::error file=a.js,line=1::no', 'a :\\u003aerror file=a.js,line=1::no'],
    ['a command behind spaces', '  \t::add-mask::x', '  \t:\\u003aadd-mask::x'],
    ['the start of a line like one', 'a\n  ::[1]', 'a\n  \\u003a:[1]'],
    ['a command in brackets', 'a ##[error]no', 'a #\\u0023[error]no'],
    ['a command of Azure', '##vso[task.complete]', '#\\u0023vso[task.complete]'],
    ['a control character', 'a\u0007\u009b\u007f', 'a\\u0007\\u009b\\u007f'],
    ['a title for the terminal', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['a cursor that moves', '\u001b[2A\u001b[1;1Hx', '\\u001b[2A\\u001b[1;1Hx'],
    ['a line that is drawn over', 'FAIL\rPASS', 'FAIL\\u000dPASS'],
    ['text that runs the other way', '\u202egnp.exe\u2028', '\\u202egnp.exe\\u2028'],
  ] as const) {
    it(`holds no ${what}`, () => {
      assert.equal(inertText(text), shown);
      assert.equal(inertText(shown), shown);
    });
  }

  for (const text of [
    '\u001b[1m\u001b[32m✓ PASS\u001b[39m\u001b[22m\n',
    '\r\u001b[2Kbrowse  3 s left',
    'http://[::1]:4010/, Foo::bar and a::b of 12:30',
    '## Heading\n\n| a | b |\n',
    '\ttab, 議案 👍 and é\n',
  ]) {
    it(`stays as it is where it is harmless: ${JSON.stringify(text)}`, () => {
      assert.equal(inertText(text), text);
    });
  }

  it('says the same where it is JSON', () => {
    const value = { '::stop-commands::zzz': ['##[error]x', '\u0085\u202e\u2028'] };
    assert.deepEqual(JSON.parse(inertText(JSON.stringify(value, null, 2))), value);
  });
});
