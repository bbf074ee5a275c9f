import { posix } from 'node:path';
import type { RequestBody, Template } from '../../../model/run/scenario.ts';
import { secretsInBody, secretsInJson } from '../../../safety/found-secrets.ts';
import { isSecretName } from '../../../safety/secret.ts';
import { bodiless, type RequestLine } from '../../grammar/request-line.ts';
import { concatenated, literal } from '../../grammar/template.ts';
import type { WrittenBody } from '../../schema/body-schema.ts';
import type { Diagnostics } from '../../source/diagnostics.ts';
import { jsonText, withExactNumbers } from '../../source/exact-json.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from '../../source/place.ts';
import { textOf } from '../../source/text-file.ts';
import { asWritten } from './as-written.ts';
import { operationName } from './graphql-operation.ts';
import { contentTypeOf, type FormPart, multipartOf } from './multipart.ts';

/** A file that a body sends. */
export interface BodyFile {
  readonly bytes: Uint8Array;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
}

/** What a body is made from, and where its mistakes are kept. */
export interface BodyMaterial {
  readonly document: SourceDocument;
  readonly diagnostics: Diagnostics;
  /** By the path that the scenario gives. */
  readonly files: ReadonlyMap<string, BodyFile>;
  readonly template: (text: string, at: Path) => Template;
}

/** A body ready to be sent, with what it says of the request around it. */
export interface BuiltBody {
  readonly body: RequestBody;
  /** The content type, and which headers of the name give way to it; null where the body has none. */
  readonly type: { readonly value: string; readonly over: 'none' | 'defaults' | 'all' } | null;
  /** The name of the operation of GraphQL; null where there is none. */
  readonly operation: string | null;
  /** What counts when two runs are compared. */
  readonly workload: unknown;
  readonly secrets: readonly string[];
}

const kinds = ['body', 'json', 'form', 'multipart', 'graphql'] as const;

type Written = WrittenBody & { readonly request: RequestLine };

/** The body of a step; null where it has none. */
export function buildBody(written: Written, place: Path, material: BodyMaterial): BuiltBody | null {
  const [key, ...more] = kinds.filter(kind => written[kind] !== undefined).reverse();
  if (key === undefined) return null;
  const at = [...place, key];
  const refuse = (expected: string, instead: string): void =>
    material.diagnostics.add({
      code: 'request.unexpected-body',
      where: placeOf(material.document, at),
      expected,
      instead,
    });
  const { method, path } = written.request;
  if (more.length > 0) refuse(`either ${[...more].reverse().join(' or ')} or ${key}`, 'one of the two');
  if (bodiless.includes(method)) refuse(`a ${method} request without a body`, `POST ${path}, or no ${key}`);
  const { body, json, form, multipart, graphql } = written;
  if (graphql !== undefined) return ofGraphql(graphql, at, material);
  if (multipart !== undefined) return ofMultipart(multipart, at, material);
  if (form !== undefined) return ofForm(form, at, material);
  if (json !== undefined) return ofJson(json.json, at, material);
  return typeof body === 'object' ? ofFile(body, at, material) : ofText(body ?? '', at, material);
}

const plain = { operation: null, type: null } as const;

function ofText(text: string, at: Path, { document, template }: BodyMaterial): BuiltBody {
  return {
    ...plain,
    body: { template: template(text, at), escape: 'none' },
    workload: asWritten(document, at, text),
    secrets: secretsInBody(text),
  };
}

function ofJson(json: unknown, at: Path, { document, template }: BodyMaterial): BuiltBody {
  const text = jsonText(json, at, document);
  return {
    ...plain,
    body: { template: template(text, at), escape: 'json' },
    type: { value: 'application/json', over: 'none' },
    workload: withExactNumbers(valueAt(document.value, at), at, document),
    secrets: secretsInBody(text),
  };
}

function ofFile(
  { file, type }: Exclude<NonNullable<WrittenBody['body']>, string>,
  at: Path,
  material: BodyMaterial,
): BuiltBody {
  return {
    ...plain,
    body: { template: fileTemplate(file, material), escape: 'none' },
    type:
      type === undefined ? { value: contentTypeOf(file), over: 'none' } : { value: type, over: 'defaults' },
    workload: { file: digestsOf([file], material), type: valueAt(material.document.value, [...at, 'type']) },
    secrets: [],
  };
}

