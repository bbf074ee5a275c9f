import { listIn, mapIn } from '../import/form/foreign-document.ts';
import type { Resolve } from '../import/openapi/openapi-references.ts';

/** What schemas call the document that they are parts of. */
export const documentName = 'description.json';

/**
 * Makes JSON Schemas of a description's schemas: references lead into the document by its name; before version 3.1 `nullable` and
 * exclusive bounds become what they mean, and nothing beside a reference counts; what is only written need not be answered.
 */
export function schemaConverter(version: string, resolved: Resolve): (part: unknown) => unknown {
  const isOld = !/^3\.[1-9]/.test(version);
  const known = new WeakMap<object, unknown>();
  const convert = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const before = known.get(part);
    if (before !== undefined) return before;
    if (Array.isArray(part)) {
      const list: unknown[] = [];
      known.set(part, list);
      for (const item of part) list.push(convert(item));
      return list;
    }
    const { $ref } = part as { readonly $ref?: unknown };
    const isReference = typeof $ref === 'string' && $ref.startsWith('#');
    const made: { [name: string]: unknown } = {};
    known.set(part, made);
    for (const [name, value] of Object.entries(part)) {
      // Of another document's base, references would lead nowhere.
      if (name === '__proto__' || ((name === '$id' || name === 'id') && typeof value === 'string')) continue;
      if (!isReference || !isOld || name === '$ref') made[name] = convert(value);
    }
    if (isReference) made.$ref = `${documentName}${$ref}`;
    else if (isOld) modernize(made);
    withoutWritten(made, part);
    return made;
  };
  /** Properties that are only ever sent are missing in answers. */
  const withoutWritten = (made: { [name: string]: unknown }, part: object) => {
    const { required, properties } = part as { readonly required?: unknown; readonly properties?: unknown };
    if (!Array.isArray(required)) return;
    const members = mapIn(properties);
    made.required = required.filter(
      name => !(Object.hasOwn(members, String(name)) && resolved(members[String(name)]).writeOnly === true),
    );
  };
  return convert;
}

/** Makes a schema of version 2.0 or 3.0 one of draft 7. */
function modernize(made: { [name: string]: unknown }): void {
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof made[exclusive] !== 'boolean') continue;
    if (made[exclusive] === true && typeof made[bound] === 'number') made[exclusive] = made[bound];
    else delete made[exclusive];
  }
  if (made.nullable !== true && made['x-nullable'] !== true) return;
  delete made.nullable;
  delete made['x-nullable'];
  if (typeof made.type === 'string') {
    made.type = [made.type, 'null'];
    if (Array.isArray(made.enum)) made.enum = [...listIn(made.enum), null];
    return;
  }
  const rest = { ...made };
  for (const name of Object.keys(rest)) delete made[name];
  // What an error says of comes first.
  made.anyOf = [rest, { type: 'null' }];
}
