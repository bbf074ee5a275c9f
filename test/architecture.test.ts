import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { slowExpressions } from './architecture/expressions.ts';
import { importViolations } from './architecture/imports.ts';
import { sourceOfProject } from './architecture/project.ts';
import { roomViolations } from './architecture/room-rules.ts';
import { withRoomTable } from './architecture/room-table.ts';
import { mostFiles } from './architecture/rooms.ts';
import { readSource, type SourceFile } from './architecture/source.ts';
import {
  ambiguousNames,
  exportViolations,
  lengthViolations,
  nameViolations,
  phraseViolations,
} from './architecture/style.ts';

/** Files over 250 lines, each with the reason why it is one piece. */
const longFiles: { readonly [path: string]: string } = {
  'src/model/run/scenario.ts': 'the types of a scenario refer to each other',
  'src/engine/loop/load-loop.ts': 'the life of a request, from due to settled, is one story',
  'src/model/error-table.ts': 'one table of every error that a person can meet',
  'src/store/records/record-schema.ts': 'what a record holds is one list, in the order in which it holds it',
};

/** Folders that read scenarios, budgets and arguments: what the user wrote, and no target. */
const readsOwnText = ['src/config/', 'src/cli/'];

describe('the source', () => {
  const files = sourceOfProject();

  test('is found', () => {
    assert.ok(
      files.some(({ path }) => path === 'src/model/run/record.ts'),
      'the record is a source file',
    );
  });
  test('imports downward only', () => {
    assert.deepEqual(importViolations(files), []);
  });
  test('lies in rooms that can be looked through', () => {
    assert.deepEqual(roomViolations(files), []);
  });
  test('is described room by room in ARCHITECTURE.md (npm run rooms writes the table)', () => {
    const text = readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8');
    assert.equal(text, withRoomTable(text));
  });
  test('names every file after what it holds', () => {
    assert.deepEqual(nameViolations(files), []);
  });
  test('has a doc sentence above every export', () => {
    assert.deepEqual(exportViolations(files), []);
  });
  test('makes no English in the judge', () => {
    assert.deepEqual(phraseViolations(files, 'judge'), []);
  });
  test('gives every exported name one meaning', () => {
    assert.deepEqual(ambiguousNames(files), []);
  });
  test('reads what others sent with no expression that takes more than linear time', () => {
    assert.deepEqual(slowExpressions(files, readsOwnText), []);
  });
  test('would not pass with an expression that tries one text from many places', () => {
    const files = parse({ 'src/safety/a.ts': 'const a = /x+y/;', 'src/config/a.ts': 'const a = /x+y/;' });
    assert.match(slowExpressions(files, readsOwnText).join(), /^src\/safety\/a.ts:1 [^,]+$/);
  });
  test('keeps files short', () => {
    assert.deepEqual(lengthViolations(files, longFiles), []);
  });
});

describe('the tests in pure/', () => {
  const folder = new URL('pure/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  );
  const real =
    /from '(?:node:(?:child_process|dgram|dns|http|https|net|os|tls|worker_threads)\b[^']*|[^']*\/target\/[^']*)'/g;

  test('are found', () => {
    assert.ok(files.length > 30, `${files.length} files`);
  });
  test('open no socket, start no process and make no temporary folder', () => {
    const found = files.flatMap(file =>
      (readFileSync(new URL(file, folder), 'utf8').match(real) ?? []).map(name => `${file}: ${name}`),
    );
    assert.deepEqual(found, []);
  });
});

/** A small source tree that breaks no rule. */
const lawful = {
  'src/model/units.ts': '/** A duration. */\nexport type Millis = number;\n',
  'src/stats/histogram.ts':
    "import * as hdr from 'hdr-histogram-js';\nimport type { Millis } from '../model/units.ts';\n",
  'src/stats/interval.ts': "import { deflate } from 'node:zlib';\n",
  'src/config/schema.ts': "import * as z from 'zod';\n",
  'src/code/module.ts': 'const user = (path: string) => import(path);\n',
  'src/engine/worker.ts': "import { parentPort } from 'node:worker_threads';\n",
  'src/engine/host.ts':
    "import { Worker } from 'node:worker_threads';\nnew Worker(new URL('./worker.js', import.meta.url));\n",
  'src/launch/process.ts': "import { spawn } from 'node:child_process';\n",
  'src/judge/judge.ts': "import '../stats/interval.ts';\n",
  'src/store/record.ts': "import * as z from 'zod';\nimport { simpleGit } from 'simple-git';\n",
  'src/report/summary.ts': "import * as z from 'zod';\n",
  'src/pipeline/run.ts': "import '../engine/host.ts';\nimport '../judge/judge.ts';\n",
  'src/index.ts':
    "export { run } from './pipeline/run.ts';\nexport type { Millis } from './model/units.ts';\n",
  'src/app.ts': "export { run } from './pipeline/run.ts';\n",
  'src/cli/bin.ts': "import yargs from 'yargs';\nimport { run } from '../app.ts';\nimport './run.ts';\n",
  'src/cli/run.ts': "new URL('../../scenarios/demo.yaml', import.meta.url);\n",
};

