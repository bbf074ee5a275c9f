import type { Plan, Target } from '../../model/run/plan.ts';
import type { Expression, Filter, Journey, RequestStep, Template } from '../../model/run/scenario.ts';
import { version } from '../../model/version.ts';

/** Fills a template's hole for one virtual user; `before` is the text of the request up to it. */
export type Fill = (expression: Expression, before: string) => string;

/** A request with its holes filled, or why it cannot be sent: no value from outside makes it throw. */
export type Rendered =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'unsendable'; readonly reason: string };

/** A value as it is sent, or what is wrong with it. */
type Written = { readonly text: string } | { readonly fault: string };

/** Text with holes, each with the way in which its value is written there. */
interface Stretch {
  /** One more than there are holes. */
  readonly texts: string[];
  readonly holes: Hole[];
}

interface Hole {
  readonly expression: Expression;
  readonly place: 'path' | 'header' | 'body';
  write(value: string): Written;
}

/** The text of a request, put together once, so that only its holes are left to fill. */
export interface RequestForm {
  /** The bytes, where there is no hole. */
  readonly bytes: Buffer | null;
  /** The holes' expressions. */
  readonly expressions: readonly Expression[];
  render(fill: Fill): Rendered;
}

/** Puts the text of a step's request together. */
export function requestForm(plan: Plan, step: RequestStep, journey: Journey): RequestForm {
  const head = headOf(plan, step);
  const body = step.body === null ? null : bodyOf(step.body);
  const holes = [...head.holes, ...(body?.holes ?? [])];
  const render = (fill: Fill): Rendered => {
    let text = head.texts[0] as string;
    for (let index = 0; index < head.holes.length; index += 1) {
      const hole = head.holes[index] as Hole;
      const value = hole.write(fill(hole.expression, text));
      if ('fault' in value) return unsendable(hole, value.fault, plan, journey);
      text += value.text + head.texts[index + 1];
    }
    if (body === null) return { kind: 'bytes', bytes: Buffer.from(text) };
    let content = body.texts[0] as string;
    for (let index = 0; index < body.holes.length; index += 1) {
      const hole = body.holes[index] as Hole;
      const value = hole.write(fill(hole.expression, content));
      if ('fault' in value) return unsendable(hole, value.fault, plan, journey);
      content += value.text + body.texts[index + 1];
    }
    return {
      kind: 'bytes',
      bytes: Buffer.from(`${text}content-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`),
    };
  };
  const fixed = holes.length > 0 ? null : render(() => '');
  return {
    bytes: fixed?.kind === 'bytes' ? fixed.bytes : null,
    expressions: holes.map(({ expression }) => expression),
    render,
  };
}

function headOf(plan: Plan, { method, path, headers, body }: RequestStep): Stretch {
  const { target, transport } = plan;
  const isLink = path.expressions[0]?.link === true;
  const stretch: Stretch = { texts: [`${method} ${isLink ? '' : target.basePath}`], holes: [] };
  const named = new Set(headers.map(({ name }) => name.toLowerCase()));
  add(stretch, path, 'path', expression => (expression.link ? linkTo(target) : inPath(expression)));
  say(stretch, ' HTTP/1.1\r\n');
  if (!named.has('host')) say(stretch, `host: ${hostOf(target)}\r\n`);
  if (!named.has('user-agent')) say(stretch, `user-agent: plimsoll/${version}\r\n`);
  if (transport.reconnect === 'everyRequest') say(stretch, 'connection: close\r\n');
  for (const { name, value } of headers) {
    say(stretch, `${name}: `);
    add(stretch, value, 'header', () => inHeader);
    say(stretch, '\r\n');
  }
  if (plan.cookies && !named.has('cookie')) add(stretch, cookieHole, 'header', () => asCookies);
  if (body === null)
    say(stretch, method === 'GET' || method === 'HEAD' ? '\r\n' : 'content-length: 0\r\n\r\n');
  return stretch;
}

function bodyOf(body: NonNullable<RequestStep['body']>): Stretch {
  const stretch: Stretch = { texts: [''], holes: [] };
  add(stretch, body.template, 'body', ({ whole }) => (body.escape === 'json' && !whole ? inJson : asIs));
  return stretch;
}

