import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  distinctSecrets,
  isSecretName,
  redactor,
  secretsInPath,
  withoutMessages,
} from '../../../src/safety/secret.ts';

const cleaned = (text: string, ...secrets: readonly string[]) => redactor(secrets)(text);

describe('a secret', () => {
  test('is told by the name of what holds it', () => {
    for (const name of [
      'Authorization',
      'cookie',
      'x-api-key',
      'X-Session',
      'accessToken',
      'sig',
      'api%5Fkey',
    ]) {
      assert.equal(isSecretName(name), true, name);
    }
    for (const name of ['accept', 'author', 'design', 'monkey', 'content-type', '%zz', '']) {
      assert.equal(isSecretName(name), false, name);
    }
  });

  test('in a path is the value of a parameter that is named like one', () => {
    assert.deepEqual(secretsInPath('/a?sid=abcd;sig=efgh&page=1&api%5Fkey=ijkl#token=x'), [
      'abcd',
      'efgh',
      'ijkl',
    ]);
  });

  test('is neither a template nor what is too short to hide', () => {
    assert.deepEqual(distinctSecrets(['abc', 'a {{b}}', 'abcd', 'abcdef', 'abcd']), ['abcdef', 'abcd']);
  });
});

describe('a text without secrets', () => {
  test('lacks a value however JSON, a URL or base64 writes it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), secret => {
        fc.pre(!'[redacted]'.includes(secret));
        const forms = [
          secret,
          JSON.stringify(secret).slice(1, -1),
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64'),
        ];
        for (const form of forms) assert.equal(cleaned(`<${form}>`, secret), '<[redacted]>');
      }),
    );
  });

  test('lacks what is named like a secret in a message as it is sent', () => {
    const message = [
      'POST /a?sid=abc;sig=abcdef&page=1 HTTP/1.1',
      'x-session: abc',
      'accept: text/plain',
      'content-type: application/json',
      '',
      '{"user":"me","password":"a\\"b","api_key":12345,"tokens":["x"],"page":1}',
    ];
    assert.equal(
      cleaned(message.join('\n')),
      [
        'POST /a?sid=[redacted];sig=[redacted]&page=1 HTTP/1.1',
        'x-session: [redacted]',
        'accept: text/plain',
        'content-type: application/json',
        '',
        '{"user":"me","password":"[redacted]","api_key":"[redacted]","tokens":["x"],"page":1}',
      ].join('\n'),
    );
    assert.equal(cleaned('\n\nuser=me&password=hunter2'), '\n\nuser=me&password=[redacted]');
  });
});

describe('a command without messages', () => {
  const cases = [
    ["plimsoll run --header 'x-custom: a b' --rate 5/s", "plimsoll run --header 'x-custom: ***' --rate 5/s"],
    ["--body 'password=it'\\''s me' --url x", "--body '***' --url x"],
    ['--body=abc --users 2', "'--body=***' --users 2"],
    ["'--header=x-custom: abc'", "'--header=x-custom: ***'"],
    ['--header "x-custom: abc"', "--header 'x-custom: ***'"],
    ["--header 'no colon'", "--header '***'"],
    ["--body '{\n}' --header 'a:b' --header", "--body '***' --header 'a: ***' --header"],
    ["--body 'never closed", "--body '***'"],
    ["--url 'http://h/?a b' --method POST", "--url 'http://h/?a b' --method POST"],
  ] as const;
  for (const [written, kept] of cases) {
    test(`keeps ${JSON.stringify(kept)}`, () => assert.equal(withoutMessages(written), kept));
  }
});
