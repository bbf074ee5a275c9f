import { listIn, mapIn } from '../form/foreign-document.ts';
import { notInstalled } from './openapi-document.ts';
import { type OpenApiPart as Part, type Resolve, resolverOf } from './openapi-references.ts';

/** Follows references, and makes values from schemas. */
export interface OpenApiParts {
  readonly resolved: Resolve;
  /** A value for a parameter or a body: its example, or one made from its schema; undefined if there is none. */
  readonly exampleOf: (part: Part) => unknown;
  /** The example that the description itself gives; undefined if it gives none. */
  readonly ownExample: (part: Part) => unknown;
}

/** The parts of a description. */
export async function openApiParts(root: Part): Promise<OpenApiParts> {
  const sampler = await import('openapi-sampler').catch(cause => {
    throw notInstalled('openapi-sampler', 'which makes values from schemas', cause);
  });
  const { sample } = 'default' in sampler ? (sampler.default as typeof sampler) : sampler;
  const options = { skipReadOnly: true, skipNonRequired: true, quiet: true };

  const resolved = resolverOf(root);
  const ownExample = (part: Part): unknown => {
    const schema = resolved(part.schema);
    const named = Object.values(mapIn(part.examples)).map(example => resolved(example));
    const given = [
      part.example,
      ...named.flatMap(({ value, dataValue }) => [dataValue, value]),
      part['x-example'],
      schema.example,
      ...listIn(schema.examples),
    ];
    return given.find(value => value !== undefined);
  };
  const exampleOf = (part: Part): unknown => {
    const own = ownExample(part);
    if (own !== undefined) return own;
    // In version 2.0 a parameter is its own schema.
    const { schema = Object.values(mapIn(part.content)).map(media => mapIn(media).schema)[0] ?? part } = part;
    try {
      return sample(schema as never, options, bounded(root));
    } catch {
      return undefined;
    }
  };
  return { resolved, exampleOf, ownExample };
}

/** A schema whose parts refer to each other several times each would unfold without end: so many references are enough. */
const mostReferences = 20_000;

/** The document for one value, whose schema may refer to it so often. */
function bounded(root: Part): Part {
  let left = mostReferences;
  return new Proxy(root, {
    get(target, name) {
      left -= 1;
      if (left < 0) throw new Error('a schema that unfolds into too many parts');
      return Reflect.get(target, name);
    },
  });
}
