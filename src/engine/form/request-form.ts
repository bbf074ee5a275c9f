import type { Plan } from '../../model/run/plan.ts';
import type { Expression, Journey, RequestStep, Template } from '../../model/run/scenario.ts';
import { version } from '../../model/version.ts';
import { makerOf } from '../draws/generated.ts';
import { forwarded } from './forwarded.ts';
import { hostFieldOf } from './origin.ts';
import type { Fill, Rendered } from './rendered.ts';
import { drafted } from './request-draft.ts';
import { nobody, type ScriptedUser } from './scripted-user.ts';
import { holesOfSigning, isTimed, signed } from './signing.ts';
import {
  asCookies,
  asIs,
  inForm,
  inHeader,
  inJson,
  inPart,
  inPath,
  linkTo,
  type Written,
  written,
} from './written-value.ts';

/** Text with holes, each with the way in which its value is written there. */
interface Stretch {
  /** One more than there are holes. */
  readonly texts: string[];
  readonly holes: Hole[];
}

/** A file fills a hole for all users alike. */
type FileHole = Extract<Expression, { readonly kind: 'file' }>;

interface Hole {
  expression: Expression;
  readonly place: 'path' | 'header' | 'body';
  write(value: string): Written;
}

/** The text of a request, put together once, so that only its holes are left to fill. */
export interface RequestForm {
  /** The bytes, where there is no hole. */
  readonly bytes: Buffer | null;
  /** The holes' expressions, but for those that files fill. */
  readonly expressions: readonly Expression[];
  /** The files that it sends. */
  readonly files: readonly FileHole[];
  render(fill: Fill, user: ScriptedUser): Rendered;
}

/** Puts the text of a step's request together. */
export function requestForm(plan: Plan, step: RequestStep, journey: Journey): RequestForm {
  const head = headOf(plan, step);
  const body = step.body === null ? null : bodyOf(step.body);
  const all = [...head.holes, ...(body?.holes ?? [])];
  all.forEach(numberGenerated);
  const files = all.flatMap(({ expression }) => (expression.kind === 'file' ? [expression] : []));
  const holes = all.filter(({ expression }) => expression.kind !== 'file');
  const fault = (hole: Hole, reason: string) => unsendable(hole, reason, plan, journey);
  const render =
    body !== null && files.length > 0
      ? renderWithFiles(head, body, fault)
      : (fill: Fill): Rendered => {
          const text = filled(head, fill);
          if (typeof text !== 'string') return fault(text.hole, text.fault);
          if (body === null) return { kind: 'bytes', bytes: Buffer.from(text) };
          const content = filled(body, fill);
          if (typeof content !== 'string') return fault(content.hole, content.fault);
          return {
            kind: 'bytes',
            bytes: Buffer.from(`${text}content-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`),
          };
        };
  const { signing, prepare } = step;
  const ready = prepare === undefined ? render : drafted(render, plan, { ...step, prepare }, journey);
  const whole = forwarded(signing === undefined ? ready : signed(ready, signing), plan);
  const needed = holesOfSigning(signing);
  const isFixed = holes.length + needed.length === 0 && !isTimed(signing) && prepare === undefined;
  const fixed = isFixed ? whole(() => '', nobody) : null;
  return {
    bytes: fixed?.kind === 'bytes' ? fixed.bytes : null,
    expressions: [...holes.map(({ expression }) => expression), ...needed].flatMap(innermost),
    files,
    render: whole,
  };
}

/** A generator makes up another value at each place of a request. */
function numberGenerated(hole: Hole, place: number): void {
  const { expression } = hole;
  if (expression.kind !== 'generated') return;
  makerOf(expression.generator);
  hole.expression = { ...expression, hole: place };
}

/** What fills a hole in the end. */
const innermost = (expression: Expression): readonly Expression[] =>
  expression.kind === 'joined' ? expression.template.expressions : [expression];

