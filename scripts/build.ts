/** Builds `dist`. It is built beside, so that nobody who uses it, or packs it, meanwhile finds it empty or half written. */
import { execSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { outside } from './outside.ts';
import { replaceFolder } from './replace-folder.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const parent = join('node_modules', '.cache');
mkdirSync(parent, { recursive: true });
const outdir = mkdtempSync(join(parent, 'plimsoll-dist-'));
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));

const entryPoints = {
  'cli/bin': 'src/cli/bin.ts',
  index: 'src/index.ts',
  worker: 'src/engine/workers/worker.ts',
  'aside-thread': 'src/engine/aside-thread.ts',
  'module-thread': 'src/code/module-thread.ts',
  'module-hooks': 'src/code/module-hooks.ts',
  'delaying-proxy-process': 'src/launch/proxy/delaying-proxy-process.ts',
};

execSync(`tsc -p tsconfig.build.json && rolldown -c --dir ${outdir}`, { stdio: 'inherit' });
const { metafile } = await build({
  metafile: true,
  entryPoints,
  outdir,
  bundle: true,
  splitting: true,
  plugins: [outside],
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
});
// Their licences go with the packages that are bundled.
const packages = Object.keys(metafile.inputs).flatMap(
  input => /^node_modules\/([^/]+)\//.exec(input)?.[1] ?? [],
);
for (const name of new Set(packages)) {
  copyFileSync(join('node_modules', name, 'LICENSE'), join(outdir, `${name}-LICENSE.txt`));
}
replaceFolder(
  'dist',
  outdir,
  Object.keys(entryPoints).map(name => `${name}.js`),
);
