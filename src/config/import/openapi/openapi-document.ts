import { problem } from '../../../model/error.ts';
import type { ProxyRules } from '../../../model/run/plan.ts';
import { mapIn } from '../form/foreign-document.ts';
import { type DescribedDocument, readBeside, readDescribed } from './described-document.ts';

/** A description of an API with all its parts in one document: every `$ref` that could be found begins with `#`. */
export interface OpenApiDocument {
  readonly shown: string;
  readonly version: string;
  readonly root: { readonly [name: string]: unknown };
  /** The URL that it was read from; null of a file. */
  readonly url: string | null;
}

/** Reads a description from a file or a URL. Its other files are read too, if they lie below its folder, or at its origin. */
export async function readOpenApi(from: string, cwd: string, proxies?: ProxyRules): Promise<OpenApiDocument> {
  return await openApiIn(await readDescribed(from, cwd, proxies));
}

/** The description that a text holds, with its other files. */
export async function openApiIn({
  text,
  root,
  shown,
  url,
  path,
  proxies,
}: DescribedDocument): Promise<OpenApiDocument> {
  const version = typeof root.swagger === 'string' ? root.swagger : root.openapi;
  if (typeof version !== 'string' || !/^(?:2\.0|3\.[0-2](?:\.\d+)?)/.test(version)) {
    throw problem('import.other-format', {
      where: shown,
      found:
        version !== undefined
          ? `version ${JSON.stringify(version)}`
          : 'arazzo' in root
            ? 'an Arazzo file'
            : 'neither openapi nor swagger',
      expected: 'an OpenAPI description of version 2.0, 3.0, 3.1 or 3.2',
    });
  }
  const whole = hasOtherFiles(root) ? await bundled(text, root, url ?? path, shown, proxies) : root;
  return { shown, version: version.slice(0, 3), root: whole, url };
}

/** Whether a `$ref` leads out of the document. */
function hasOtherFiles(root: unknown): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    const { $ref } = node as { readonly $ref?: unknown };
    if (typeof $ref === 'string' && !$ref.startsWith('#')) return true;
    open.push(...Object.values(node));
  }
  return false;
}

/** The document with its other files in it. */
async function bundled(
  text: string,
  parsed: unknown,
  base: string,
  shown: string,
  proxies: ProxyRules | undefined,
) {
  const redocly = await import('@redocly/openapi-core').catch(cause => {
    throw notInstalled('@redocly/openapi-core', 'which joins a description of several files', cause);
  });
  const { BaseResolver, bundle, createConfig, Source } = redocly;
  class BoundedResolver extends BaseResolver {
    override async loadExternalRef(ref: string) {
      return new Source(ref, await readBeside(ref, base, proxies));
    }
  }
  const externalRefResolver = new BoundedResolver();
  try {
    const config = await createConfig({});
    const doc = { source: new Source(base, text), parsed };
    const { bundle: whole } = await bundle({ doc, config, externalRefResolver });
    return mapIn(whole.parsed);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
    throw problem(
      'import.other-format',
      { where: shown, found: found ?? '', expected: 'an OpenAPI description' },
      { cause },
    );
  }
}

/** The error `import.not-installed`, unless the package is there and fails. */
export function notInstalled(name: string, what: string, cause: unknown) {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
  return problem(
    'import.not-installed',
    {
      where: '--openapi',
      found: `no package ${name} beside Plimsoll, ${what}`,
      instead: `npm install --save-dev ${name}`,
    },
    { cause },
  );
}
