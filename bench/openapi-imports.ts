/**
 * Imports well-known OpenAPI descriptions, and sends each of their operations once to a mock of themselves: `node --import tsx
 * bench/openapi-imports.ts [FILE…]`. Without files it takes descriptions that npm packages hold.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { command } from '../test/command.ts';
import { openApiMock } from '../test/fixtures/openapi-mock.ts';

const packages: { readonly [name: string]: readonly string[] } = {
  '@octokit/openapi@23.0.2': ['generated/api.github.com.json'],
  '@figma/rest-api-spec@0.43.0': ['openapi/openapi.yaml'],
  '@directus/specs@15.2.0': ['dist/openapi.json'],
  '@blockfrost/openapi@0.1.93': ['openapi.yaml'],
  '@ideal-postcodes/openapi@4.21.0': ['dist/openapi.json'],
  '@readme/oas-examples@8.2.2': [
    '2.0/json/petstore.json',
    '3.0/json/star-trek.json',
    '3.1/json/train-travel.json',
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-openapi-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const given = process.argv.slice(2).map(file => resolve(file));
const files = given.length > 0 ? given : fromPackages();
let isWhole = true;
for (const [index, file] of files.entries()) {
  const started = performance.now();
  const text = readFileSync(file, 'utf8');
  const document = extname(file) === '.json' ? JSON.parse(text) : parse(text, { maxAliasCount: -1 });
  const cwd = join(folder, `project-${index}`);
  mkdirSync(cwd);
  const made = await command(['init', '--openapi', file, '--writes', '--name', 'all'], { cwd });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  if (made.code !== 0) {
    console.log(`✗ ${basename(file)}: ${made.stderr}`);
    isWhole = false;
    continue;
  }
  const basePath = basePathOf(document);
  const mock = await openApiMock(document, basePath);
  const env = Object.fromEntries(
    [...made.stdout.matchAll(/^Set (API_\w+):/gm)].map(([, name = '']) => [name, 'secret-of-mock']),
  );
  const once = await command(['run', 'all', '--once', '--json', '-'], {
    cwd,
    env: { ...env, TARGET: mock.url },
  });
  mock.close();
  const isRight = once.code === 0 && mock.wrong.length === 0;
  isWhole &&= isRight;
  console.log(
    `${isRight ? '✓' : '✗'} ${file.replace(/^.*node_modules\//, '')}: ${mock.asked.size} operations, imported in ${seconds} s`,
  );
  console.log(made.stderr.trimEnd());
  if (!isRight) console.log(once.stderr.slice(0, 2_000), mock.wrong.slice(0, 10));
}
process.exitCode = isWhole ? 0 : 1;

function basePathOf(document: {
  readonly servers?: readonly { readonly url?: string }[];
  readonly basePath?: string;
}): string {
  const url = document.servers?.[0]?.url?.replaceAll(/\{[^{}]*\}/g, 'x') ?? document.basePath ?? '/';
  return new URL(url, 'http://mock').pathname.replace(/\/$/, '');
}

function fromPackages(): readonly string[] {
  execFileSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...Object.keys(packages)],
    { cwd: folder, stdio: 'ignore' },
  );
  return Object.entries(packages).flatMap(([name, all]) =>
    all.map(file => join(folder, 'node_modules', name.replace(/@[^@]*$/, ''), file)),
  );
}
