import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { redactRecord } from '../../../src/safety/redact.ts';
import { exampleRecord } from '../../fixtures/record.ts';

const record = exampleRecord({
  endpoints: [
    { name: 'GET /api/bills', rate: 10, medianMs: 5, slowShare: 0.3, slowMs: 30, failures: { status: 0.5 } },
  ],
  stagesS: [2],
});

/** The record with one text in every place that can hold untrusted text. */
function withText(text: string) {
  const { header, measurement } = record;
  return {
    ...record,
    header: { ...header, target: text, command: text },
    measurement: {
      ...measurement,
      completion: { state: 'workerDied', reason: text } as const,
      slowest: measurement.slowest.map(slow => ({ ...slow, requestId: text })),
      failureSamples: measurement.failureSamples.map(sample => ({ ...sample, detail: text })),
    },
  };
}

const cleaned = (text: string, secrets: readonly string[] = []) =>
  redactRecord(withText(text), secrets).header.command;

describe('a redacted record', () => {
  test('holds a secret nowhere and in none of its forms', () => {
    const secret = 'p@ss "w/örd"+x';
    const forms = [
      secret,
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      encodeURIComponent(secret).replaceAll('%20', '+'),
      encodeURI(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
    ];
    for (const form of forms) {
      assert.ok(
        record.measurement.slowest.length > 0 && record.measurement.failureSamples.length > 0,
        `slowest.length ${record.measurement.slowest.length}, failureSamples.length ${record.measurement.failureSamples.length}`,
      );
      const after = redactRecord(withText(`before ${form} after`), [secret]);
      assert.deepEqual(after, withText('before [redacted] after'));
    }
  });
  test('holds no secret, whatever it is and whatever stands around it', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(text, fc.string({ minLength: 4, unit: 'grapheme' }), text, (before, secret, after) => {
        fc.pre(!'[redacted]'.includes(secret));
        const written = JSON.stringify(redactRecord(withText(before + secret + after), [secret]));
        const command = JSON.parse(written).header.command as string;
        assert.ok(!command.replaceAll('[redacted]', '\n').includes(secret), command);
      }),
    );
  });
  test('replaces the longer of two secrets that begin alike', () => {
    assert.equal(cleaned('key=abcdefgh', ['abcd', 'abcdefgh']), 'key=[redacted]');
  });
  test('leaves values that are too short to be secrets', () => {
    assert.equal(cleaned('--rate 100/s', ['100', '']), '--rate 100/s');
  });
  test('hides query parameters named like a credential and no others', () => {
    const names = [
      'token',
      'access_token',
      'accessToken',
      'api-key',
      'apikey',
      'key',
      'X-Amz-Signature',
      'sig',
    ];
    for (const name of [...names, 'session_id', 'password', 'passwd', 'client_secret', 'auth', 'jwt']) {
      assert.equal(cleaned(`GET /a?page=1&${name}=abc123&x=1`), `GET /a?page=1&${name}=[redacted]&x=1`);
    }
    for (const name of ['page', 'author', 'design', 'keyword', 'monkey', 'limit', 'assignee']) {
      assert.equal(cleaned(`GET /a?${name}=abc123`), `GET /a?${name}=abc123`);
    }
  });
  test('hides authorization, cookies and passwords by their place', () => {
    assert.equal(
      cleaned('plimsoll run --header "authorization: Bearer abcdef" --rate 5/s'),
      "plimsoll run --header 'authorization: ***' --rate 5/s",
    );
    assert.equal(cleaned("-H 'Cookie: sid=1; b=2' --users 2"), "-H 'Cookie: [redacted]' --users 2");
    assert.equal(cleaned('http://me:secret@host:80/a'), 'http://[redacted]@host:80/a');
    assert.equal(cleaned('sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc'), 'sent Bearer [redacted]');
  });
  test('is otherwise the record that it was, and the record given is unchanged', () => {
    const before = structuredClone(record);
    assert.deepEqual(redactRecord(record, ['nothing-of-this']), record);
    redactRecord(record, ['plimsoll run']);
    assert.deepEqual(record, before);
  });
});
