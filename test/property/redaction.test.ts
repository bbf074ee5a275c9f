import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redactor } from '../../src/safety/secret.ts';
import { boundedText, markdownCode, markdownText, printable } from '../../src/safety/untrusted-text.ts';
import fc from '../seeded.ts';

/** A value that nobody would write by chance. */
const secret = fc
  .tuple(
    fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
    fc.stringMatching(/^[A-Za-z0-9+/_~-]{8}$/),
  )
  .map(parts => parts.join(''));
const around = fc.string({ maxLength: 30 });

const pointer = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');
const html = (text: string) =>
  text.replace(
    /[&<>"']/g,
    char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[char] ?? char,
  );
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How a value is written, and how such a text is read again. */
const forms: { readonly [form: string]: { readonly write: (value: string) => string; readonly in: string } } =
  {
    'as it is': { write: value => value, in: '<>' },
    'a URL': { write: encodeURIComponent, in: '/a?b=&c' },
    'a URL in lower case': {
      write: value => encodeURIComponent(value).replaceAll(/%../g, code => code.toLowerCase()),
      in: '/a?b=&c',
    },
    'a form': { write: value => new URLSearchParams([['', value]]).toString().slice(1), in: 'b=&c' },
    JSON: { write: value => JSON.stringify(value).slice(1, -1), in: '{"a":""}' },
    'JSON in JSON': { write: value => JSON.stringify(JSON.stringify(value)).slice(3, -3), in: '{"a":""}' },
    'a JSON pointer': { write: pointer, in: '/a/ must be number' },
    'a JSON pointer of a URL': { write: value => pointer(encodeURI(value)), in: '/a/ must be number' },
    HTML: { write: html, in: '<p></p>' },
    hexadecimal: { write: value => Buffer.from(value).toString('hex'), in: '0x' },
    'upper-case hexadecimal': { write: value => Buffer.from(value).toString('hex').toUpperCase(), in: '' },
    base64: { write: base64, in: '()' },
    base64url: { write: value => Buffer.from(value).toString('base64url'), in: '()' },
    'bytes of a header': { write: value => Buffer.from(value).toString('latin1'), in: 'x' },
  };

describe('a random secret', () => {
  for (const [form, { write, in: place }] of Object.entries(forms)) {
    test(`is found in ${form}, and nothing around it is lost`, () => {
      fc.assert(
        fc.property(secret, value => {
          const half = Math.ceil(place.length / 2);
          const [before, after] = [place.slice(0, half), place.slice(half)];
          const clean = redactor([value]);
          assert.equal(clean(`${before} ${write(value)} ${after}`), clean(`${before} [redacted] ${after}`));
        }),
      );
    });

    test(`leaves no beginning where a text in ${form} was cut`, () => {
      fc.assert(
        fc.property(secret, fc.nat({ max: 100 }), (value, cut) => {
          const written = write(value);
          const kept = boundedText(`x ${written} ${'y'.repeat(100)}`, 3 + (cut % written.length));
          const clean = redactor([value])(kept);
          const rest = clean.replace(/^x /, '').replace(/\ufffd?…/, '');
          assert.ok(rest === '' || rest.startsWith('[redacted]') || rest.length < 4, clean);
        }),
      );
    });
  }

  test('is found in base64 of a longer text, wherever it lies in it', () => {
    fc.assert(
      fc.property(around, secret, around, (before, value, after) => {
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = Buffer.from(before + value + after).toString(encoding);
          const clean = redactor([value])(`() ${text} ()`);
          assert.ok(clean.includes('[redacted]'), clean);
          // What is left holds nothing of the secret but for the bits that it shares with a character beside it.
          const left = clean.replaceAll('[redacted]', '').length;
          const bytes = Buffer.byteLength(value);
          assert.ok(left <= text.length + 6 - Math.floor((bytes * 8) / 6), `${clean} of ${text}`);
        }
      }),
    );
  });

  test('is found however many others there are, and whatever overlaps it', () => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 2, maxLength: 30 }), fc.nat(), (values, cut) => {
        const overlapping = values.map(value => value.slice(cut % 4));
        const clean = redactor([...values, ...overlapping]);
        const text = clean(values.join(' and '));
        for (const value of values) assert.ok(!text.includes(value.slice(-8)), text);
      }),
    );
  });

  test('is in nothing that shows a text', () => {
    fc.assert(
      fc.property(around, secret, around, (before, value, after) => {
        const clean = redactor([value])(`${before} ${value} ${after}`);
        for (const shown of [printable(clean), markdownCode(clean), markdownText(clean)]) {
          assert.ok(!shown.includes(value.slice(-8)) || `${before}${after}`.includes(value.slice(-8)), shown);
        }
      }),
    );
  });
});
