import * as z from 'zod';
import type { CheckAnswer, Prepare } from '../../model/code/user-code.ts';
import { problem } from '../../model/error.ts';
import { millis } from '../../model/units.ts';
import { headerName, headerValue } from '../grammar/header.ts';
import { formatRange } from '../grammar/quantity.ts';
import { durationKind, shortDuration } from '../grammar/quantity-kind.ts';
import type { RequestText } from '../grammar/quantity-text.ts';
import { parseRequestLine, type RequestLine } from '../grammar/request-line.ts';
import { authField } from './auth-schema.ts';
import { bodyField, formField, graphqlField, jsonField, multipartField } from './body-schema.ts';
import { capturesField } from './capture-schema.ts';
import { expectationField } from './expect-schema.ts';
import {
  choice,
  field,
  functionField,
  mapOf,
  plainTextField,
  quantityField,
  quotable,
  rangeField,
  sectionField,
  textField,
  unexpected,
} from './field.ts';
import { streamField } from './signal-schema.ts';

const requestNotes = {
  description:
    'Method and path. {{set.column}} and {{capture}} are replaced by their values, percent-encoded.',
  examples: ['GET /api/bills?page=1&limit=20', 'GET /api/bills/{{bills.id}}'],
};

/** A request that is its line alone. */
export const requestLine = textField<RequestLine, RequestText>(
  'a method and a path, such as GET /api/bills',
  requestNotes,
  parseRequestLine,
);

/** What a request may take at most, from the moment it is due to its last byte: up to an hour. */
export const timeoutField = quantityField({ ...durationKind, maximum: millis(3_600_000) }, 'aboveZero', {
  description: 'The longest time from when the request is due to its last byte. Default: 10s.',
  examples: ['10s'],
});

/** What becomes of redirects. */
export const redirectsField = choice(['follow', 'none'], {
  description:
    'follow: each redirect within the target is followed with another request, 10 at most. none: a redirect is an answer like others. Default: none.',
});

/** One value, or several: the header is sent once with each of them. */
const headerValues = field<string | readonly string[], string | readonly (string | number | boolean)[]>(
  value => {
    const isValue = (item: unknown) => ['string', 'number', 'bigint', 'boolean'].includes(typeof item);
    if (typeof value === 'string' && value.trim() !== '') return headerValue(value);
    if (Array.isArray(value) && value.length > 0 && value.every(isValue)) {
      return value.map(item => headerValue(String(item)));
    }
    throw unexpected(value, 'a header value as text, or a list of values', quotable(value, headerValue));
  },
  {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
    ],
    description:
      'The value, or a list of them: the header is sent with each. {{set.column}} and {{capture}} are replaced by their values.',
  },
);

/** Request headers by name. */
export const headersField = mapOf(
  field<string, string>(
    name => {
      headerName(String(name));
      return String(name);
    },
    { type: 'string', description: 'The name of a header.' },
  ),
  headerValues,
  'a map of header names and values, such as { accept: application/json }',
  { description: 'Request headers.', examples: [{ accept: 'application/json' }] },
);

/** A request in full. */
export const requestStep = sectionField(
  {
    request: requestLine,
    endpoint: plainTextField('a method and a route, such as GET /api/bills/:id', {
      description:
        'The name that the step is measured under. Default: the method and the path, with :name for {{name}}.',
      examples: ['GET /api/bills/:id'],
    }).optional(),
    headers: headersField.optional(),
    body: bodyField.optional(),
    json: jsonField.optional(),
    form: formField.optional(),
    multipart: multipartField.optional(),
    graphql: graphqlField.optional(),
    auth: authField.optional(),
    timeout: timeoutField.optional(),
    redirects: redirectsField.optional(),
    stream: streamField.optional(),
    expect: expectationField.optional(),
    capture: capturesField.optional(),
    prepare: functionField<Prepare>('Changes the request before it is sent.').optional(),
    check: functionField<CheckAnswer>('Looks at the answer.').optional(),
  },
  { description: 'A request.' },
  {
    status: 'inside expect: expect: { status: 200 }',
    schema: 'inside expect: expect: { schema: schemas/bill.json }',
    method: 'in front of the path: request: POST /path',
    url: 'request: GET /path',
    path: 'request: GET /path',
    name: 'endpoint',
    think: 'a step of its own: - think: 1s',
    file: 'inside body: body: { file: data/photo.jpg }',
    query: 'inside graphql: graphql: { query: ... }',
    files: 'inside multipart: multipart: { photo: { file: data/photo.jpg } }',
  },
);

const thinkRange = rangeField(
  shortDuration,
  { description: 'A pause, or a range to draw it from.', examples: ['200ms..800ms', '1s'] },
  read => {
    if (read.from <= read.to) return read;
    throw problem('value.out-of-range', {
      expected: 'a range from the shorter to the longer pause',
      instead: formatRange(shortDuration, { from: read.to, to: read.from }),
    });
  },
);

/** Pauses of people who act independently; one in 22,000 would be longer than ten times the mean. */
const exponential = sectionField(
  {
    mean: quantityField({ ...durationKind, maximum: millis(3_600_000) }, 'aboveZero', {
      description: 'The mean of exponentially distributed pauses; none is longer than ten times the mean.',
      examples: ['1s'],
    }),
  },
  { description: 'Exponentially distributed pauses.' },
).transform(({ mean }) => ({ from: millis(0), to: millis(10 * mean), mean }));

/** A pause between two requests. */
export const thinkStep = sectionField(
  {
    think: z
      .union([thinkRange, exponential], {
        error: 'a duration, a range such as 200ms..800ms, or { mean: 1s }',
      })
      .meta({
        description: 'A pause, a range to draw it from, or the mean of exponentially distributed pauses.',
      }),
  },
  { description: 'A pause between two requests.' },
);
