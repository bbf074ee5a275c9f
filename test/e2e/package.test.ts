import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { looseBudgets } from './plimsoll.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

interface LockEntry {
  readonly version: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/**
 * The lock file of a project that depends on the tarball alone, in the versions of this repository's own lock file.
 * With every address and hash known, npm asks for no metadata: what `npm ci` left in its cache is enough.
 */
async function lockFor(tarball: string): Promise<unknown> {
  const registry = (await run('npm', ['config', 'get', 'registry'], { cwd: root })).stdout.trim();
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const locked = Object.entries(packages as { [path: string]: LockEntry })
    .filter(([path, { dev, link }]) => path.startsWith('node_modules/') && !dev && !link)
    .map(([path, entry]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const file = `${name.replace(/^.*\//, '')}-${entry.version}.tgz`;
      return [path, { resolved: new URL(`${name}/-/${file}`, registry).href, ...entry }];
    });
  const { name, version, dependencies, bin } = manifest;
  const own = { version, resolved: `file:${tarball}`, dependencies, bin };
  const user = { name: 'user', version: '1.0.0', dependencies: { [name]: `file:${tarball}` } };
  return {
    name: 'user',
    lockfileVersion: 3,
    requires: true,
    packages: { '': user, [`node_modules/${name}`]: own, ...Object.fromEntries(locked) },
  };
}

/** Those of the packages that a user installs with Plimsoll; `package.json` says MIT of Plimsoll itself. */
const licences = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', '(MIT AND Zlib)'];

/** The examples of the page on programs, a module each. */
const examples = Object.fromEntries(
  [...readFileSync(join(root, 'docs', 'api.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(
    ([, text = ''], index) => [`example-${index + 1}.mts`, text],
  ),
);

/** An example as plain JavaScript, which takes a second and loads the servers of this test. */
function briefly(text: string, [port, other]: readonly number[]): string {
  return (
    text
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${port}`)
      .replaceAll("'http://127.0.0.1:3001',", `'http://127.0.0.1:${other}', slot: '20ms', pairs: 2,`)
      .replaceAll("'10s'", "'1s'")
      // A time counts from before the start, which a busy machine makes long: the first progress ends the load instead.
      .replace('AbortSignal.timeout(2_000)', 'stop.signal')
      .replace("if (event.kind === 'progress')", '$& stop.abort(),')
      .replace(/^(?=const .* run\()/m, 'const stop = new AbortController();\n')
      .replaceAll(' as const', '')
  );
}

/** A program that `tsc` passes only where it finds each of these mistakes. */
const mistakes = `
import { defineScenario, run, type RunRecord, type Scenario } from 'plimsoll';

const load = { model: 'open', stages: [{ duration: '1s', rate: '10/s' }] } as const;
const target = 'http://127.0.0.1:3000';
export const right: Scenario = defineScenario({ target, load, steps: ['GET /', { think: '1s' }] });
// @ts-expect-error an unknown key
defineScenario({ target, load, steps: ['GET /'], users: 5 });
// @ts-expect-error a duration without its unit
defineScenario({ target, load: { ...load, warmup: '5' }, steps: ['GET /'] });
// @ts-expect-error both steps and journeys
defineScenario({ target, load, steps: ['GET /'], journeys: [{ steps: ['GET /'] }] });
export const coded = defineScenario({
  target,
  load,
  steps: [{
    request: 'GET /',
    prepare(request, user) { request.headers['x-number'] = user.iteration; },
    check: response => ({ small: response.bytes < 1_000 || 'too large' }),
  }],
});
// @ts-expect-error a number is no result of a check
defineScenario({ target, load, steps: [{ request: 'GET /', check: () => 7 }] });
// @ts-expect-error a rate and users
run({ url: target, duration: '1s', rate: '1/s', users: 5 });
// @ts-expect-error an unknown metric
run(right, { budgets: { defaults: { p95th: '1s' } } });
export async function record(): Promise<RunRecord> {
  const result = await run(right, { signal: new AbortController().signal });
  // @ts-expect-error nothing is written to a record
  result.record.schemaVersion = 1;
  return result.record;
}
`;

describe('the packed tarball, installed in an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-package-'));
  const plimsoll = join(folder, 'node_modules', '.bin', 'plimsoll');
  /** Whether the built command was whole, time and again while the package was packed. */
  const seen: boolean[] = [];
  after(() => rmSync(folder, { recursive: true, force: true }));

  before(async () => {
    const bin = join(root, 'dist', 'cli', 'bin.js');
    const watch = setInterval(() => seen.push(existsSync(bin) && readFileSync(bin).length > 0), 2);
    await run('npm', ['pack', '--pack-destination', folder], { cwd: root });
    clearInterval(watch);
    const [tarball = ''] = readdirSync(folder).filter(name => name.endsWith('.tgz'));
    const dependencies = { [manifest.name]: `file:${tarball}` };
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'user', version: '1.0.0', private: true, dependencies }),
    );
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(await lockFor(tarball)));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  });

  test('says that the demo needs a checkout, which it is not', async () => {
    const ended = { code: 2, stderr: /^plimsoll demo: .* \[command\.needs-checkout\]\n/ };
    await assert.rejects(run(plimsoll, ['demo'], { cwd: folder }), ended);
  });

  test('imports a scenario in TypeScript, whose functions make the sample requests', async () => {
    const text = `import { defineScenario } from 'plimsoll';\nexport default defineScenario({ target: 'http://127.0.0.1:9', load: { model: 'closed', users: 1, iterations: 1 as number }, steps: [{ request: 'GET /a', prepare(request) { request.path = '/b'; } }] });\n`;
    writeFileSync(join(folder, 'coded.ts'), text);
    const { stdout, stderr } = await run(plimsoll, ['run', 'coded.ts', '--dry-run'], { cwd: folder });
    assert.match(stdout, /GET \/b HTTP\/1\.1/);
    assert.equal(stderr, '');
  });

  test('holds what runs and what describes it, and neither sources nor tests', () => {
    const installed = join(folder, 'node_modules', manifest.name);
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    for (const file of [
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/bin.js',
      'schema/scenario.json',
      'README.md',
    ]) {
      assert.ok(files.includes(file), file);
    }
    assert.deepEqual(
      files.filter(file => /^(src|test|examples)\b/.test(file)),
      [],
    );
    assert.deepEqual(
      files.filter(file => file.endsWith('.ts')),
      [join('dist', 'index.d.ts')],
    );
  });

  test('brings fewer than 50 packages, with licences that ask for a notice at most, none of which runs a script as it is installed', () => {
    const lock = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
    const { [`node_modules/${manifest.name}`]: own, ...brought } = lock.packages;
    const names = Object.keys(brought);
    assert.equal(own.version, manifest.version);
    assert.ok(names.length > 10 && names.length < 50, names.join(', '));
    assert.ok(!names.includes('node_modules/autocannon'), 'autocannon is for those who ask for it');
    assert.deepEqual(
      names.filter(name => brought[name].hasInstallScript),
      [],
    );
    assert.deepEqual(
      names
        .filter(name => !licences.includes(brought[name].license))
        .map(name => [name, brought[name].license]),
      [],
    );
  });

  test('has a bill of materials that names every package it brings', async () => {
    const { stdout } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx'], { cwd: folder });
    const { bomFormat, components } = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const lock = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
    const brought = Object.entries(lock.packages as { [path: string]: LockEntry }).map(
      ([path, { version }]) =>
        `${path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${version}`,
    );
    assert.equal(bomFormat, 'CycloneDX');
    assert.deepEqual(new Set(components.map(({ name, version }) => `${name} ${version}`)), new Set(brought));
  });

  test('says how to install the second engine where a scenario asks for it', async () => {
    const scenario = `
target: http://127.0.0.1:4010
engine: autocannon
load: { model: closed, stages: [{ duration: 1s, users: 1 }] }
steps: [GET /]
`;
    writeFileSync(join(folder, 'autocannon.yaml'), scenario);
    for (const dry of [[], ['--dry-run']]) {
      await assert.rejects(run(plimsoll, ['run', 'autocannon.yaml', ...dry], { cwd: folder }), {
        code: 2,
        stderr:
          /^autocannon\.yaml, engine: .* \[engine\.not-installed\]\n.*no package autocannon.*\n.*\n.*npm install --save-dev autocannon@9\.0\.0/,
      });
    }
  });

  test('says how to install what signs requests for AWS where a scenario asks for it', async () => {
    const secret = `\${SECRET}`;
    const auth = `aws: { region: r, service: s, accessKeyId: "${secret}", secretAccessKey: "${secret}" }`;
    writeFileSync(
      join(folder, 'aws.yaml'),
      `target: http://127.0.0.1:4010
load: { model: closed, stages: [{ duration: 1s, users: 1 }] }
steps: [{ request: GET /, auth: { ${auth} } }]
`,
    );
    const env = { ...process.env, SECRET: 'secret' };
    await assert.rejects(run(plimsoll, ['run', 'aws.yaml', '--dry-run'], { cwd: folder, env }), {
      code: 2,
      stderr: /^aws: .* \[package\.not-installed\]\n.*no package aws4.*\n.*\n.*npm install --save-dev aws4/,
    });
  });

  test('says how to install what an import of OpenAPI takes, which does not come with it', async () => {
    writeFileSync(join(folder, 'openapi.yaml'), 'openapi: 3.0.0\npaths: { /a: { get: {} } }\n');
    await assert.rejects(run(plimsoll, ['init', '--openapi', 'openapi.yaml'], { cwd: folder }), {
      code: 2,
      stderr:
        /^--openapi: .* \[import\.not-installed\]\n.*no package openapi-sampler.*\n.*npm install --save-dev openapi-sampler/,
    });
    const { stdout } = await run(
      plimsoll,
      ['init', '--curl', 'curl http://127.0.0.1:4010/a', '--name', 'curled'],
      {
        cwd: folder,
      },
    );
    assert.match(stdout, /scenarios\/curled\.yaml: 1 request/);
  });

  test('was packed without taking the build away from those who use it', () => {
    assert.ok(seen.length > 10, `looked ${seen.length} times`);
    assert.ok(
      !seen.includes(false),
      `gone ${seen.filter(isThere => !isThere).length} of ${seen.length} times`,
    );
  });

  test('says its version', async () => {
    const { stdout } = await run(plimsoll, ['--version'], { cwd: folder });
    assert.equal(stdout.trim(), manifest.version);
  });

  test('says how it is used', async () => {
    const { stdout } = await run(plimsoll, ['--help'], { cwd: folder });
    assert.match(stdout, /plimsoll run/);
  });

  test('is a library too, with the names that its index lists', async () => {
    const script = join(folder, 'names.mjs');
    writeFileSync(
      script,
      "import * as plimsoll from 'plimsoll';\nconsole.log(JSON.stringify(Object.keys(plimsoll)));\n",
    );
    const { stdout } = await run(process.execPath, [script], { cwd: folder });
    const { default: _, ...index } = (await import('../../src/index.ts')) as Record<string, unknown>;
    assert.deepEqual(JSON.parse(stdout).sort(), Object.keys(index).sort());
    assert.notEqual(JSON.parse(stdout).length, 0);
  });

  test('has types that a strict program compiles with, as do the examples of docs/api.md', async () => {
    const types = join(folder, 'types');
    mkdirSync(types);
    const sources = { ...examples, 'mistakes.mts': mistakes };
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(types, name), text);
    const compilerOptions = {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      typeRoots: [join(root, 'node_modules', '@types')],
      types: ['node'],
    };
    writeFileSync(join(types, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    const { stdout } = await run(tsc, ['-p', types]).catch((failure: { stdout: string }) => failure);
    assert.equal(stdout, '');
    // A program may have the types of a browser in place of those of Node.
    const plain = { ...compilerOptions, lib: ['ES2023', 'DOM'], types: [] };
    writeFileSync(
      join(types, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: plain, files: ['mistakes.mts'] }),
    );
    const again = await run(tsc, ['-p', types]).catch((failure: { stdout: string }) => failure);
    assert.equal(again.stdout, '');
  });

  describe('runs the example of docs/api.md', () => {
    const servers = [0, 1].map(() =>
      createServer((request, response) => {
        request.resume();
        response.end('{"id":17}');
      }),
    );
    before(async () => {
      for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
    });
    after(() => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    });
    for (const [name, text] of Object.entries(examples)) {
      test(`${name} (${text.match(/import \{ (.*) \} from 'plimsoll'/)?.[1]})`, async () => {
        const ports = servers.map(server => (server.address() as AddressInfo).port);
        const script = join(folder, name.replace('.mts', '.mjs'));
        writeFileSync(script, briefly(text, ports));
        // Its exit code may be that of a verdict, which a busy machine decides.
        const { stderr, stdout } = await run(process.execPath, [script], { cwd: folder }).catch(
          (failure: { stderr: string; stdout: string }) => failure,
        );
        assert.equal(stderr, '');
        assert.notEqual(stdout, '');
      });
    }
  });

  test('loads a server from its worker thread and counts every answer', async t => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    // A busy machine sends late, which tight budgets do not bear.
    writeFileSync(join(folder, 'budgets.json'), JSON.stringify(looseBudgets));
    const load = [
      '--url',
      `http://127.0.0.1:${port}/`,
      '--rate',
      '20/s',
      '--duration',
      '2s',
      '--retries',
      '3',
    ];
    const { stdout } = await run(plimsoll, ['run', ...load, '--json', '-', '--quiet'], { cwd: folder });
    const summary = JSON.parse(stdout);
    assert.equal(summary.exitCode, 0);
    const { requests, ok, errors } = summary.runs[0].total;
    assert.deepEqual({ requests, ok, errors }, { requests: 40, ok: 40, errors: 0 });
  });
});
