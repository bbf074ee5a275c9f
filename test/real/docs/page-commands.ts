import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from '../../../src/cli/main.ts';
import { pages } from './pages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A comment that says what the code block after it is, and that block. */
const marked = /<!-- (file|output): (.+?) -->\n\n```(\w*)\n([\s\S]*?)```\n/g;

/**
 * A page with the output of every command written anew. `<!-- file: NAME -->` above a code block makes it a file, and
 * `<!-- output: plimsoll … -->` above one makes it what that command prints. Both happen in the order of the page.
 */
export async function withOutputs(text: string): Promise<string> {
  return await inProject(async folder => {
    let [written, at] = ['', 0];
    for (const { 0: whole, 1: kind, 2: what = '', 3: language, 4: code = '', index } of text.matchAll(
      marked,
    )) {
      const content = kind === 'file' ? code : (await outputOf(what, folder)).printed;
      if (kind === 'file') {
        const file = join(folder, what);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, code);
      }
      written += `${text.slice(at, index)}<!-- ${kind}: ${what} -->\n\n\`\`\`${language}\n${content}\`\`\`\n`;
      at = index + whole.length;
    }
    return written + text.slice(at);
  });
}

/** What Plimsoll has against the scenarios and budgets files that a page shows, marked or not. */
export async function mistakesIn(text: string): Promise<readonly string[]> {
  return await inProject(async folder => {
    const mistakes: string[] = [];
    const check = async (file: string, code: string, command: string) => {
      writeFileSync(join(folder, file), code);
      const { code: exitCode, printed } = await outputOf(command, folder);
      if (exitCode === 2) mistakes.push(printed);
    };
    for (const [, language, code = ''] of text.matchAll(/```(yaml|json)\n([\s\S]*?)```/g)) {
      if (language === 'yaml' && /^target:/m.test(code)) {
        await check('scenarios/shown.yaml', code, 'plimsoll run scenarios/shown.yaml --dry-run');
      } else if (/^ {2}"(?:defaults|scenarios|regression)"/m.test(code)) {
        const judge = 'plimsoll judge reports/sample/record.json --budgets';
        await check('shown.json', code, `${judge} shown.json`);
      }
    }
    return mistakes;
  });
}

/** Acts in a folder that holds this repository's scenarios, budgets and sample record, and is removed afterwards. */
async function inProject<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-page-'));
  try {
    for (const name of ['scenarios', 'budgets.json', 'reports/sample']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a command ends in a folder, and what it prints on both of its streams. */
async function outputOf(
  command: string,
  cwd: string,
): Promise<{ readonly code: number; readonly printed: string }> {
  const [name, ...argv] = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  if (name !== 'plimsoll') throw new Error(`not a command of Plimsoll: ${command}`);
  let printed = '';
  const stream = {
    write: (text: string) => {
      printed += text;
    },
    isTTY: false,
    columns: undefined,
  };
  const interrupt = new AbortController().signal;
  const stdin = () => Readable.from([]);
  const code = await main({ argv, cwd, env: {}, stdin, stdout: stream, stderr: stream, interrupt });
  return { code, printed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { path } of pages()) {
    const file = join(root, path);
    writeFileSync(file, await withOutputs(readFileSync(file, 'utf8')));
  }
}
