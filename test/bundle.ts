import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { outside } from '../scripts/outside.ts';
import { bundleName } from './program.ts';

/** What the code under test starts from beside itself, by its name there, as in `dist`. */
const startedBySource = {
  worker: join('src', 'engine', 'workers', 'worker.ts'),
  'aside-thread': join('src', 'engine', 'aside-thread.ts'),
  'module-thread': join('src', 'code', 'module-thread.ts'),
  'module-hooks': join('src', 'code', 'module-hooks.ts'),
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
 * Bundles test files of the working folder into another, each group into one, and returns the sources of each bundle.
 * Under a loader for TypeScript, each file costs half a second, and each thread and process that it starts as much again.
 * Node runs bundles in the order of their names, hence the numbers.
 */
export async function bundle(
  groups: readonly (readonly string[])[],
  folder: string,
): Promise<{ readonly [bundle: string]: readonly string[] }> {
  const tests = groups.map((files, index) => {
    const [only, ...others] = files as [string, ...string[]];
    const number = String(index).padStart(3, '0');
    const isOne = others.length === 0;
    const name = `${number}-${isOne ? bundleName(only) : `${files.length}-files.test`}`;
    return { files, name, entry: isOne ? only : `${groupPrefix}${files.join('|')}` };
  });
  const programs = Object.fromEntries(startedByTests.map(file => [bundleName(file), file]));
  const others = Object.entries({ ...programs, ...startedBySource }).filter(([, file]) => existsSync(file));
  await build({
    entryPoints: Object.fromEntries([...tests.map(({ name, entry }) => [name, entry]), ...others]),
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    define: { 'import.meta.url': 'sourceUrl' },
    plugins: [groupsOfFiles, sourceUrls, seeds, outside],
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return Object.fromEntries(tests.map(({ name, files }) => [join(folder, `${name}.js`), files]));
}

const groupPrefix = 'group:';

/** A group is its files, one after the other. */
const groupsOfFiles: Plugin = {
  name: 'groups-of-files',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^group:/ }, ({ path }) => ({ path, namespace: 'group' }));
    onLoad({ filter: /^group:/, namespace: 'group' }, ({ path }) => ({
      contents: path
        .slice(groupPrefix.length)
        .split('|')
        .map(file => `import ${JSON.stringify(resolve(file))};`)
        .join(''),
      resolveDir: process.cwd(),
    }));
  },
};

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
