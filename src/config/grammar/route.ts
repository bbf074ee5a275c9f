import { generatorUses } from '../../model/run/generator.ts';

/**
 * An endpoint's default name: the method and the path without its query, `{{bills.id}}` and `${TENANT}` turned into
 * `:bills.id` and `:TENANT`. `path` is the text as the user wrote it, variables not yet filled in, so that the name
 * neither depends on the environment nor tells what stands in it.
 */
export function routeOf(method: string, path: string): string {
  let template = path.replace(
    /\{\{\s*(.*?)\s*(?:\|\s*(?:json|urlencode|base64)\s*)*\}\}/g,
    (_, name: string) => `:${generatorIn(name) ?? name}`,
  );
  // The innermost first: a default may hold variables itself.
  for (let before = ''; before !== template; ) {
    before = template;
    template = template.replace(/\$?\$\{([A-Za-z_]\w*)((?!\$\{)[^}])*\}/g, ':$1');
  }
  return `${method} ${template.split(/[?#]/, 1)[0]}`;
}

/** Of a generator with its arguments, the name alone. */
function generatorIn(reference: string): string | undefined {
  const [name = '', ...words] = reference.split(/\s+/);
  return words.length > 0 && Object.hasOwn(generatorUses, name) ? name : undefined;
}
