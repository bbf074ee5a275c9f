import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  displayWidth,
  fenced,
  markdownCode,
  markdownText,
  printable,
  shortened,
} from '../../../src/safety/untrusted-text.ts';

/** Text made of what Markdown, HTML, GitHub and terminals give meaning to. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '`',
          '``',
          '|',
          '\\',
          '<b>',
          '</details>',
          '&amp;',
          '@octocat',
          '#1',
          '[a](b)',
          '![',
          '**',
          '__',
          '~~',
        ],
        ...[
          '\n',
          '\r\n',
          '\u001b[31m',
          '\u009b',
          '\u202e',
          '\u2028',
          '\u0000',
          'https://a.example',
          'www.a.b',
          '$x$',
        ],
        ...['- ', '1. ', '# ', '> ', ' ', ':tada:', 'GET /a', '\ud800', '議', 'e\u0301'],
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map(parts => parts.join(''));

describe('untrusted text', () => {
  test('is one line without control, format or unassigned characters', () => {
    assert.equal(printable('a\n\u001b[31mb\u202e\t\u0000'), 'a\\n\\u001b[31mb\\u202e\\t\\u0000');
    fc.assert(fc.property(hostile, text => assert.doesNotMatch(printable(text), /[\p{C}\p{Zl}\p{Zp}]/u)));
  });
  test('is bounded, whatever its length', () => {
    assert.equal(printable('abcdef', 4), 'abc…');
    assert.equal([...printable('👍'.repeat(1_000), 10)].length, 10);
    assert.ok(displayWidth(printable(`a${'\u0301'.repeat(500)}`)) < 3, 'the marks take room');
  });
  test('as code is a span between backticks, or entities where backticks or pipes would end it', () => {
    assert.equal(markdownCode('GET /api/bills/:id'), '`GET /api/bills/:id`');
    assert.equal(markdownCode('a|b'), '<code>a&#124;b</code>');
    assert.equal(markdownCode(''), '`(empty)`');
    fc.assert(
      fc.property(hostile, text => {
        assert.match(markdownCode(text), /^(?:`[^`|\n\r]+`|<code>(?:[\p{L}\p{N} ,/]|&#\d+;)*<\/code>)$/u);
      }),
    );
  });
  test('as prose keeps its words and loses its power', () => {
    assert.equal(
      markdownText('Ask @octocat about #1 in **GET /a**: see https://a.example.'),
      'Ask `@octocat` about `#1` in &#42;&#42;GET /a&#42;&#42;: see `https://a.example.`',
    );
    fc.assert(
      fc.property(hostile, text => {
        const outsideCode = markdownText(text).replaceAll(/`[^`|]*`|<code>[^<]*<\/code>/g, '');
        assert.doesNotMatch(outsideCode, /[<>`|*_[\]~\\$\p{C}]|@\w|(?<!&)#\d|https?:\/\//u);
      }),
    );
  });
  test('in a code block cannot end it', () => {
    assert.equal(fenced(['a', '````'], 'sh'), '`````sh\na\n````\n`````');
  });
});

describe('the width of a text', () => {
  test('counts wide characters twice and marks not at all', () => {
    assert.equal(displayWidth('GET /議案/👍'), 12);
    assert.equal(displayWidth('e\u0301'), 1);
  });
  test('is kept by cutting the middle', () => {
    assert.equal(shortened('GET /api/bills/:id/votes', 14), 'GET /ap…/votes');
    assert.equal(shortened('short', 14), 'short');
    fc.assert(
      fc.property(hostile, fc.integer({ min: 3, max: 40 }), (text, columns) => {
        assert.ok(
          displayWidth(shortened(printable(text), columns)) <= columns,
          `wider than ${columns}: ${JSON.stringify(text)}`,
        );
      }),
    );
  });
});
