import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Tls } from '../../../src/model/run/plan.ts';
import { base, type Files, lines, mistakesOf, planOf } from './workspace.ts';

const pem = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const ca = pem('ca.crt');
const key = pem('client.key');
const files: Files = {
  'ca.crt': ca,
  'client.crt': pem('client.crt') + ca,
  'client.key': key,
  'server.key': pem('server.key'),
  'encrypted.key': pem('client-encrypted.key'),
  'cut.crt': ca.replace(/\n.*\n-----END/, '\n-----END'),
  'cut.key': key.replace(/\n.{20}/, '\n'),
  'ca.der': Buffer.from(ca.replace(/-----.*-----|\n/g, ''), 'base64'),
  'empty.pem': '',
  'certs/readme': '',
};
const scenario = (written: string) => `${base}steps: [GET /a]\n${written}\n`;

describe('how TLS connections are made', () => {
  const tlsOf = async (written: string, env = {}): Promise<Tls> =>
    (await planOf(scenario(written), { files, env })).transport.tls;

  test('is with the usual authorities and without a certificate of its own by default', async () => {
    const usual = { insecure: false, ca: null, certificate: null, key: null, serverName: null };
    assert.deepEqual(await tlsOf(''), usual);
    assert.deepEqual(await tlsOf('tls: {}'), usual);
  });

  test('is read from PEM files beside the scenario', async () => {
    assert.deepEqual(
      await tlsOf('tls: { ca: ca.crt, cert: client.crt, key: client.key, serverName: api.example.com }'),
      { insecure: false, ca, certificate: files['client.crt'], key, serverName: 'api.example.com' },
    );
  });

  test('may be insecure, also by a variable', async () => {
    assert.equal((await tlsOf('insecure: true')).insecure, true);
    assert.equal((await tlsOf(`insecure: "\${ANY}"`, { ANY: 'true' })).insecure, true);
    assert.equal((await tlsOf(`insecure: "\${ANY:-false}"`)).insecure, false);
  });

  test('keeps the private key among the secrets, and out of the digest', async () => {
    const secure = await planOf(scenario('tls: { cert: client.crt, key: client.key }'), { files });
    assert.ok(secure.secrets.includes(key), 'the key is no secret');
    assert.equal(secure.digest, (await planOf(scenario(''))).digest);
  });
});

