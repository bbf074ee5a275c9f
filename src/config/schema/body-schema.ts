import * as z from 'zod';
import { problem } from '../../model/error.ts';
import { headerValue } from '../grammar/header.ts';
import { field, mapOf, plainTextField, sectionField, textField, unexpected } from './field.ts';
import type { FormValue, Json, ScenarioFileBody } from './step-value.ts';

const asIs = '{{set.column}} and {{capture}} are replaced by their values as they are.';

const file = (description: string, example: string) =>
  plainTextField('the path of a file', {
    description: `${description} The path is relative to the scenario.`,
    examples: [example],
  });

const textBody = field<string, string>(readBody, { description: 'The body as text.' });

const contentType = textField(
  'a content type such as image/png',
  {
    description: 'The content type of the file. Default: by the ending of its name.',
    examples: ['image/png'],
  },
  headerValue,
);

const fileBody = sectionField(
  { file: file('A file that is sent as it is.', 'data/photo.jpg'), type: contentType.optional() },
  { description: 'A file as the body.' },
);

/** The body as text, or a file. A map that names no file was meant as JSON. */
export const bodyField = (z.unknown() as z.ZodType<string | ScenarioFileBody, string | ScenarioFileBody>)
  .transform((value, context): string | z.output<typeof fileBody> => {
    const isFile = typeof value === 'object' && value !== null && 'file' in value;
    const read = (isFile ? fileBody : textBody).safeParse(value);
    if (read.success) return read.data;
    for (const issue of read.error.issues) context.issues.push(issue as z.core.$ZodRawIssue);
    return z.NEVER;
  })
  .meta({
    description: `The body as text, or a file. ${asIs}`,
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: {
          file: { type: 'string', minLength: 1, description: 'A file that is sent as it is.' },
          type: { type: 'string', minLength: 1, description: 'The content type of the file.' },
        },
        required: ['file'],
        additionalProperties: false,
      },
    ],
  });

/** The body as JSON. */
export const jsonField = (z.unknown() as z.ZodType<Json, Json>)
  .transform((json, context): { readonly json: unknown } => {
    const path = pathToNoJson(json);
    if (path === undefined) return { json };
    const message = 'what JSON can hold: no infinite number and none that is not a number';
    context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  })
  .meta({
    description: 'The body as JSON. Sets content-type. Templates work inside strings and are escaped.',
    examples: [{ billId: '{{bills.id}}' }],
  });

const isScalar = (value: unknown) => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);

const scalarSchema = { type: ['string', 'number', 'boolean'] };

const fieldName = field<string, string>(name => String(name), {
  type: 'string',
  description: 'The name of a field.',
});

const formValue = field<readonly unknown[], FormValue | readonly FormValue[]>(
  value => {
    if (isScalar(value)) return [value];
    if (Array.isArray(value) && value.every(isScalar)) return value;
    throw unexpected(value, 'a text, a number, true, false, or a list of them');
  },
  {
    anyOf: [scalarSchema, { type: 'array', items: scalarSchema }],
    description: 'The value, or a list of them: the field is sent with each.',
  },
);

/** The body as a form, as browsers write it into a URL. */
export const formField = mapOf(
  fieldName,
  formValue,
  'a map of field names and values, such as { user: ann }',
  {
    description:
      'The body as a form (application/x-www-form-urlencoded). Sets content-type. {{set.column}} and {{capture}} are replaced by their values, encoded.',
    examples: [{ user: '{{users.name}}', remember: true }],
  },
);

const scalarPart = field<unknown, FormValue>(
  value => {
    if (isScalar(value)) return value;
    throw unexpected(value, 'a text, a number, true or false');
  },
  { ...scalarSchema, description: 'The value.' },
);

const filePart = sectionField(
  {
    file: file('The file that is uploaded.', 'data/photo.jpg'),
    name: textField(
      'a file name',
      { description: 'The name that is sent. Default: that of the file.', examples: ['cat.jpg'] },
      name => name,
    ).optional(),
    type: contentType.optional(),
  },
  { description: 'A file that is uploaded.' },
  { filename: 'name', contentType: 'type', path: 'file' },
);

const partError = { error: 'a value, or a file such as { file: data/photo.jpg }' };

/** The body as a form with files. */
export const multipartField = mapOf(
  fieldName,
  z
    .union([scalarPart, filePart, z.array(z.union([scalarPart, filePart], partError))], partError)
    .meta({ description: 'A value, a file, or a list of them.' }),
  'a map of field names and values or files, such as { photo: { file: data/photo.jpg } }',
  {
    description: `The body as a form with files (multipart/form-data). Sets content-type. ${asIs}`,
    examples: [{ title: '{{bills.title}}', photo: { file: 'data/photo.jpg' } }],
  },
);

/** A request of GraphQL. */
export const graphqlField = sectionField(
  {
    query: z
      .union(
        [
          textField(
            'a document of GraphQL',
            { description: 'The document.', examples: ['query Bill($id: ID!) { bill(id: $id) { title } }'] },
            text => text,
          ),
          sectionField(
            { file: file('A file with the document.', 'queries/bill.graphql') },
            { description: 'A file with the document.' },
          ),
        ],
        { error: 'a document of GraphQL, or a file such as { file: queries/bill.graphql }' },
      )
      .meta({ description: 'The document, or a file with it.' }),
    variables: (z.unknown() as z.ZodType<Json, Json>)
      .transform((json, context): unknown => {
        const path = pathToNoJson(json);
        const isMap = typeof json === 'object' && json !== null && !Array.isArray(json);
        if (path === undefined && isMap) return json;
        const message = 'a map of variables, such as { id: 7 }';
        context.addIssue({ code: 'custom', path: path ?? [], message });
        return z.NEVER;
      })
      .meta({
        description: 'The variables. Templates work inside strings and are escaped.',
        examples: [{ id: '{{bills.id}}' }],
      })
      .optional(),
    operationName: textField(
      'the name of an operation',
      { description: 'Which operation of the document is meant. Default: the only one.', examples: ['Bill'] },
      readName,
    ).optional(),
  },
  {
    description:
      'A request of GraphQL. Sets content-type. The name of the operation becomes that of the endpoint.',
  },
  { operation: 'operationName', mutation: 'query', document: 'query' },
);

function readName(name: string): string {
  if (/^[_A-Za-z]\w*$/.test(name)) return name;
  throw problem('value.invalid', { expected: 'a name of letters, digits and _' });
}

function readBody(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) throw unexpected(value, 'text', 'json: in place of body:');
  throw unexpected(value, 'text', value === undefined || value === null ? undefined : `"${value}"`);
}

/** The way to a value that JSON cannot hold; undefined where there is none. */
function pathToNoJson(value: unknown): (string | number)[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const path = pathToNoJson(inner);
    if (path !== undefined) return [Array.isArray(value) ? Number(key) : key, ...path];
  }
  return undefined;
}

/** The body of a step as it is written: at most one of these keys is there. */
export interface WrittenBody {
  readonly body?: z.output<typeof bodyField> | undefined;
  readonly json?: z.output<typeof jsonField> | undefined;
  readonly form?: z.output<typeof formField> | undefined;
  readonly multipart?: z.output<typeof multipartField> | undefined;
  readonly graphql?: z.output<typeof graphqlField> | undefined;
}