function ofForm(form: NonNullable<WrittenBody['form']>, at: Path, material: BodyMaterial): BuiltBody {
  const { document, template } = material;
  const fields = Object.entries(form).flatMap(([name, values]) =>
    placed(valueAt(document.value, [...at, name]), values, [...at, name]).map(({ value, place }) => ({
      name,
      text: scalarText(value, place, document),
      place,
    })),
  );
  const parts = fields.map(({ name, text, place }, index) => {
    const { literals, expressions } = template(text, place);
    return concatenated([
      `${index === 0 ? '' : '&'}${formEncoded(name)}=`,
      { literals: literals.map(formEncoded), expressions },
    ]);
  });
  return {
    ...plain,
    body: { template: concatenated(parts), escape: 'form' },
    type: { value: 'application/x-www-form-urlencoded', over: 'defaults' },
    workload: { form: withExactNumbers(valueAt(document.value, at), at, document) },
    secrets: secretsInFields(fields),
  };
}

function ofMultipart(
  multipart: NonNullable<WrittenBody['multipart']>,
  at: Path,
  material: BodyMaterial,
): BuiltBody {
  const { document, template } = material;
  const files: string[] = [];
  const texts: { name: string; text: string }[] = [];
  const parts = Object.entries(multipart).flatMap(([name, values]) =>
    placed(valueAt(document.value, [...at, name]), values, [...at, name]).map(
      ({ value, place }): FormPart => {
        if (isUpload(value)) {
          files.push(value.file);
          const { file, name: told = posix.basename(file), type = contentTypeOf(file) } = value;
          return { name, content: fileTemplate(file, material), file: { name: told, type } };
        }
        const text = scalarText(value, place, document);
        texts.push({ name, text });
        return { name, content: template(text, place), file: null };
      },
    ),
  );
  const { template: whole, boundary } = multipartOf(parts);
  const written = withExactNumbers(valueAt(document.value, at), at, document);
  return {
    ...plain,
    body: { template: whole, escape: 'multipart', boundary },
    type: { value: `multipart/form-data; boundary=${boundary}`, over: 'all' },
    workload: { multipart: written, files: digestsOf(files, material) },
    secrets: secretsInFields(texts),
  };
}

function ofGraphql(
  { query, variables, operationName: asked }: NonNullable<WrittenBody['graphql']>,
  at: Path,
  material: BodyMaterial,
): BuiltBody {
  const { document, diagnostics, template, files } = material;
  const file = typeof query === 'string' ? null : query.file;
  const bytes = file === null ? undefined : files.get(file)?.bytes;
  const where = placeOf(document, [...at, 'query']);
  const read = diagnostics.attempt(where, () => {
    const text = typeof query === 'string' ? query : textOf(bytes ?? Buffer.alloc(0), query.file);
    // What is wrong with a file that cannot be read was told.
    const isUnread = file !== null && bytes === undefined;
    return { text, name: isUnread ? null : operationName(text, asked) };
  });
  const { text = '', name = null } = read ?? {};
  const members = [
    `"query":${JSON.stringify(text)}`,
    ...(name === null ? [] : [`"operationName":${JSON.stringify(name)}`]),
    ...(variables === undefined
      ? []
      : [`"variables":${jsonText(variables, [...at, 'variables'], document)}`]),
  ];
  const json = `{${members.join(',')}}`;
  return {
    body: { template: template(json, at), escape: 'json' },
    type: { value: 'application/json', over: 'defaults' },
    operation: name,
    workload: {
      graphql: withExactNumbers(valueAt(document.value, at), at, document),
      ...(file === null ? {} : { files: digestsOf([file], material) }),
    },
    secrets: secretsInJson(variables),
  };
}

type Upload = Exclude<NonNullable<WrittenBody['body']>, string> & { readonly name?: string | undefined };

const isUpload = (value: unknown): value is Upload => typeof value === 'object' && value !== null;

/** A value, or each of a list, with its place. */
function placed(
  source: unknown,
  values: unknown,
  at: Path,
): readonly { readonly value: unknown; readonly place: Path }[] {
  if (!Array.isArray(values)) return [{ value: values, place: at }];
  return values.map((value, index) => ({ value, place: Array.isArray(source) ? [...at, index] : at }));
}

function scalarText(value: unknown, place: Path, document: SourceDocument): string {
  return (typeof value === 'number' ? document.exactNumber(place) : undefined) ?? String(value);
}

function secretsInFields(fields: readonly { readonly name: string; readonly text: string }[]) {
  return fields.flatMap(({ name, text }) => (isSecretName(name) ? [text] : []));
}

/** A file that cannot be read is told of elsewhere. */
function fileTemplate(file: string, { files }: BodyMaterial): Template {
  const bytes = files.get(file)?.bytes;
  if (bytes === undefined) return literal('');
  return { literals: ['', ''], expressions: [{ kind: 'file', name: file, bytes }] };
}

function digestsOf(names: readonly string[], { files }: BodyMaterial): readonly string[] {
  return names.map(name => files.get(name)?.digest ?? '');
}

/** As browsers write a form; a text with half of a character was refused before. */
function formEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');
}
