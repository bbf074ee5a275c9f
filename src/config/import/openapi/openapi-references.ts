import { mapIn } from '../form/foreign-document.ts';

/** A map of a description. */
export type OpenApiPart = { readonly [name: string]: unknown };

/** What a part is, whatever references lead to it; an empty map where they lead nowhere, or in a circle. */
export type Resolve = (part: unknown) => OpenApiPart;

const mostHops = 20;

/** Follows the references of a description. */
export function resolverOf(root: OpenApiPart): Resolve {
  return part => {
    let node = part;
    for (let hops = 0; hops < mostHops; hops++) {
      const { $ref } = mapIn(node);
      if (typeof $ref !== 'string') return mapIn(node);
      node = $ref.startsWith('#/') ? atPointer(root, $ref) : undefined;
    }
    return {};
  };
}

/** What a JSON pointer that begins with `#/` leads to; undefined where it leads nowhere. */
export function atPointer(root: unknown, ref: string): unknown {
  let node = root;
  for (const written of ref.slice(2).split('/')) {
    const name = decoded(written).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
    node = (node as OpenApiPart)[name];
  }
  return node;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
