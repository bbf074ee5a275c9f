import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The name that a source file, as a path from the working folder, has among the bundles, without its extension. */
export const bundleName = (source: string): string => source.replace(/\.ts$/, '').replaceAll(sep, '__');

/** What Node is started with to run a program beside a test: its bundle where the test itself is one, else its source. */
export function program(source: URL): { readonly file: string; readonly execArgv: readonly string[] } {
  const file = fileURLToPath(source);
  const bundle = join(dirname(process.argv[1] ?? ''), `${bundleName(relative(process.cwd(), file))}.js`);
  if (existsSync(bundle)) return { file: bundle, execArgv: [] };
  return { file, execArgv: [`--import=${import.meta.resolve('tsx')}`] };
}
