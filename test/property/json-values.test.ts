import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { writtenAt } from '../../src/engine/answer/json-text.ts';
import { inspectAnswer } from '../../src/engine/request/inspection.ts';
import { type PreparedRequest, prepareJourneys } from '../../src/engine/request/prepared-request.ts';
import { VirtualUser } from '../../src/engine/request/virtual-user.ts';
import { planOf } from '../real/config/workspace.ts';

const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`));
/** A number as JSON writes it, within what a double can reach. */
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,40}$/)),
    fc.oneof(
      fc.constant(''),
      digits(1, 30).map(fraction => `.${fraction}`),
    ),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][-+]?\d{1,2}$/)),
  )
  .map(parts => parts.join(''));
const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
const key = fc.string({ unit: 'binary' }).filter(name => name !== '__proto__');

const plan = await planOf(`target: http://127.0.0.1:4010
load: { model: open, stages: [{ duration: 1s, rate: 10/s }] }
steps:
  - { request: GET /a, capture: { n: '$.list[1].n' } }
  - { request: 'POST /b/{{n}}', headers: { x-n: '{{n}}' }, json: { n: '{{n}}', text: '{{n}}.' } }`);
const [first, second] = (prepareJourneys(plan)[0]?.steps ?? []) as PreparedRequest[];

describe('a JSON number', () => {
  it('keeps its text from the answer to the bytes of the next request', () => {
    const document = fc
      .tuple(number, number, blank, fc.jsonValue(), fc.string({ unit: 'binary' }))
      .map(([n, other, space, value, text]) => ({
        n,
        body: `${space}{"value":${JSON.stringify(value)},${space}"list"${space}:[${JSON.stringify(text)},${space}{"m":${other},"n":${space}${n}${space}}${space}],"n":${other}}`,
      }));
    fc.assert(
      fc.property(document, ({ n, body }) => {
        assert.ok(first !== undefined && second !== undefined, 'both steps are there');
        const user = new VirtualUser(0);
        assert.equal(inspectAnswer(first, Buffer.from(body), user), null);
        const request = second.render(hole => (hole.kind === 'capture' ? user.captureFor(hole) : ''), user);
        const bytes = request.kind === 'bytes' ? request.bytes.toString() : request.reason;
        assert.ok(bytes.startsWith(`POST /b/${encodeURIComponent(n)} HTTP/1.1\r\n`), bytes);
        assert.ok(bytes.includes(`\r\nx-n: ${n}\r\n`), bytes);
        assert.ok(bytes.endsWith(`\r\n\r\n{"n":${n},"text":"${n}."}`), bytes);
      }),
    );
  });
});

describe('the text of a value', () => {
  it('is found where JSON.parse finds the value, however the JSON is laid out', () => {
    const indent = fc.constantFrom(0, 1, '\t', ' \n');
    const value = fc.dictionary(key, fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(value, indent, (root, space) => {
        const json = JSON.stringify(root, null, space);
        const walk = (at: unknown, path: readonly (string | number)[]): void => {
          assert.equal(writtenAt(json, path)?.text, JSON.stringify(at), JSON.stringify(path));
          if (Array.isArray(at)) {
            for (const [index, item] of at.entries()) walk(item, [...path, index]);
          } else if (typeof at === 'object' && at !== null) {
            for (const [name, item] of Object.entries(at)) walk(item, [...path, name]);
          }
        };
        walk(root, []);
        assert.equal(writtenAt(json, ['no such key', 0]), undefined);
      }),
    );
  });
});
