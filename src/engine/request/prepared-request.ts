import type { ValidateFunction } from 'ajv';
import { problem } from '../../model/error.ts';
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
import { compileAnswerSchema } from './answer-schema.ts';

/** Fills a template's hole for one virtual user. */
export type Fill = (expression: Expression) => string;

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
  build(fill: Fill): Buffer;
  /** Whether a status is an expected one. */
  expects(status: number): boolean;
  /** Whether the body must be kept, to be checked or read. */
  readonly readsBody: boolean;
  /** The largest body in bytes, content codings undone. */
  readonly maxBody: number;
  /** Whether errors of GraphQL fail it. */
  readonly refusesErrors: boolean;
  readonly validate: ValidateFunction | null;
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
}

/** Prepares every journey of a plan; a JSON Schema that does not compile is a `PlimsollError`. */
export function prepareJourneys(plan: Plan): readonly PreparedJourney[] {
  return plan.journeys.map(journey => ({
    slots: journey.slots,
    steps: journey.steps.map(step => prepareStep(plan, step, slotsThatKeepNull(journey))),
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

function prepareStep(plan: Plan, step: Step, keepNull: ReadonlySet<number>): PreparedStep {
  if (step.kind === 'think') {
    return { kind: 'think', min: millisToMicros(step.min), max: millisToMicros(step.max) };
  }
  const parts = templatesOf(plan, step);
  const dynamic = parts.some(({ template }) => template.expressions.length > 0);
  const build = (fill: Fill) => render(parts, fill);
  return {
    kind: 'request',
    endpoint: step.endpoint,
    headRequest: step.method === 'HEAD',
    timeout: micros(millisToMicros(step.timeout)),
    bytes: dynamic ? null : build(() => ''),
    build,
    expects: expectsOf(step.expect),
    readsBody: readsBody(step),
    maxBody: plan.transport.maxResponse,
    refusesErrors: step.expect.graphql === 'ok',
    validate: compileSchema(step, plan),
    captures: step.captures.map(capture => ({ ...capture, keepsNull: keepNull.has(capture.slot) })),
    needs: parts.flatMap(({ template }) =>
      template.expressions.flatMap(expression => (expression.kind === 'capture' ? [expression.slot] : [])),
    ),
  };
}

interface Part {
  readonly template: Template;
  readonly encode: (value: string) => string;
  /** The body is measured for `content-length`. */
  readonly isBody: boolean;
}

const asIs = (value: string) => value;
/** A header's value must stay on its line. */
const onOneLine = (value: string) => value.replace(/[\r\n\0]/g, ' ');
const inJson = (value: string) => JSON.stringify(value).slice(1, -1);

function templatesOf(plan: Plan, step: RequestStep): readonly Part[] {
  const { host, port, protocol, basePath } = plan.target;
  const literal = (text: string): Part => ({
    template: { literals: [text], expressions: [] },
    encode: asIs,
    isBody: false,
  });
  const named = new Set(step.headers.map(header => header.name.toLowerCase()));
  const parts: Part[] = [
    literal(`${step.method} ${basePath}`),
    { template: step.path, encode: encodeURIComponent, isBody: false },
    literal(' HTTP/1.1\r\n'),
  ];
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80);
  const bracketed = host.includes(':') ? `[${host}]` : host;
  if (!named.has('host')) parts.push(literal(`host: ${bracketed}${isDefaultPort ? '' : `:${port}`}\r\n`));
  if (!named.has('user-agent')) parts.push(literal(`user-agent: plimsoll/${version}\r\n`));
  if (plan.transport.reconnect === 'everyRequest') parts.push(literal('connection: close\r\n'));
  for (const { name, value } of step.headers) {
    parts.push(literal(`${name}: `), { template: value, encode: onOneLine, isBody: false }, literal('\r\n'));
  }
  if (step.body) {
    const encode = step.body.escape === 'json' ? inJson : asIs;
    parts.push({ template: step.body.template, encode, isBody: true });
  } else if (step.method !== 'GET' && step.method !== 'HEAD') {
    parts.push(literal('content-length: 0\r\n\r\n'));
  } else {
    parts.push(literal('\r\n'));
  }
  return parts;
}

function render(parts: readonly Part[], fill: Fill): Buffer {
  let head = '';
  for (const { template, encode, isBody } of parts) {
    let text = template.literals[0] ?? '';
    template.expressions.forEach((expression, index) => {
      const isWhole = expression.kind === 'capture' && expression.whole === true;
      const value = fill(expression);
      text += (isWhole ? value : encode(value)) + (template.literals[index + 1] ?? '');
    });
    head += isBody ? `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}` : text;
  }
  return Buffer.from(head);
}

/** Whether a step's answers are read beyond their head. */
export function readsBody({ expect, captures }: RequestStep): boolean {
  return expect.schema !== null || expect.graphql !== undefined || captures.length > 0;
}

function expectsOf({ statuses }: Expectation): (status: number) => boolean {
  if (statuses === null) return status => status >= 200 && status < 400;
  const expected = new Set(statuses);
  return status => expected.has(status);
}

function compileSchema(step: RequestStep, plan: Plan): ValidateFunction | null {
  if (step.expect.schema === null) return null;
  try {
    return compileAnswerSchema(step.expect.schema);
  } catch (error) {
    throw problem('schema.invalid', {
      where: `${plan.file ?? plan.scenario}: the schema expected of ${plan.endpoints[step.endpoint]?.name}`,
      found: error instanceof Error ? error.message : String(error),
      expected: 'a JSON Schema (draft 7)',
    });
  }
}
