import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { problem } from '../../model/error.ts';
import type { Expression, Template } from '../../model/run/scenario.ts';
import { type Signing as AnySigning, secretsOfSigning } from '../../model/run/signing.ts';
import { type Fill, filledText, type Rendered } from './rendered.ts';
import type { ScriptedUser } from './scripted-user.ts';
import { inHeader } from './written-value.ts';

const require = createRequire(import.meta.url);

/** What of aws4 is used. */
interface Aws4 {
  sign(
    request: {
      method: string;
      path: string;
      service: string;
      region: string;
      headers: { [name: string]: string };
      body: Buffer | string;
    },
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  ): { readonly headers: { readonly [name: string]: string | number } };
}

/** A request that was put together, taken apart for its signature. */
interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

type Signing = AnySigning<Template>;

type Header = readonly [name: string, value: string];

/** A form whose requests are signed as they are put together. */
export function signed(
  render: (fill: Fill, user: ScriptedUser) => Rendered,
  signing: Signing,
  now: () => number = Date.now,
): (fill: Fill, user: ScriptedUser) => Rendered {
  const sign = signing.kind === 'aws' ? awsSigner(signing) : hmacSigner(signing);
  return (fill, user) => {
    const rendered = render(fill, user);
    if (rendered.kind !== 'bytes') return rendered;
    const { bytes } = rendered;
    const end = bytes.indexOf('\r\n\r\n');
    const added = sign(parsed(bytes, end), template => filledText(template, fill), new Date(now()));
    for (const [name, value] of added) {
      const { fault } = inHeader(value) as { readonly fault?: string };
      if (fault !== undefined)
        return { kind: 'unsendable', reason: `the credentials cannot be sent in ${name}: a value ${fault}` };
    }
    const lines = added.map(([name, value]) => `\r\n${name}: ${value}`).join('');
    return {
      kind: 'bytes',
      bytes: Buffer.concat([bytes.subarray(0, end), Buffer.from(lines), bytes.subarray(end)]),
    };
  };
}

/** The holes of what a signature needs. */
export function holesOfSigning(signing: Signing | undefined): readonly Expression[] {
  return signing === undefined ? [] : secretsOfSigning(signing).flatMap(({ expressions }) => expressions);
}

/** Whether two signatures of one request may differ. */
export function isTimed(signing: Signing | undefined): boolean {
  return signing !== undefined && (signing.kind === 'aws' || signing.timestamp !== null);
}

type Sign = (request: Unsigned, text: (template: Template) => string, at: Date) => readonly Header[];

function hmacSigner(signing: Extract<Signing, { readonly kind: 'hmac' }>): Sign {
  const { header, algorithm, encoding, prefix, sign, timestamp, secret } = signing;
  return ({ method, path, body }, text, at) => {
    const time = String(Math.floor(at.getTime() / 1_000));
    const parts = { timestamp: time, method, path, body };
    const hmac = createHmac(algorithm, text(secret));
    for (const [index, part] of sign.entries()) hmac.update(index === 0 ? '' : '\n').update(parts[part]);
    const signature: Header = [header, `${prefix}${hmac.digest(encoding)}`];
    return timestamp === null ? [signature] : [[timestamp, time], signature];
  };
}

function awsSigner(signing: Extract<Signing, { readonly kind: 'aws' }>): Sign {
  const { region, service, accessKeyId, secretAccessKey, sessionToken } = signing;
  const aws4 = loadAws4();
  return ({ method, path, fields, body }, text, at) => {
    const given: { [name: string]: string } = {};
    for (const [name, value] of fields) {
      const before = given[name];
      given[name] = before === undefined ? value : `${before},${value}`;
    }
    const date = at.toISOString().replace(/[:-]|\.\d{3}/g, '');
    const request = { method, path, service, region, body: body.length === 0 ? '' : body };
    const { headers } = aws4.sign(
      { ...request, headers: { ...given, 'X-Amz-Date': date } },
      {
        accessKeyId: text(accessKeyId),
        secretAccessKey: text(secretAccessKey),
        ...(sessionToken === null ? {} : { sessionToken: text(sessionToken) }),
      },
    );
    return Object.entries(headers).flatMap(([name, value]): readonly Header[] => {
      const lower = name.toLowerCase();
      return lower in given ? [] : [[lower, String(value)]];
    });
  };
}

function loadAws4(): Aws4 {
  try {
    return require('aws4') as Aws4;
  } catch (cause) {
    throw problem(
      'package.not-installed',
      {
        found: 'no package aws4 beside Plimsoll',
        expected: 'aws4, which signs requests for AWS and does not come with Plimsoll',
        instead: 'npm install --save-dev aws4',
      },
      { cause },
    );
  }
}

function parsed(bytes: Buffer, end: number): Unsigned {
  const [line = '', ...fields] = bytes.toString('utf8', 0, end).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  return {
    method,
    path,
    fields: fields.map(field => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
    body: bytes.subarray(end + 4),
  };
}
