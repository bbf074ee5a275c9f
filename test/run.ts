/**
 * Runs the tests of the working folder: `node --import tsx test/run.ts all|quick [part of a file name…]`.
 *
 * Node's own runner does the work. Node 20 answers a glob or a folder of TypeScript files with 0 tests and exit code 0,
 * so the files are listed here, and a file in which no test ran is a failure.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { bundle } from './bundle.ts';

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly exitCode: number;
}

const e2e = join('test', 'e2e') + sep;
const real = join('test', 'real') + sep;
/** A safety net: Node 20 applies it to a whole file, later versions to each test. */
const timeoutMs = 600_000;
/** How many files run at once: most of them mostly wait. */
const atOnce = 5;

/** The longest of the built command's, so that none of them runs alone at the end. */
const longest = ['duet', 'reference-backend', 'accept', 'which-baseline', 'truth', 'exit-codes', 'compare'];

/** What waits for its load between what waits for sockets and what computes, so that five at once keep two cores busy. */
function mixed(files: readonly string[]): readonly string[] {
  const begun = longest.flatMap(name => files.filter(file => file === join(e2e, `${name}.test.ts`)));
  const kinds = [
    [...new Set([...begun, ...files.filter(file => file.startsWith(e2e))])],
    files.filter(file => file.startsWith(real)),
    files.filter(file => !file.startsWith(e2e) && !file.startsWith(real)),
  ];
  const most = Math.max(...kinds.map(kind => kind.length));
  return Array.from({ length: most }, (_, index) => kinds.map(kind => kind[index]))
    .flat()
    .filter(file => file !== undefined);
}

function testFiles(): readonly string[] {
  const examples = existsSync('examples') ? readdirSync('examples') : [];
  return ['test', ...examples.map(name => join('examples', name, 'test'))]
    .filter(folder => existsSync(folder))
    .flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
    )
    .filter(file => file.endsWith('.test.ts') && !file.includes(`node_modules${sep}`))
    .sort();
}

/** A folder from which bundles find the packages, outside of `node_modules`, where Node 22 looks for no test; gone with this process. */
function temporaryFolder(): string {
  const parent = '.test-bundles';
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'plimsoll-tests-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

async function run(files: readonly string[], folder: string): Promise<Outcome> {
  const bundles = await bundle(files, folder);
  const log = join(folder, 'outcomes');
  const exitCode = await node([
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('reporter.js', import.meta.url)}`,
    `--test-reporter-destination=${log}`,
    ...Object.keys(bundles),
  ]);
  return count(bundles, existsSync(log) ? readFileSync(log, 'utf8') : '', exitCode);
}

function node(args: readonly string[]): Promise<number> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', code => done(code ?? 1));
  });
}

function count(bundles: { readonly [bundle: string]: string }, log: string, exitCode: number): Outcome {
  const ended = log
    .split('\n')
    .filter(line => line !== '')
    .map(
      line => JSON.parse(line) as { file: string; outcome: 'passed' | 'failed' | 'skipped'; isTest: boolean },
    );
  const tested = new Set(ended.map(({ file }) => resolve(file)));
  const empty = Object.entries(bundles)
    .filter(places => !places.some(place => tested.has(resolve(place))))
    .map(([, source]) => source);
  for (const file of empty) console.error(`${file}: no test ran`);
  const number = (outcome: string) => ended.filter(test => test.outcome === outcome).length;
  return {
    passed: number('passed'),
    failed: number('failed') + empty.length,
    skipped: number('skipped'),
    exitCode,
  };
}

const [suite, ...parts] = process.argv.slice(2);
if (suite !== 'all' && suite !== 'quick') {
  console.error('usage: node --import tsx test/run.ts all|quick [part of a file name…]');
  process.exit(2);
}
const chosen = testFiles().filter(file => parts.length === 0 || parts.some(part => file.includes(part)));
const files = mixed(chosen.filter(file => suite === 'all' || !file.startsWith(e2e)));
const nothing: Outcome = { passed: 0, failed: 0, skipped: 0, exitCode: 1 };
const { passed, failed, skipped, exitCode } =
  files.length === 0 ? nothing : await run(files, temporaryFolder());
if (passed + failed === 0) console.error('no test ran');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = passed > 0 && failed === 0 ? exitCode : exitCode || 1;
