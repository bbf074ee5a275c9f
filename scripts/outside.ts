import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that are bundled: of zod, all but a twentieth is messages in fifty languages, which every start would read. */
const inside = ['zod'];

/** What bundles leave outside: every package but those that are worth more inside. */
export const outside: Pick<BuildOptions, 'external'> = {
  external: dependencies()
    .filter(name => !inside.includes(name))
    .flatMap(name => [name, `${name}/*`]),
};

function dependencies(): readonly string[] {
  const listed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly [kind: string]: { readonly [name: string]: string } | undefined;
  };
  const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return [...new Set(kinds.flatMap(kind => Object.keys(listed[kind] ?? {})))];
}
