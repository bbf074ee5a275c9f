import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { schemaDocuments } from '../../../schema/generate.ts';
import { mistakesIn, withOutputs } from './page-commands.ts';
import { pages, proseOf } from './pages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const exists = (path: string) => existsSync(join(root, path));

describe('the pages', () => {
  for (const { path, text } of pages()) {
    if (!text.includes('<!-- output: ')) continue;
    test(`${path} shows what its commands print (npm run pages writes it)`, async () => {
      assert.equal(text, await withOutputs(text));
    });
  }

  test('show scenarios and budgets that Plimsoll accepts', async () => {
    const mistakes = await Promise.all(
      pages().map(async ({ path, text }) => [path, await mistakesIn(text)] as const),
    );
    const found = mistakes.flatMap(([path, each]) => each.map(mistake => `${path}: ${mistake}`));
    // The page on scenarios shows one mistake, and what Plimsoll says to it.
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', /^docs\/scenarios.md: .*\n {2}found {5}100 \(a number\)/);
  });

  test('link to files and headings that exist', () => {
    const broken = pages({ measured: true }).flatMap(page =>
      [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = '']) => link)
        .filter(link => !/^[a-z]+:/.test(link) && !leads(page.path, link))
        .map(link => `${page.path}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  test('name files of the repository that exist', () => {
    const missing = pages().flatMap(page =>
      [...proseOf(page).matchAll(/`([^`\s]+)`/g)]
        .map(([, name = '']) => name)
        .filter(name => isRepositoryPath(name) && !exists(name) && !exists(`src/${name}`))
        .map(name => `${page.path}: ${name}`),
    );
    assert.deepEqual(missing, []);
  });

  test('name types that exist', () => {
    const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => readFileSync(join(root, 'src', name), 'utf8'))
      .join('\n');
    const [architecture] = pages().filter(({ path }) => path === 'ARCHITECTURE.md');
    assert.ok(architecture, 'there is a page on the architecture');
    const named = [...proseOf(architecture).matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`/g)].map(
      ([, name = '']) => name,
    );
    assert.ok(named.length > 10, 'the page names types');
    const missing = named.filter(name => !new RegExp(`(?:class|interface|type) ${name}\\b`).test(source));
    assert.deepEqual(missing, []);
  });

  test('are found from the table of contents', () => {
    const contents = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const listed = [...contents.matchAll(/\]\(([\w/-]+\.md)\)/g)].map(([, link]) => `docs/${link}`);
    const unlisted = pages({ measured: true })
      .map(({ path }) => path)
      .filter(path => path.startsWith('docs/') && path !== 'docs/README.md' && !listed.includes(path));
    assert.deepEqual(unlisted, []);
  });

  test('use no archaic words, nor do the schemas and the help of the commands', () => {
    const help = helpOf(commands);
    assert.ok(
      help.includes('plimsoll baseline prune') && help.includes('--every-branch'),
      'the help was printed',
    );
    const texts = [
      ['the help of the commands', help] as const,
      ...pages().map(page => [page.path, proseOf(page)] as const),
      ...Object.entries(schemaDocuments()).map(([file, text]) => [`schema/${file}`, text] as const),
    ];
    const found = texts.flatMap(([path, text]) =>
      [...text.matchAll(archaic)].map(([word]) => `${path}: ${word.replaceAll(/\s+/g, ' ')}`),
    );
    assert.deepEqual(found, []);
  });
});

const commands = [
  'run',
  'judge',
  'report',
  'duet',
  'calibrate',
  'compare',
  'baseline',
  'history',
  'demo',
  'init',
]
  .concat(['save', 'list', 'show', 'prune', 'push', 'pull'].map(name => `baseline ${name}`))
  .map(name => [...name.split(' '), '--help']);

/** What commands print: yargs writes help to the console, so another process runs them all. */
function helpOf(commandLines: readonly (readonly string[])[]): string {
  const script = `import { main } from './src/cli/main.ts';
    const stream = { write() {}, isTTY: false, columns: 100 };
    const interrupt = new AbortController().signal;
    for (const argv of ${JSON.stringify(commandLines)})
      await main({ argv, cwd: '.', env: {}, stdout: stream, stderr: stream, interrupt });`;
  const args = ['--import=tsx', '--input-type=module', '--eval', script];
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

const archaic =
  /\b(borne|thereof|whereof|whereby|herein|hereby|be it|is\s+none|are\s+told|is\s+told|by\s+how\s+often|of\s+which)\b/gi;

/** Folders whose files a page may name; layers of `src/` may leave out the `src/`. */
const folders = ['.github', 'bench', 'docs', 'examples', 'schema', 'src', 'test'];
const layers = readdirSync(join(root, 'src')).filter(name => statSync(join(root, 'src', name)).isDirectory());

/** Whether text in backticks means a file or folder of the repository, rather than one of the reader's own. */
function isRepositoryPath(name: string): boolean {
  if (!/^[\w.-]+(\/[\w.-]+)+\/?$/.test(name) && !/^[\w.-]+\/$/.test(name)) return false;
  const [first = ''] = name.split('/');
  return [...folders, ...layers].includes(first) || name.startsWith('reports/sample');
}

/** Whether a link in a page leads to a file, and to a heading in it where it names one. */
function leads(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? from : normalize(join(dirname(from), path));
  if (!exists(file)) return false;
  if (anchor === undefined) return true;
  const headings = [...readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.+)$/gm)];
  return headings.some(([, heading = '']) => anchorOf(heading) === anchor);
}

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
