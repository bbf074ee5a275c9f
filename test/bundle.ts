import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { bundleName } from './program.ts';

/** What the code under test starts from beside itself, by its name there, as in `dist`. */
const startedBySource = {
  worker: join('src', 'engine', 'workers', 'worker.ts'),
  'delaying-proxy-process': join('src', 'launch', 'proxy', 'delaying-proxy-process.ts'),
};
/** What tests start, through `program`. */
const startedByTests = [
  join('test', 'target', 'server.ts'),
  join('test', 'real', 'store', 'store-process.ts'),
  join('test', 'real', 'launch', 'workspace-owner.ts'),
  join('test', 'real', 'launch', 'serving-owner.ts'),
];

/**
 * Bundles test files of the working folder into another, and returns the source of each bundle. Under a loader for
 * TypeScript, each file costs half a second, and each thread and process that it starts as much again. Node runs bundles
 * in the order of their names, hence the numbers.
 */
export async function bundle(
  files: readonly string[],
  folder: string,
): Promise<{ readonly [bundle: string]: string }> {
  const tests = Object.fromEntries(
    files.map((file, index) => [`${String(index).padStart(3, '0')}-${bundleName(file)}`, file]),
  );
  const programs = Object.fromEntries(startedByTests.map(file => [bundleName(file), file]));
  const entries = Object.entries({ ...tests, ...programs, ...startedBySource });
  await build({
    entryPoints: Object.fromEntries(entries.filter(([, file]) => existsSync(file))),
    outdir: folder,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    define: { 'import.meta.url': 'sourceUrl' },
    plugins: [sourceUrls, seeds],
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return Object.fromEntries(Object.entries(tests).map(([name, file]) => [join(folder, `${name}.js`), file]));
}

/** Tests find what lies beside their source; the code under test finds what it starts beside the bundles. */
const sourceUrls: Plugin = {
  name: 'source-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const isSource = path.startsWith(resolve('src') + sep);
      const meta = isSource ? 'import.meta' : JSON.stringify({ url: pathToFileURL(path).href });
      return { contents: `const { url: sourceUrl } = ${meta};${text}`, loader: 'ts' };
    });
  },
};

/** Whoever imports fast-check gets it seeded. */
const seeds: Plugin = {
  name: 'seeds',
  setup({ onResolve }) {
    const seeded = join(import.meta.dirname, 'seeded.ts');
    onResolve({ filter: /^fast-check$/ }, ({ importer }) =>
      importer === seeded ? undefined : { path: seeded },
    );
  },
};