function parse(tree: { readonly [path: string]: string }): readonly SourceFile[] {
  return Object.entries(tree).map(([path, text]) => readSource(path, text));
}

describe('the import checker', () => {
  test('finds nothing in a lawful tree', () => {
    assert.deepEqual(importViolations(parse(lawful)), []);
  });

  const unlawful: readonly (readonly [what: string, path: string, text: string, expected: RegExp])[] = [
    ['an import upward', 'src/model/a.ts', "import '../stats/interval.ts';", /model must not import stats/],
    [
      'a sibling',
      'src/engine/a.ts',
      "import { z } from '../config/schema.ts';",
      /engine must not import config/,
    ],
    [
      'a type-only import',
      'src/judge/a.ts',
      "import type { A } from '../store/record.ts';",
      /judge must not import store/,
    ],
    [
      'an inline type import',
      'src/judge/a.ts',
      "import { type A } from '../store/record.ts';",
      /must not import store/,
    ],
    [
      'an import type',
      'src/judge/a.ts',
      "type A = import('../store/record.ts').A;",
      /judge must not import store/,
    ],
    [
      'a dynamic import',
      'src/report/a.ts',
      "await import('../judge/judge.ts');",
      /report must not import judge/,
    ],
    [
      'a dynamic import deep in code',
      'src/report/a.ts',
      'const f = async () => { if (1) return [await import(`../judge/judge.ts`)]; };',
      /report must not import judge/,
    ],
    [
      'a re-export',
      'src/launch/a.ts',
      "export { A } from '../engine/host.ts';",
      /launch must not import engine/,
    ],
    [
      'a type re-export',
      'src/launch/a.ts',
      "export type { A } from '../engine/host.ts';",
      /must not import engine/,
    ],
    [
      'a star export',
      'src/launch/a.ts',
      "export * from '../engine/host.ts';",
      /launch must not import engine/,
    ],
    [
      'a URL',
      'src/launch/a.ts',
      "new URL('../engine/host.js', import.meta.url);",
      /launch must not import engine/,
    ],
    [
      'either URL of a choice',
      'src/store/a.ts',
      "new URL(x ? './record.ts' : '../engine/host.ts', import.meta.url);",
      /store must not import engine/,
    ],
    [
      'a URL held in a constant',
      'src/store/a.ts',
      "const x = y ? './record.ts' : '../engine/host.ts'; new URL(x, import.meta.url);",
      /store must not import engine/,
    ],
    [
      'a URL with a computed end',
      'src/store/a.ts',
      `new URL(\`../engine/host.\${x}\`, import.meta.url);`,
      /store must not import engine/,
    ],
    ['a computed URL', 'src/store/a.ts', 'new URL(x, import.meta.url);', /cannot be checked/],
    [
      'a computed import outside config and engine',
      'src/store/a.ts',
      'await import(x);',
      /cannot be checked/,
    ],
    [
      'a resolved path',
      'src/store/a.ts',
      "import.meta.resolve('../engine/host.ts');",
      /store must not import engine/,
    ],
    ['a required module', 'src/store/a.ts', "require('../engine/host.ts');", /store must not import engine/],
    [
      'an import assignment',
      'src/store/a.ts',
      "import e = require('../engine/host.ts');",
      /must not import engine/,
    ],
    [
      'the cli reaching below the index',
      'src/cli/a.ts',
      "import '../pipeline/run.ts';",
      /cli must not import pipeline/,
    ],
    [
      'the pipeline reaching up',
      'src/pipeline/a.ts',
      "import '../index.ts';",
      /pipeline must not import index/,
    ],
    ['an action using the cli', 'src/action/a.ts', "import '../cli/bin.ts';", /action must not import cli/],
    ['a folder that is no layer', 'src/shared/a.ts', "import '../model/units.ts';", /lies in no layer/],
    [
      'an import of a folder that is no layer',
      'src/cli/a.ts',
      "import '../shared/a.ts';",
      /must not import outside/,
    ],
    ['an import from outside src', 'src/cli/a.ts', "import '../../test/run.ts';", /outside src/],
    [
      'a file that does not exist',
      'src/cli/a.ts',
      "new URL('./gone.js', import.meta.url);",
      /does not exist/,
    ],
    ['a missing extension', 'src/cli/a.ts', "import './bin.js';", /without its \.ts extension/],
    [
      'hdr-histogram-js elsewhere',
      'src/stats/a.ts',
      "import 'hdr-histogram-js';",
      /for src\/stats\/histogram\.ts only/,
    ],
    [
      'hdr-histogram-js by a deep path',
      'src/engine/a.ts',
      "import 'hdr-histogram-js/dist/x.js';",
      /histogram\.ts only/,
    ],
    ['simple-git elsewhere', 'src/pipeline/a.ts', "import type { A } from 'simple-git';", /for store only/],
    ['autocannon elsewhere', 'src/launch/a.ts', "import 'autocannon';", /for engine only/],
    [
      'threads elsewhere',
      'src/stats/a.ts',
      "import { Worker } from 'node:worker_threads';",
      /for code, engine only/,
    ],
    ['threads without the node: prefix', 'src/cli/a.ts', "import 'worker_threads';", /for code, engine only/],
    [
      'child processes in the cli',
      'src/cli/a.ts',
      "import { spawn } from 'node:child_process';",
      /for launch only/,
    ],
    [
      'child processes in the store',
      'src/store/a.ts',
      "import { spawn } from 'child_process';",
      /for launch only/,
    ],
    [
      'zod in the model',
      'src/model/a.ts',
      "import type * as z from 'zod';",
      /for config, store, report only/,
    ],
    ['yargs elsewhere', 'src/config/a.ts', "import 'yargs/helpers';", /for cli only/],
    ['a file system in the judge', 'src/judge/a.ts', "import 'node:fs/promises';", /judge is pure/],
    [
      'words in the judge',
      'src/judge/a.ts',
      "import '../words/quantity-text.ts';",
      /judge must not import words/,
    ],
    ['a network in the report', 'src/report/a.ts', "import 'node:net';", /report is pure/],
    ['a builtin in the model', 'src/model/a.ts', "import 'node:util';", /model is pure/],
    ['a package in the judge', 'src/judge/a.ts', "import 'ajv';", /judge is pure/],
    ['a subpath import', 'src/cli/a.ts', "import '#engine';", /only relative paths/],
    ['a data URL', 'src/cli/a.ts', "await import('data:text/javascript,1');", /only relative paths/],
  ];
  for (const [what, path, text, expected] of unlawful) {
    test(`finds ${what}`, () => {
      const found = importViolations(parse({ ...lawful, [path]: text }));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', expected);
      assert.ok(found[0]?.startsWith(`${path}:1 `), found[0]);
    });
  }

  const between: readonly (readonly [what: string, path: string, text: string, expected: RegExp])[] = [
    [
      'a room that reaches up',
      'src/engine/request/a.ts',
      "import '../loop/b.ts';",
      /engine\/request must not import engine\/loop/,
    ],
    [
      'rooms of one group that meet',
      'src/engine/schedule/a.ts',
      "import '../transport/http1/b.ts';",
      /engine\/schedule must not import engine\/transport\/http1/,
    ],
    [
      "a room that reaches into its layer's own folder",
      'src/judge/duet/a.ts',
      "import '../judge.ts';",
      /judge\/duet must not import judge\/\./,
    ],
  ];
  for (const [what, path, text, expected] of between) {
    test(`finds ${what}`, () => {
      const rooms = { 'src/engine/loop/b.ts': '', 'src/engine/transport/http1/b.ts': '' };
      const found = importViolations(parse({ ...lawful, ...rooms, [path]: text }));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', expected);
    });
  }
  test('finds a file in no room, and a room with too many files', () => {
    const many = Array.from({ length: mostFiles + 1 }, (_, index) => [`src/words/a${index}.ts`, '']);
    const found = roomViolations(parse({ ...Object.fromEntries(many), 'src/engine/shed/a.ts': '' }));
    assert.deepEqual(found, [
      'src/engine/shed/a.ts lies in no room of test/architecture/rooms.ts',
      `words holds ${mostFiles + 1} files, more than ${mostFiles}`,
    ]);
  });

  test('finds a cycle between files, through types too', () => {
    const tree = {
      'src/engine/a.ts': "import './b.ts';\n",
      'src/engine/b.ts': "import type { C } from './c.ts';\n",
      'src/engine/c.ts': "new URL('./a.js', import.meta.url);\n",
    };
    assert.deepEqual(importViolations(parse(tree)), [
      'a cycle: src/engine/a.ts → src/engine/b.ts → src/engine/c.ts → src/engine/a.ts',
    ]);
  });
  test('finds a file that imports itself', () => {
    const found = importViolations(parse({ 'src/engine/a.ts': "import './a.ts';\n" }));
    assert.deepEqual(found, ['a cycle: src/engine/a.ts → src/engine/a.ts']);
  });
});

