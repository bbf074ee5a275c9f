import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type { ModuleFile } from '../model/code/user-module.ts';

const require = createRequire(import.meta.url);

/** What the hooks tell of a module as it is loaded. */
export type ModuleNews =
  | { readonly kind: 'file'; readonly file: ModuleFile }
  | {
      readonly kind: 'syntax';
      readonly url: string;
      readonly line: number;
      readonly column: number;
      readonly fault: string;
    };

/** What the hooks are given: files that were read before, and whom they tell of others. */
export interface HookTerms {
  readonly files: readonly ModuleFile[];
  readonly tell: (news: ModuleNews) => void;
}

let known: ReadonlyMap<string, ModuleFile> = new Map();
let tell: (news: ModuleNews) => void = () => {};

/** Prepares the hooks of this thread. */
export function prepareHooks(terms: HookTerms): void {
  known = new Map(terms.files.map(file => [file.url, file]));
  tell = terms.tell;
}

/** Prepares them in the thread that Node runs hooks in before version 22.15. */
export function initialize({
  files,
  port,
}: {
  readonly files: readonly ModuleFile[];
  readonly port: MessagePort;
}): void {
  prepareHooks({ files, tell: news => port.postMessage(news) });
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

/** A module of its own: whoever runs a scenario has Plimsoll, wherever that is installed. */
const ownName = 'plimsoll';
const ownUrl = 'plimsoll:scenario';
const ownScript = 'export const defineScenario = scenario => scenario;\n';

const endings = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];

/** Finds what a module of the user imports: the name of Plimsoll itself, and relative paths also without their ending. */
export function resolve<Result>(
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: ResolveContext) => Result,
): Result | { url: string; shortCircuit: true } {
  const { parentURL } = context;
  if (specifier === ownName) return { url: ownUrl, shortCircuit: true };
  if (parentURL === undefined || !isUserFile(parentURL) || !/^\.{1,2}\//.test(specifier))
    return next(specifier, context);
  const url = new URL(specifier, parentURL).href;
  const [path = '', rest = ''] = url.split(/(?=[?#])/, 2);
  // TypeScript lets `./a.js` stand for the file a.ts.
  const written = path.replace(/\.([mc]?)js$/, '.$1ts');
  const found = [path, written, ...endings.map(ending => path + ending)].find(isFile);
  return found === undefined ? next(specifier, context) : { url: found + rest, shortCircuit: true };
}

/** Reads the files of the user, and makes JavaScript of TypeScript; all others are read as Node does. */
export function load<Context, Result>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => Result,
): Result | { format: 'module'; source: string; shortCircuit: true } {
  if (url === ownUrl) return { format: 'module', source: ownScript, shortCircuit: true };
  if (!isUserFile(url)) return next(url, context);
  const file = known.get(url) ?? read(url);
  if (file.script === null) return next(url, context);
  return { format: 'module', source: file.script, shortCircuit: true };
}

const isTypeScript = (url: string) => /\.m?ts$/.test(new URL(url).pathname);

function read(url: string): ModuleFile {
  const text = readFileSync(fileURLToPath(url), 'utf8').replace(/^\uFEFF/, '');
  const script = isTypeScript(url) ? stripped(text, url) : isModule(url, text) ? text : null;
  const file: ModuleFile = { url, text, script };
  tell({ kind: 'file', file });
  return file;
}

const moduleSyntax =
  /^[ \t]*(?:import\s*[\w{*'"]|export\s*(?:[{*]|default\b|(?:async|class|const|function|let|var)\b))/m;

/** Node would warn of a module in a folder whose package.json does not say `"type": "module"`. */
function isModule(url: string, text: string): boolean {
  return url.endsWith('.mjs') || (url.endsWith('.js') && moduleSyntax.test(text));
}

/** Puts blanks in place of types, so that every place in the file stays what it is. */
function stripped(text: string, url: string): string {
  const { transformSync } = require('@swc/wasm-typescript') as typeof import('@swc/wasm-typescript');
  try {
    return transformSync(text, { mode: 'strip-only', module: true, filename: url }).code;
  } catch (error) {
    const {
      message = String(error),
      startLine = 1,
      startColumn = 0,
    } = error as {
      readonly message?: string;
      readonly startLine?: number;
      readonly startColumn?: number;
    };
    tell({ kind: 'file', file: { url, text, script: null } });
    tell({ kind: 'syntax', url, line: startLine, column: startColumn + 1, fault: message });
    throw new SyntaxError(message);
  }
}

/** Whether a URL is that of a file of the user: what is installed is code like any other. */
function isUserFile(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/');
}

function isFile(url: string): boolean {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() === true;
}
