/**
 * Runs the tests of the working folder: `node --import tsx test/run.ts all|quick [part of a file name…]`.
 *
 * Node's own runner does the work. Node 20 answers a glob or a folder of TypeScript files with 0 tests and exit code 0,
 * so the files are listed here, and a file in which no test ran is a failure.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { bundle } from './bundle.ts';
import { count } from './outcomes.ts';

const e2e = join('test', 'e2e') + sep;
const real = join('test', 'real') + sep;
/** A safety net: Node 20 applies it to a whole file, later versions to each test. */
const timeoutMs = 600_000 * Number(process.env.PROPERTY_TIMES ?? 1);
/** How many files run at once: most of them mostly wait. */
const atOnce = 7;

/** The longest, so that none of them runs alone at the end. */
const longest = [
  ...['duet', 'reference-backend', 'accept', 'which-baseline', 'truth', 'exit-codes', 'compare'],
  ...['slots', 'comparison', 'ref-sides', 'autocannon', 'several-heads', 'branch-store'],
];

/** How many processes share the files that only compute, and those that start no command: each starts once for all of its files. */
const computing = 8;
const opening = 26;

/** What waits for its load between what waits for sockets and what computes, so that seven at once keep two cores busy. */
function mixed(files: readonly string[]): readonly (readonly string[])[] {
  const begun = longest.flatMap(name => files.filter(file => basename(file) === `${name}.test.ts`));
  const alone = (file: string) => [file];
  const ofFolder = (folder: string) =>
    [...new Set([...begun, ...files])].filter(file => file.startsWith(folder));
  const shared = (of: readonly string[], processes: number) =>
    Array.from({ length: processes }, (_, at) => of.filter((_, index) => index % processes === at));
  const pure = files.filter(file => !file.startsWith(e2e) && !file.startsWith(real));
  const kinds = [
    ofFolder(e2e).map(alone),
    [
      ...ofFolder(real)
        .filter(file => begun.includes(file))
        .map(alone),
      ...shared(
        ofFolder(real).filter(file => !begun.includes(file)),
        opening,
      ),
    ],
    shared(pure, computing),
  ];
  const most = Math.max(...kinds.map(kind => kind.length));
  return Array.from({ length: most }, (_, index) => kinds.map(kind => kind[index]))
    .flat()
    .filter(group => group !== undefined && group.length > 0) as readonly (readonly string[])[];
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

async function run(groups: readonly (readonly string[])[], folder: string): Promise<number> {
  const bundles = groups.length === 0 ? {} : await bundle(groups, folder);
  const log = join(folder, 'outcomes');
  const begun = [
    // Of the whole suite they cost a seventh: what fails there is run again by its name.
    ...(parts.length > 0 ? ['--enable-source-maps'] : []),
    '--test',
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${timeoutMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('reporter.js', import.meta.url)}`,
    `--test-reporter-destination=${log}`,
    ...Object.keys(bundles),
  ];
  const exitCode = groups.length === 0 ? 1 : await node(begun);
  const { passed, failed, skipped, empty } = count(bundles, existsSync(log) ? readFileSync(log, 'utf8') : '');
  for (const file of empty) console.error(`${file}: no test ran`);
  if (passed + failed === 0) console.error('no test ran');
  console.log(`\n${passed} passed, ${failed + empty.length} failed, ${skipped} skipped`);
  return passed > 0 && failed + empty.length === 0 ? exitCode : exitCode || 1;
}

function node(args: readonly string[]): Promise<number> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, args, { env, stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', code => done(code ?? 1));
  });
}

const [suite, ...parts] = process.argv.slice(2);
if (suite !== 'all' && suite !== 'quick') {
  console.error('usage: node --import tsx test/run.ts all|quick [part of a file name…]');
  process.exit(2);
}
const chosen = testFiles().filter(file => parts.length === 0 || parts.some(part => file.includes(part)));
const groups = mixed(chosen.filter(file => suite === 'all' || !file.startsWith(e2e)));
process.exitCode = await run(groups, temporaryFolder());