describe('the style checker', () => {
  test('finds files and folders with empty names', () => {
    const paths = ['src/cli/utils.ts', 'src/helpers/a.ts', 'src/cli/run-manager.ts', 'src/cli/manage.ts'];
    const found = nameViolations(parse(Object.fromEntries(paths.map(path => [path, '']))));
    assert.deepEqual(
      found.map(violation => violation.split(' ')[0]),
      ['src/cli/utils.ts', 'src/helpers/a.ts', 'src/cli/run-manager.ts'],
    );
  });
  test('finds a name that two files export', () => {
    const exported = '/** A name. */\nexport const twice = 1;\n';
    const found = ambiguousNames(parse({ 'src/cli/a.ts': exported, 'src/cli/b.ts': exported }));
    assert.deepEqual(found, ['twice is exported by src/cli/a.ts and src/cli/b.ts']);
  });
  test('finds long files without a reason, and reasons without a long file', () => {
    const files = parse({
      'src/cli/a.ts': '1;\n'.repeat(251),
      'src/cli/b.ts': '1;\n'.repeat(250),
    });
    assert.match(
      lengthViolations(files, {}).join(),
      /^src\/cli\/a\.ts has 251 lines[^,]*, more than 250[^/]*$/,
    );
    assert.deepEqual(lengthViolations(files, { 'src/cli/a.ts': 'a table' }), []);
    assert.match(
      lengthViolations(files, { 'src/cli/a.ts': 'a', 'src/cli/b.ts': 'b' }).join(),
      /b\.ts is listed/,
    );
  });

  test('finds English of two words, or of one beside what a template puts in', () => {
    const phrases = ["'no data'", "'so, firm'", `\`\${a} rose\``, `\`rose \${a}\``, `\`no data: \${a}\``];
    const found = phraseViolations(
      parse(Object.fromEntries(phrases.map((text, index) => [`src/judge/a${index}.ts`, `f(${text});`]))),
      'judge',
    );
    assert.equal(found.length, phrases.length, found.join('\n'));
    assert.match(found[0] ?? '', /^src\/judge\/a0\.ts:1 judge makes English: "no data"$/);
    const plain = ["'pass'", "'service.p95'", `\`\${a} \${b}\``, `\`\${a}.\${b}\``, "'stage-2'", '/no data/'];
    const others = { 'src/judge/a.ts': `f(${plain.join(', ')});`, 'src/report/a.ts': "f('no data');" };
    assert.deepEqual(phraseViolations(parse(others), 'judge'), []);
  });

  const documented = [
    '/** A name. */\nexport const a = 1;',
    '/**\n * A function.\n * Throws.\n */\nexport async function f(): Promise<void> {}',
    '/** Either. */\nexport function g(a: 1): 1;\nexport function g(a: 2): 2;\nexport function g(a: 1 | 2) { return a; }',
    '/** A choice. */\n// biome-ignore lint: a reason\nexport type T = 1;',
    '/** A shape. */\ninterface S {}\nexport type { S };',
    "export { a } from './b.ts';",
  ];
  for (const text of documented) {
    test(`accepts ${JSON.stringify(text)}`, () => {
      assert.deepEqual(exportViolations(parse({ 'src/cli/a.ts': text })), []);
    });
  }

  const undocumented: readonly (readonly [text: string, expected: RegExp])[] = [
    ['export const a = 1;', /:1 a has no doc comment/],
    ['/** A. */\nconst b = 1;\nexport const a = 1;', /:3 a has no doc comment/],
    ['/** A. */\n\nexport const a = 1;', /:3 a has no doc comment/],
    ['// A.\nexport interface A {}', /:2 A has no doc comment/],
    ['/* A. */\nexport class A {}', /:2 A has no doc comment/],
    ['/** the a */\nexport type A = 1;', /doc comment of A is no sentence/],
    ['/** */\nexport type A = 1;', /doc comment of A is no sentence/],
    ['const a = 1;\nexport { a };', /:1 a has no doc comment/],
    ['/** A. */\nexport default 1;', /:2 exports a default/],
    ['export const = 1;', /cannot be parsed/],
  ];
  for (const [text, expected] of undocumented) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.match(exportViolations(parse({ 'src/cli/a.ts': text })).join('\n'), expected);
    });
  }

  test('finds logic and star exports in the public index', () => {
    const index = "export { a } from './pipeline/a.ts';\nexport * from './model/b.ts';\nconsole.log(1);\n";
    const found = exportViolations(parse({ 'src/index.ts': index }));
    assert.deepEqual(
      found.map(violation => violation.split(' ')[0]),
      ['src/index.ts:2', 'src/index.ts:3'],
    );
  });
});
