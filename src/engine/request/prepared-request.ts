import type { Plan } from '../../model/run/plan.ts';
import type {
  Capture,
  Expectation,
  Expression,
  Journey,
  RequestStep,
  Step,
  Template,
} from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';
import { version } from '../../model/version.ts';
import { secretSlots } from '../../safety/found-secrets.ts';
import { LearnedSecrets } from '../../safety/learned-secrets.ts';
import type { SchemaCheck } from '../../safety/schema-check.ts';
import { compileAnswerSchema } from './answer-schema.ts';
import { asksGraphql, type ErrorBodies, ErrorLook } from './error-look.ts';

/** Fills a template's hole for one virtual user. */
export type Fill = (expression: Expression) => string;

/** A request with its holes filled, or why it cannot be sent: no value from outside makes it throw. */
export type Rendered =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'unsendable'; readonly reason: string };

/** A capture made ready. */
export interface PreparedCapture extends Capture {
  /** Everything that uses it can hold null; elsewhere `null` would be sent as a word. */
  readonly keepsNull: boolean;
}

/** A request step made ready: everything that can be decided before the load is. */
export interface PreparedRequest {
  readonly kind: 'request';
  readonly endpoint: number;
  readonly headRequest: boolean;
  readonly timeout: Micros;
  /** The request's bytes where they never change; null where they are built for each user. */
  readonly bytes: Buffer | null;
  render(fill: Fill): Rendered;
  /** Whether a status is an expected one. */
  expects(status: number): boolean;
  /** Whether the body must be kept, to be checked or read. */
  readonly readsBody: boolean;
  /** Counts answers that count as ok and hold errors of GraphQL; null where that fails them, or where nobody looks. */
  readonly errorLook: ErrorLook | null;
  /** The largest body in bytes, content codings undone. */
  readonly maxBody: number;
  /** Whether errors of GraphQL fail it. */
  readonly refusesErrors: boolean;
  /** What of a body does not match the schema that is expected of it. */
  readonly validate: SchemaCheck | null;
  readonly captures: readonly PreparedCapture[];
  /** Capture slots that must be filled before this request can be made. */
  readonly needs: readonly number[];
}

/** A pause, in microseconds. */
export interface PreparedThink {
  readonly kind: 'think';
  readonly min: Micros;
  readonly max: Micros;
}

/** One step made ready. */
export type PreparedStep = PreparedRequest | PreparedThink;

/** A journey made ready. */
export interface PreparedJourney {
  readonly steps: readonly PreparedStep[];
  readonly slots: number;
  /** The slots of captures that are secrets, and what they captured. */
  readonly secretSlots: ReadonlySet<number>;
  readonly learned: LearnedSecrets;
}

/** Prepares every journey of a plan; a JSON Schema that does not compile is a `PlimsollError`. */
export function prepareJourneys(plan: Plan): readonly PreparedJourney[] {
  const looks = plan.endpoints.map((_, endpoint) => new ErrorLook(endpoint));
  return plan.journeys.map(journey => ({
    slots: journey.slots,
    steps: journey.steps.map(step => prepareStep(plan, step, journey, looks)),
    secretSlots: secretSlots(journey),
    learned: new LearnedSecrets(),
  }));
}

/** The slots of captures that are used, and only as whole values of JSON bodies. */
function slotsThatKeepNull({ steps }: Journey): ReadonlySet<number> {
  const uses = steps
    .flatMap(step =>
      step.kind === 'request'
        ? [step.path, ...step.headers.map(({ value }) => value), step.body?.template]
        : [],
    )
    .flatMap(template => template?.expressions ?? [])
    .filter(expression => expression.kind === 'capture');
  const asText = new Set(uses.filter(({ whole }) => whole !== true).map(({ slot }) => slot));
  return new Set(uses.map(({ slot }) => slot).filter(slot => !asText.has(slot)));
}

function prepareStep(plan: Plan, step: Step, journey: Journey, looks: readonly ErrorLook[]): PreparedStep {
  if (step.kind === 'think') {
    return { kind: 'think', min: millisToMicros(step.min), max: millisToMicros(step.max) };
  }
  const parts = templatesOf(plan, step);
  const dynamic = parts.some(({ template }) => template.expressions.length > 0);
  const keepNull = slotsThatKeepNull(journey);
  const render = (fill: Fill) => rendered(parts, fill, expression => written(expression, plan, journey));
  const fixed = dynamic ? null : render(() => '');
  return {
    kind: 'request',
    endpoint: step.endpoint,
    headRequest: step.method === 'HEAD',
    timeout: micros(millisToMicros(step.timeout)),
    bytes: fixed?.kind === 'bytes' ? fixed.bytes : null,
    render,
    expects: expectsOf(step.expect),
    readsBody: readsBody(step),
    errorLook: looksForErrors(step, plan) ? (looks[step.endpoint] ?? null) : null,
    maxBody: plan.transport.maxResponse,
    refusesErrors: step.expect.graphql === 'ok',
    validate: compileAnswerSchema(step, plan),
    captures: step.captures.map(capture => ({ ...capture, keepsNull: keepNull.has(capture.slot) })),
    needs: parts.flatMap(({ template }) =>
      template.expressions.flatMap(expression => (expression.kind === 'capture' ? [expression.slot] : [])),
    ),
  };
}