describe('TLS is refused', () => {
  const certificates =
    '  expected  certificates in PEM, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----';
  const plainKey = '  expected  a private key in PEM, without a passphrase';
  const unusable = (at: string, found: string, ...rest: string[]) => [
    `a.yaml:4:${at}: the certificate or key cannot be used [tls.invalid-pem]`,
    `  found     ${found}`,
    ...rest,
  ];
  const wrong = (at: string, found: string, ...rest: string[]) => [
    `a.yaml:4:${at}: invalid value [value.invalid]`,
    `  found     ${found}`,
    ...rest,
  ];
  const keys = '  expected  ca, cert, key, serverName';
  const cases: readonly (readonly [what: string, written: string, ...message: string[]])[] = [
    [
      'with a file in a folder that is not there',
      'tls: { ca: certificates/ca.crt }',
      'a.yaml:4:8: tls.ca: the file does not exist [file.missing]',
      '  found     certificates/ca.crt, no folder certificates',
    ],
    [
      'with a misspelt file',
      'tls: { ca: ca.cert }',
      'a.yaml:4:8: tls.ca: the file does not exist [file.missing]',
      '  found     ca.cert',
      '  instead   ca.crt',
    ],
    [
      'with a folder',
      'tls: { ca: certs }',
      'a.yaml:4:8: tls.ca: the file cannot be read [file.unreadable]',
      '  found     certs, a folder',
      '  expected  a file',
    ],
    [
      'with a file in binary form',
      'tls: { ca: ca.der }',
      'a.yaml:4:8: tls.ca: the file is not UTF-8 text [file.not-text]',
      '  found     ca.der, bytes that are not UTF-8',
      '  expected  a PEM file, which is text; not DER or PKCS #12',
    ],
    [
      'with an empty file',
      'tls: { ca: empty.pem }',
      ...unusable('8: tls.ca', 'empty.pem, no certificate', certificates),
    ],
    [
      'with a key for a certificate and the other way round',
      'tls: { cert: client.key, key: client.crt }',
      ...unusable('8: tls.cert', 'client.key, no certificate', certificates),
      ...unusable('26: tls.key', 'client.crt, no private key', plainKey),
    ],
    [
      'with a key behind a passphrase',
      'tls: { cert: client.crt, key: encrypted.key }',
      'a.yaml:4:26: tls.key: the private key has a passphrase [tls.encrypted-key]',
      '  found     encrypted.key, a key behind a passphrase',
      plainKey,
      '  instead   openssl pkey -in FILE -out FILE.plain',
    ],
    [
      'with the key of another certificate',
      'tls: { cert: client.crt, key: server.key }',
      'a.yaml:4:26: tls.key: the private key does not belong to the certificate [tls.key-mismatch]',
      '  found     the key of another certificate',
      '  expected  the private key that belongs to cert',
    ],
    [
      'with a certificate without its key',
      'tls: { cert: client.crt }',
      'a.yaml:4:1: tls.key: a required value is missing [value.missing]',
      '  expected  the path of the private key that belongs to cert',
    ],
    [
      'with a key without its certificate',
      'tls: { key: client.key }',
      'a.yaml:4:1: tls.cert: a required value is missing [value.missing]',
      '  expected  the path of the certificate that belongs to key',
    ],
    [
      'with the words of other tools',
      'tls: { certificate: client.crt, servername: x, rejectUnauthorized: false, insecure: true, pfx: a }',
      'a.yaml:4:8: tls.certificate: unknown key [value.unknown-key]',
      keys,
      '  instead   cert',
      'a.yaml:4:33: tls.servername: unknown key [value.unknown-key]',
      keys,
      '  instead   serverName',
      'a.yaml:4:48: tls.rejectUnauthorized: unknown key [value.unknown-key]',
      keys,
      '  instead   insecure: true, at the top of the scenario',
      'a.yaml:4:75: tls.insecure: unknown key [value.unknown-key]',
      keys,
      '  instead   insecure: true, at the top of the scenario',
      'a.yaml:4:91: tls.pfx: unknown key [value.unknown-key]',
      keys,
    ],
    [
      'with a name that cannot be asked for',
      'tls: { serverName: 127.0.0.1 }',
      ...wrong(
        '8: tls.serverName',
        '"127.0.0.1"',
        '  expected  a host name such as api.example.com, without scheme and port; not an address',
      ),
    ],
    [
      'with a URL for a name',
      'tls: { serverName: "https://api.example.com" }',
      ...wrong(
        '8: tls.serverName',
        '"https://api.example.com"',
        '  expected  a host name such as api.example.com, without scheme and port; not an address',
      ),
    ],
    [
      'that is no map',
      'tls: true',
      ...wrong('1: tls', 'true (a boolean)', '  expected  a map with the keys ca, cert, key, serverName'),
    ],
    [
      'that is half insecure',
      'insecure: yes',
      ...wrong('1: insecure', '"yes"', '  expected  true or false', '  instead   true'),
    ],
  ];
  for (const [what, written, ...message] of cases) {
    test(what, async () => {
      assert.equal(await mistakesOf(scenario(written), { files }), lines(...message));
    });
  }

  test('with damaged files, whose text is not repeated', async () => {
    const message = await mistakesOf(scenario('tls: { ca: cut.crt, cert: client.crt, key: cut.key }'), {
      files,
    });
    assert.match(message, /tls\.ca: .*\n {2}found {5}cut\.crt, certificate 1 that cannot be read \(.+\)\n/);
    assert.match(message, /tls\.key: .*\n {2}found {5}cut\.key, a key that cannot be read \(.+\)\n/);
    assert.doesNotMatch(message, /MI/);
  });

  test('with a key in the place of its path, which is not repeated', async () => {
    const env = { KEY: key };
    for (const written of [
      `tls: { cert: client.crt, key: "\${KEY}" }`,
      `tls: { key: ${JSON.stringify(key)} }`,
    ]) {
      const message = await mistakesOf(scenario(written), { files, env });
      assert.match(
        message,
        /tls\.key: .*\n( {2}found .*\n)? {2}expected {2}the path of .*, not what the file holds/,
      );
      assert.doesNotMatch(message, new RegExp(key.split('\n')[1]?.slice(0, 10) ?? '-'));
    }
  });
});
