import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, errorTable } from '../../../src/model/error-table.ts';
import { commandErrors } from './command-errors.ts';
import { type Provocation, provoke, toldOf } from './provocation.ts';
import { scenarioErrors } from './scenario-errors.ts';
import { storedErrors } from './stored-errors.ts';

/** `UPDATE_GOLDEN=1` writes the examples anew: read the difference before it is kept. */
const isUpdate = process.env.UPDATE_GOLDEN === '1';

const page = new URL('../../../docs/errors.md', import.meta.url);
const codes = Object.keys(errorTable) as readonly ErrorCode[];

const provocations: { readonly [code in ErrorCode]?: Provocation } = {
  ...scenarioErrors,
  ...commandErrors,
  ...storedErrors,
};

/** What takes more than a folder and a command: where else it is provoked, or why it is not. */
const elsewhere: { readonly [code in ErrorCode]?: string } = {
  'setup.failed': 'test/real/cli/setup.test.ts',
  'teardown.failed': 'test/real/cli/setup.test.ts',
  'delivery.failed': 'test/real/deliver/deliveries.test.ts',
  'module.hung': 'needs a function that runs for ten seconds',
  'command.needs-checkout': 'test/e2e/package.test.ts',
  'engine.not-installed': 'test/e2e/package.test.ts',
  'import.not-installed': 'test/e2e/package.test.ts',
  'auth.token-failed': 'test/real/engine/auth.test.ts',
  'package.not-installed': 'test/e2e/package.test.ts',
  'calibration.broken-off': 'test/e2e/calibrate.test.ts',
  'folder.not-removed': 'test/real/store/folder-removal.test.ts',
  'store.busy': 'needs other processes that write all the time',
  'process.not-ended': 'needs a process that outlives SIGKILL',
};

/** Errors in which git or this machine speaks: what was found differs from one to the other. */
const foundVaries: readonly ErrorCode[] = [
  'target.unresolved',
  'store.push-failed',
  'store.fetch-failed',
  'store.git-failed',
];

const withoutFound = (code: ErrorCode, told: string) =>
  foundVaries.includes(code) ? told.replace(/\n {2}found .*/, '') : told;

/** The paragraph of a code: from its heading to the next one. */
function paragraphOf(code: ErrorCode, text: string): string {
  const [, paragraph] = text.split(`\n### ${code} <a id="${code}"></a>\n`);
  assert.ok(paragraph !== undefined, `docs/errors.md has no paragraph on ${code}`);
  return paragraph.split(/\n##+ /)[0] ?? '';
}

const exampleIn = /```text\n(.*?)\n```/s;

describe('an error', () => {
  for (const [code, provocation] of Object.entries(provocations) as [ErrorCode, Provocation][]) {
    test(`${code} is told as docs/errors.md shows it`, async () => {
      const { code: exitCode, stderr } = await provoke(provocation);
      const told = toldOf(code, stderr);
      assert.ok(told !== undefined, `no ${code} in: ${stderr}`);
      assert.equal(exitCode, errorTable[code].exitCode, stderr);
      const text = readFileSync(page, 'utf8');
      const paragraph = paragraphOf(code, text);
      const [, example = ''] = exampleIn.exec(paragraph) ?? [];
      if (withoutFound(code, told) !== withoutFound(code, example) && isUpdate) {
        const anew = paragraph.replace(exampleIn, () => `\`\`\`text\n${told}\n\`\`\``);
        writeFileSync(
          page,
          text.replace(paragraph, () => anew),
        );
        return;
      }
      assert.equal(withoutFound(code, told), withoutFound(code, example));
    });
  }

  test('is provoked here, or somewhere else, or cannot be', () => {
    assert.deepEqual([...Object.keys(provocations), ...Object.keys(elsewhere)].sort(), [...codes].sort());
    for (const [code, file] of Object.entries(elsewhere)) {
      if (!file.startsWith('test/')) continue;
      const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').replaceAll('\\', '');
      assert.ok(text.includes(code), `${file} does not name ${code}`);
    }
  });

  test('has its paragraph in docs/errors.md, in the order of the table', () => {
    const headings = readFileSync(page, 'utf8').match(/^### .*$/gm) ?? [];
    assert.deepEqual(
      headings,
      codes.map(code => `### ${code} <a id="${code}"></a>`),
    );
  });

  test('is used in the source', () => {
    const folder = fileURLToPath(new URL('../../../src', import.meta.url));
    const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.endsWith('error-table.ts'))
      .map(name => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    assert.deepEqual(
      codes.filter(code => !source.includes(`'${code}'`)),
      [],
    );
  });

  test('has a family and a name in lower case', () => {
    for (const code of codes) assert.match(code, /^[a-z]+\.[a-z]+(?:-[a-z]+)*$/);
  });
});