function say({ texts }: Stretch, text: string): void {
  texts.push((texts.pop() ?? '') + text);
}

function add(
  stretch: Stretch,
  { literals, expressions }: Template,
  place: Hole['place'],
  writerFor: (expression: Expression) => (value: string) => Written,
): void {
  say(stretch, literals[0] ?? '');
  expressions.forEach((expression, index) => {
    const write = writerFor(expression);
    const filters = (expression.filters ?? []).map(filter => written[filter]);
    stretch.holes.push({
      expression,
      place,
      write: filters.length === 0 ? write : value => write(filters.reduce((text, one) => one(text), value)),
    });
    stretch.texts.push(literals[index + 1] ?? '');
  });
}

/** Half of a surrogate pair is no character: encoding one throws, and UTF-8 has another in its place. */
const written: { readonly [filter in Filter]: (value: string) => string } = {
  json: value => value,
  urlencode: value => (value.isWellFormed() ? encodeURIComponent(value) : value),
  base64: value => (value.isWellFormed() ? Buffer.from(value).toString('base64') : value),
};

const half: Written = { fault: 'holds half of a surrogate pair, which is no character' };

const broken: Written = { fault: 'holds a line break or another control character' };

const asIs = (value: string): Written => (value.isWellFormed() ? { text: value } : half);
const inJson = (value: string): Written => ({ text: JSON.stringify(value).slice(1, -1) });

/** The header as a whole, since a journey without cookies sends none. */
const cookieHole: Template = { literals: ['', ''], expressions: [{ kind: 'cookies' }] };

function asCookies(value: string): Written {
  const written = value === '' ? { text: '' } : inHeader(value);
  return 'fault' in written || value === '' ? written : { text: `cookie: ${written.text}\r\n` };
}

function inPath({ filters }: Expression): (value: string) => Written {
  if (filters?.at(-1) === 'urlencode') return asIs;
  return value => (value.isWellFormed() ? { text: encodeURIComponent(value) } : half);
}

/** What would end a header, or the head, so that what follows it were read as another one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const breaking = /[\0-\x08\n-\x1f\x7f]/;

function inHeader(value: string): Written {
  if (breaking.test(value)) return broken;
  return asIs(value);
}

/** A link is followed as far as it stays at the target: its path and its query are sent as they are. */
function linkTo(target: Target): (value: string) => Written {
  const origin = originOf(target);
  return value => {
    if (breaking.test(value) || value.includes('\t')) return broken;
    if (!value.isWellFormed()) return half;
    if (!/^(?:\/|https?:\/\/)/i.test(value) || !URL.canParse(value, origin)) {
      return { fault: 'is neither a path that begins with a slash nor a URL' };
    }
    const url = new URL(value, origin);
    if (url.origin !== origin) return { fault: 'leads to another origin than the target' };
    return { text: url.pathname + url.search };
  };
}

/** The origin of a target's URLs. */
export function originOf(target: Target): string {
  const { protocol, socketPath } = target;
  return new URL(socketPath === null ? `${protocol}://${hostOf(target)}` : 'http://localhost').origin;
}

/** The path and query of a request's first line. */
export function targetIn(head: string): string {
  const start = head.indexOf(' ') + 1;
  return head.slice(start, head.indexOf(' ', start));
}

function hostOf({ host, port, protocol }: Target): string {
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80);
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${bracketed}${isDefaultPort ? '' : `:${port}`}`;
}

function unsendable({ expression, place }: Hole, fault: string, plan: Plan, journey: Journey): Rendered {
  return {
    kind: 'unsendable',
    reason: `${asWritten(expression, plan, journey)} cannot be sent in the ${place}: it ${fault}`,
  };
}

/** An expression as scenarios write it. */
function asWritten(expression: Expression, { data }: Plan, { steps }: Journey): string {
  if (expression.kind === 'data') {
    const set = data[expression.set];
    const column = set?.columns[expression.column];
    return set?.ofSetup ? `{{${column}}}` : `{{${set?.name}.${column}}}`;
  }
  if (expression.kind !== 'capture') return expression.kind === 'redirect' ? 'the redirect' : 'a cookie';
  const captures = steps.flatMap(step => (step.kind === 'request' ? step.captures : []));
  return `{{${captures.find(({ slot }) => slot === expression.slot)?.name}}}`;
}
