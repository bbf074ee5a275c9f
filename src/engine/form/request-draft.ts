import { thrownBy } from '../../code/thrown.ts';
import { UserCodeError, userCall } from '../../code/user-functions.ts';
import type { RequestDraft } from '../../model/code/user-code.ts';
import type { FunctionPlace } from '../../model/code/user-module.ts';
import { framingHeaders, headerToken } from '../../model/header-name.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Journey, RequestStep } from '../../model/run/scenario.ts';
import type { Fill, Rendered } from './rendered.ts';
import { type ScriptedUser, userViews } from './scripted-user.ts';
import { inHeader } from './written-value.ts';

const none: ReadonlySet<string> = new Set();

type Header = readonly [name: string, value: string];

/** A request that was put together, taken apart for those who change it. */
interface Parts {
  readonly path: string;
  readonly query: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** A form whose requests go through the `prepare` of their step before they are sent. */
export function drafted(
  render: (fill: Fill) => Rendered,
  plan: Plan,
  step: RequestStep & { readonly prepare: FunctionPlace },
  journey: Journey,
): (fill: Fill, user: ScriptedUser) => Rendered {
  const { basePath } = plan.target;
  const prepare = userCall({ kind: 'prepare', place: step.prepare, endpoint: step.endpoint });
  const viewOf = userViews('prepare', plan, journey);
  // A redirect says itself where it goes, and whether the body goes with it.
  const isRedirect = step.path.expressions[0]?.kind === 'redirect';
  const keepsBody = !isRedirect || step.body !== null;
  return (fill, user) => {
    const rendered = render(fill);
    if (rendered.kind !== 'bytes') return rendered;
    const parts = partsOf(rendered.bytes);
    const isInside = basePath !== '' && parts.path.startsWith(`${basePath}/`);
    const base = isInside ? basePath : '';
    const draft = draftOf(step.method, parts, base, step.body !== null);
    const { query: asked } = draft;
    const before = { query: asked.toString(), body: draft.body };
    try {
      const answered = prepare(draft, viewOf(user));
      const changed = typeof answered === 'object' && answered !== null ? { ...draft, ...answered } : draft;
      const path = isRedirect ? parts.path : base + pathOf(changed.path);
      const query = isRedirect ? parts.query : queryOf(changed.query, before.query, parts.query);
      const body = keepsBody && changed.body !== before.body ? bodyOf(changed.body) : parts.body;
      return {
        kind: 'bytes',
        bytes: written(`${step.method} ${path}${query}`, headersOf(changed.headers), body, step),
      };
    } catch (error) {
      if (error instanceof UserCodeError) return { kind: 'script', reason: error.message };
      // What it answered may do anything when it is looked at.
      return {
        kind: 'script',
        reason: `prepare answered with what cannot be read: ${thrownBy(error, none).what}`,
      };
    }
  };
}

function partsOf(bytes: Buffer): Parts {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...fields] = bytes.toString('utf8', 0, end).split('\r\n');
  const target = line.slice(line.indexOf(' ') + 1, line.lastIndexOf(' '));
  const [path = ''] = target.split('?', 1);
  return {
    path,
    query: target.slice(path.length),
    headers: fields.map(field => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
    body: bytes.subarray(end + 4),
  };
}

function draftOf(
  method: string,
  { path, query, headers, body }: Parts,
  base: string,
  hasBody: boolean,
): RequestDraft {
  const shown: { [name: string]: string | string[] } = {};
  for (const [name, value] of headers) {
    if (framingHeaders.includes(name)) continue;
    const earlier = shown[name];
    shown[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return {
    method,
    path: path.slice(base.length),
    query: new URLSearchParams(query),
    headers: shown,
    body: hasBody ? textOrBytes(body) : null,
  };
}

function textOrBytes(body: Buffer): string | Uint8Array {
  const text = body.toString('utf8');
  return text.includes('\ufffd') ? new Uint8Array(body) : text;
}

function refuse(fault: string): UserCodeError {
  return new UserCodeError(`prepare cannot send ${fault}`);
}

function pathOf(path: unknown): string {
  if (typeof path === 'string' && /^\/(?:(?![?#])[!-~])*$/.test(path)) return path;
  throw refuse(
    `the path ${shortened(path)}: it begins with / and holds visible ASCII characters but ? and #`,
  );
}

/** A query that nobody touched stays as it was written. */
function queryOf(query: unknown, before: string, raw: string): string {
  const search = query instanceof URLSearchParams ? query : undefined;
  if (search === undefined) throw refuse('a query that is no URLSearchParams');
  const text = new URLSearchParams(search).toString();
  if (text === before) return raw;
  return text === '' ? '' : `?${text}`;
}

function headersOf(headers: unknown): readonly Header[] {
  if (typeof headers !== 'object' || headers === null) throw refuse('headers that are no object');
  const all = new Map<string, readonly Header[]>();
  for (const [written, value] of Object.entries(headers)) {
    const name = written.toLowerCase();
    if (!headerToken.test(name)) throw refuse(`a header with the name ${shortened(written)}`);
    if (framingHeaders.includes(name)) throw refuse(`the header ${name}, which Plimsoll sets itself`);
    all.set(
      name,
      (value === undefined || value === null ? [] : [value].flat()).map(
        one => [name, headerText(name, one)] as const,
      ),
    );
  }
  return [...all.values()].flat();
}

function headerText(name: string, value: unknown): string {
  if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value))
    throw refuse(`the header ${name}: it is no text`);
  const read = inHeader(String(value));
  if ('fault' in read) throw refuse(`the header ${name}: it ${read.fault}`);
  return read.text;
}

function bodyOf(body: unknown): Buffer {
  if (body === null || body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') {
    if (body.isWellFormed()) return Buffer.from(body);
    throw refuse('a body with half of a surrogate pair, which is no character');
  }
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw refuse(
    `a body that is neither text nor bytes, but ${Array.isArray(body) ? 'a list' : typeof body}: JSON.stringify makes text of it`,
  );
}

function written(line: string, headers: readonly Header[], body: Buffer, { method }: RequestStep): Buffer {
  const isBodiless = body.length === 0 && (method === 'GET' || method === 'HEAD');
  const length = isBodiless ? '' : `content-length: ${body.length}\r\n`;
  const fields = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${fields}${length}\r\n`), body]);
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