/** A stretch with its holes filled, or the hole whose value cannot be sent. */
function filled(
  { texts, holes }: Stretch,
  fill: Fill,
): string | { readonly hole: Hole; readonly fault: string } {
  let text = texts[0] as string;
  for (let index = 0; index < holes.length; index += 1) {
    const hole = holes[index] as Hole;
    const value = hole.write(fill(hole.expression, text));
    if ('fault' in value) return { hole, fault: value.fault };
    text += value.text + texts[index + 1];
  }
  return text;
}

/** A body in which files stand between texts: it is put together from bytes, and they are copied once. */
function renderWithFiles(
  head: Stretch,
  body: Stretch,
  fault: (hole: Hole, reason: string) => Rendered,
): (fill: Fill) => Rendered {
  const texts = body.texts.map(text => Buffer.from(text));
  return fill => {
    const text = filled(head, fill);
    if (typeof text !== 'string') return fault(text.hole, text.fault);
    const parts: Uint8Array[] = [texts[0] as Buffer];
    let length = (texts[0] as Buffer).length;
    for (let index = 0; index < body.holes.length; index += 1) {
      const hole = body.holes[index] as Hole;
      const { expression } = hole;
      const value: Written | Uint8Array =
        expression.kind === 'file' ? expression.bytes : hole.write(fill(expression, ''));
      if ('fault' in value) return fault(hole, value.fault);
      const bytes = 'text' in value ? Buffer.from(value.text) : value;
      const after = texts[index + 1] as Buffer;
      parts.push(bytes, after);
      length += bytes.length + after.length;
    }
    const start = Buffer.from(`${text}content-length: ${length}\r\n\r\n`);
    return { kind: 'bytes', bytes: Buffer.concat([start, ...parts], start.length + length) };
  };
}

function headOf(plan: Plan, { method, path, headers, body }: RequestStep): Stretch {
  const { target, transport } = plan;
  const isLink = path.expressions[0]?.link === true;
  const stretch: Stretch = { texts: [`${method} ${isLink ? '' : target.basePath}`], holes: [] };
  const named = new Set(headers.map(({ name }) => name.toLowerCase()));
  add(stretch, path, 'path', expression => (expression.link ? linkTo(target) : inPath(expression)));
  const isHttp2 = transport.protocol === 'http2';
  say(stretch, ` HTTP/${isHttp2 ? '2' : '1.1'}\r\n`);
  if (!named.has('host')) say(stretch, `host: ${hostFieldOf(target)}\r\n`);
  if (!named.has('user-agent')) say(stretch, `user-agent: plimsoll/${version}\r\n`);
  if (transport.reconnect === 'everyRequest' && !isHttp2) say(stretch, 'connection: close\r\n');
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
  const { boundary = '' } = body;
  const writers = {
    none: () => asIs,
    json: ({ whole }: Expression) => (whole ? asIs : inJson),
    form: inForm,
    multipart: () => inPart(boundary),
  } as const;
  add(stretch, body.template, 'body', writers[body.escape]);
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

/** The header as a whole, since a journey without cookies sends none. */
const cookieHole: Template = { literals: ['', ''], expressions: [{ kind: 'cookies' }] };

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
    if (set?.ofSecrets) return 'what a command printed';
    return set?.ofSetup ? `{{${column}}}` : `{{${set?.name}.${column}}}`;
  }
  if (expression.kind === 'file') return expression.name;
  if (expression.kind === 'generated') return `{{${expression.generator.name}}}`;
  if (expression.kind === 'joined') return 'what a header is made of';
  if (expression.kind === 'iteration') return '{{iteration}}';
  if (expression.kind !== 'capture') return expression.kind === 'redirect' ? 'the redirect' : 'a cookie';
  const captures = steps.flatMap(step => (step.kind === 'request' ? step.captures : []));
  return `{{${captures.find(({ slot }) => slot === expression.slot)?.name}}}`;
}
