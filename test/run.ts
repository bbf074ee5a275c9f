/**
 * Runs the tests of the working folder: `node --import tsx test/run.ts all|quick [part of a file name…]`.
 *
 * Node's own runner does the work. Node 20 answers a glob or a folder of TypeScript files with 0 tests and exit code 0,
 * so the files are listed here, and a file in which no test ran is a failure.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { bundle } from './bundle.ts';

interface Group {
  readonly files: readonly string[];
  readonly concurrency: number;
}

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

/** What mostly waits between what mostly computes, so that three at once keep two cores busy. */
function mixed(files: readonly string[]): readonly string[] {
  const [waiting, computing] = [
    files.filter(file => file.startsWith(real)),
    files.filter(file => !file.startsWith(real)),
  ];
  const length = Math.max(waiting.length, computing.length);
  return Array.from({ length }, (_, index) => [waiting[index], computing[index]])
    .flat()
    .filter(file => file !== undefined);
}

/** So that no long file runs alone at the end. */
function longestFirst(files: readonly string[]): readonly string[] {
  const longest = ['duet', 'reference-backend', 'accept', 'which-baseline', 'truth', 'exit-codes', 'compare'];
  const of = (name: string) => files.filter(file => basename(file) === `${name}.test.ts`);
  return [...new Set([...longest.flatMap(of), ...files])];
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

async function run({ files, concurrency }: Group, folder: string): Promise<Outcome> {
  const bundles = await bundle(files, mkdtempSync(join(folder, 'group-')));
  const log = join(folder, 'outcomes');
  rmSync(log, { force: true });
  const exitCode = await node([
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${concurrency}`,
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
const isWhole = (file: string) => file.startsWith(e2e);
const groups: readonly Group[] = [
  { files: mixed(chosen.filter(file => !isWhole(file))), concurrency: 3 },
  // The built command mostly waits for the end of its load.
  { files: suite === 'all' ? longestFirst(chosen.filter(isWhole)) : [], concurrency: 5 },
];
const folder = temporaryFolder();
const outcomes: Outcome[] = [];
for (const group of groups) {
  if (group.files.length > 0) outcomes.push(await run(group, folder));
}
const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, each) => total + of(each), 0);
const [passed, failed, skipped] = [sum(o => o.passed), sum(o => o.failed), sum(o => o.skipped)];
const isGreen = passed > 0 && failed === 0 && outcomes.every(({ exitCode }) => exitCode === 0);
if (passed + failed === 0) console.error('no test ran');
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = isGreen ? 0 : outcomes.find(({ exitCode }) => exitCode !== 0)?.exitCode || 1;
