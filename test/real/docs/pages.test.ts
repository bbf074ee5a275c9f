import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { schemaDocuments } from '../../../schema/generate.ts';
import { withOutputs } from './page.ts';
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

  test('and the schemas use no archaic words', () => {
    const texts = [
      ...pages().map(page => [page.path, proseOf(page)] as const),
      ...Object.entries(schemaDocuments()).map(([file, text]) => [`schema/${file}`, text] as const),
    ];
    const found = texts.flatMap(([path, text]) =>
      [...text.matchAll(archaic)].map(([word]) => `${path}: ${word.replaceAll(/\s+/g, ' ')}`),
    );
    assert.deepEqual(found, []);
  });
});

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
