import { parentPort, workerData } from 'node:worker_threads';
import type { ModuleFile } from '../model/code/user-module.ts';
import { type ExportedValue, exportedValue } from './exported-value.ts';
import { importModule } from './import-module.ts';
import { type CodePlace, type Thrown, thrownBy } from './thrown.ts';

/** What came of importing a module, and the files that were read for it. */
export interface ModuleReport {
  readonly files: readonly ModuleFile[];
  readonly result:
    | { readonly kind: 'scenario'; readonly exported: ExportedValue }
    | { readonly kind: 'syntax'; readonly fault: string; readonly at: CodePlace | null }
    | { readonly kind: 'notFound'; readonly fault: string; readonly at: CodePlace | null }
    | ({ readonly kind: 'threw' } & Thrown)
    | { readonly kind: 'noDefault'; readonly names: readonly string[] }
    | { readonly kind: 'noScenario'; readonly what: string };
}

const { entry } = workerData as { readonly entry: string };
const files: ModuleFile[] = [];
let unparsed: ModuleReport['result'] | null = null;

/** Where Node itself says in the first line of a stack what cannot be parsed, or linked. */
function placeOfStack(error: unknown): CodePlace | null {
  const [, url, line] = /^(file:\S+):(\d+)\n/.exec(String((error as Error | null)?.stack)) ?? [];
  return url === undefined ? null : { url, line: Number(line), column: 1 };
}

function resultOf(namespace: object): ModuleReport['result'] {
  if (!('default' in namespace)) return { kind: 'noDefault', names: Object.keys(namespace) };
  const value = namespace.default;
  if (value instanceof Promise) {
    value.catch(() => {});
    return { kind: 'noScenario', what: 'a promise' };
  }
  if (typeof value === 'function') return { kind: 'noScenario', what: 'a function' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      kind: 'noScenario',
      what: Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value,
    };
  }
  try {
    return { kind: 'scenario', exported: exportedValue(value) };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'noScenario', what: error.message };
    throw error;
  }
}

async function report(): Promise<ModuleReport['result']> {
  try {
    const namespace = await importModule(entry, [], news => {
      if (news.kind === 'file') files.push(news.file);
      else {
        const { url, line, column, fault } = news;
        unparsed ??= { kind: 'syntax', fault, at: { url, line, column } };
      }
    });
    return resultOf(namespace);
  } catch (error) {
    if (unparsed !== null) return unparsed;
    const at = placeOfStack(error);
    const { code, message = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
    const isLink = /does not provide an export named|is not exported|Ambiguous/.test(message);
    if (error instanceof SyntaxError && at !== null) {
      return { kind: isLink ? 'notFound' : 'syntax', fault: message, at };
    }
    const urls = new Set(files.map(({ url }) => url));
    const isMissing = [
      'ERR_MODULE_NOT_FOUND',
      'MODULE_NOT_FOUND',
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
      'ERR_UNSUPPORTED_DIR_IMPORT',
      'ERR_UNKNOWN_FILE_EXTENSION',
      'ERR_UNSUPPORTED_ESM_URL_SCHEME',
    ];
    if (code !== undefined && isMissing.includes(code)) return { kind: 'notFound', fault: message, at: null };
    return { kind: 'threw', ...thrownBy(error, urls) };
  }
}

const result = await report();
parentPort?.postMessage({ files, result } satisfies ModuleReport);
