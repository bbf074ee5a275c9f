import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { problem } from '../../model/error.ts';
import type { Tls } from '../../model/run/plan.ts';
import { placeOf } from '../source/place.ts';
import { readText, shownName } from '../source/text-file.ts';
import { followFile, type NamingFiles } from './references.ts';

/** How a scenario's TLS connections are made, its PEM files read and checked; mistakes are gathered. */
export async function readTls(naming: NamingFiles): Promise<Tls | undefined> {
  const { sections, document, diagnostics } = naming;
  if (sections.tls === undefined) return undefined;
  const { serverName = null } = sections.tls;
  const ca = await readPem('ca', naming, certificatesIn);
  const certificate = await readPem('cert', naming, certificatesIn);
  const key = await readPem('key', naming, privateKeyIn);
  if (ca === undefined || certificate === undefined || key === undefined) return undefined;
  return diagnostics.attempt(placeOf(document, ['tls']), () => {
    const [own] = certificate?.read ?? [];
    if (own !== undefined && key !== null && !own.checkPrivateKey(key.read)) {
      throw problem('tls.key-mismatch', {
        where: placeOf(document, ['tls', 'key']),
        found: 'the key of another certificate',
        expected: 'the private key that belongs to cert',
      });
    }
    const pem = { ca: ca?.text, cert: certificate?.text, key: key?.text };
    try {
      createSecureContext(Object.fromEntries(Object.entries(pem).filter(([, text]) => text !== undefined)));
    } catch (cause) {
      throw problem(
        'tls.invalid-pem',
        { found: reasonOf(cause), expected: 'PEM that OpenSSL accepts' },
        { cause },
      );
    }
    return {
      insecure: sections.insecure ?? false,
      ca: ca?.text ?? null,
      certificate: certificate?.text ?? null,
      key: key?.text ?? null,
      serverName,
    };
  });
}

interface Pem<T> {
  readonly text: string;
  readonly read: T;
}

/** The text of a PEM file and what it holds; null where the scenario names none, undefined where it is none. */
async function readPem<T>(
  name: 'ca' | 'cert' | 'key',
  naming: NamingFiles,
  read: (text: string, shown: string) => T,
): Promise<Pem<T> | null | undefined> {
  const file = naming.sections.tls?.[name];
  if (file === undefined) return null;
  return await followFile(file, ['tls', name], naming, async path => {
    const shown = shownName(path, naming.cwd);
    const text = await readText(path, shown, 'a PEM file, which is text; not DER or PKCS #12');
    return { text, read: read(text, shown) };
  });
}

const certificateBlock =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/gs;

function certificatesIn(text: string, where: string): readonly X509Certificate[] {
  const expected = 'certificates in PEM, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----';
  const blocks = text.match(certificateBlock) ?? [];
  if (blocks.length === 0) throw problem('tls.invalid-pem', { where, found: 'no certificate', expected });
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      const found = `certificate ${index + 1} that cannot be read (${reasonOf(cause)})`;
      throw problem('tls.invalid-pem', { where, found, expected }, { cause });
    }
  });
}

function privateKeyIn(text: string, where: string): KeyObject {
  const expected = 'a private key in PEM, without a passphrase';
  if (/^-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(text)) {
    throw problem('tls.encrypted-key', {
      where,
      found: 'a key behind a passphrase',
      expected,
    });
  }
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const found = text.includes('PRIVATE KEY-----')
      ? `a key that cannot be read (${reasonOf(cause)})`
      : 'no private key';
    throw problem('tls.invalid-pem', { where, found, expected }, { cause });
  }
}

/** OpenSSL's reason, such as `no start line`; it never quotes what it read. */
function reasonOf(cause: unknown): string {
  const { reason, message } = cause as Error & { readonly reason?: string };
  return reason ?? message;
}