interface Part {
  readonly template: Template;
  /** Where its values stand, for a message. */
  readonly place: 'path' | 'header' | 'body';
  readonly encode: (value: string) => string;
}

const asIs = (value: string) => value;
/** A header's value must stay on its line. */
const onOneLine = (value: string) => value.replace(/[\r\n\0]/g, ' ');
const inJson = (value: string) => JSON.stringify(value).slice(1, -1);

function templatesOf(plan: Plan, step: RequestStep): readonly Part[] {
  const { host, port, protocol, basePath } = plan.target;
  const literal = (text: string): Part => ({
    template: { literals: [text], expressions: [] },
    place: 'header',
    encode: asIs,
  });
  const named = new Set(step.headers.map(header => header.name.toLowerCase()));
  const parts: Part[] = [
    literal(`${step.method} ${basePath}`),
    { template: step.path, place: 'path', encode: encodeURIComponent },
    literal(' HTTP/1.1\r\n'),
  ];
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80);
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (!named.has('host')) parts.push(literal(`host: ${bracketed}${isDefaultPort ? '' : `:${port}`}\r\n`));
  if (!named.has('user-agent')) parts.push(literal(`user-agent: plimsoll/${version}\r\n`));
  if (plan.transport.reconnect === 'everyRequest') parts.push(literal('connection: close\r\n'));
  for (const { name, value } of step.headers) {
    parts.push(
      literal(`${name}: `),
      { template: value, place: 'header', encode: onOneLine },
      literal('\r\n'),
    );
  }
  if (step.body) {
    const encode = step.body.escape === 'json' ? inJson : asIs;
    parts.push({ template: step.body.template, place: 'body', encode });
  } else if (step.method !== 'GET' && step.method !== 'HEAD') {
    parts.push(literal('content-length: 0\r\n\r\n'));
  } else {
    parts.push(literal('\r\n'));
  }
  return parts;
}

function rendered(parts: readonly Part[], fill: Fill, nameOf: (expression: Expression) => string): Rendered {
  let head = '';
  for (const { template, place, encode } of parts) {
    let text = template.literals[0] ?? '';
    for (const [index, expression] of template.expressions.entries()) {
      const isWhole = expression.whole === true;
      const value = encoded(fill(expression), isWhole ? asIs : encode);
      if (value === null) {
        const reason = `${nameOf(expression)} cannot be sent in the ${place}: it holds half of a surrogate pair, which is no character`;
        return { kind: 'unsendable', reason };
      }
      text += value + (template.literals[index + 1] ?? '');
    }
    head += place === 'body' ? `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}` : text;
  }
  return { kind: 'bytes', bytes: Buffer.from(head) };
}

/** A value as it is sent; null where UTF-8 has no way to write it, so that another would arrive, or none. */
function encoded(value: string, encode: (value: string) => string): string | null {
  if (encode !== inJson && !value.isWellFormed()) return null;
  return encode(value);
}

/** An expression as scenarios write it. */
function written(expression: Expression, { data }: Plan, { steps }: Journey): string {
  if (expression.kind === 'data') {
    const set = data[expression.set];
    return `{{${set?.name}.${set?.columns[expression.column]}}}`;
  }
  const captures = steps.flatMap(step => (step.kind === 'request' ? step.captures : []));
  return `{{${captures.find(({ slot }) => slot === expression.slot)?.name}}}`;
}

/** What was found in answers that hold errors of GraphQL and count as ok, by endpoint. */
export function errorBodiesOf(journeys: readonly PreparedJourney[]): readonly ErrorBodies[] {
  const requests = journeys.flatMap(({ steps }) => steps.filter(step => step.kind === 'request'));
  const looks = new Set(requests.map(({ errorLook }) => errorLook));
  return [...looks].flatMap(look => look?.found ?? []);
}

/** Whether errors of GraphQL in a step's answers are counted: where its body is read anyway, or it looks like GraphQL. */
function looksForErrors(step: RequestStep, { target }: Plan): boolean {
  return step.expect.graphql === undefined && (readsBody(step) || asksGraphql(step, target));
}

/** Whether a plan keeps the body of any answer. */
export function keepsAnyBody(plan: Plan): boolean {
  const steps = plan.journeys.flatMap(journey => journey.steps);
  return steps.some(step => step.kind === 'request' && (readsBody(step) || looksForErrors(step, plan)));
}

/** Whether a step's answers are read beyond their head. */
function readsBody({ expect, captures }: RequestStep): boolean {
  return expect.schema !== null || expect.graphql !== undefined || captures.length > 0;
}

function expectsOf({ statuses }: Expectation): (status: number) => boolean {
  if (statuses === null) return status => status >= 200 && status < 400;
  const expected = new Set(statuses);
  return status => expected.has(status);
}
