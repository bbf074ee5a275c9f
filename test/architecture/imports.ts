import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { roomOf, roomViolation } from './rooms.ts';
import type { Reference, SourceFile } from './source.ts';

/** One broken rule: `file:line` and what is wrong. */
export type Violation = string;

const foundations = ['words', 'safety', 'stats', 'code'] as const;
const below = ['model', ...foundations, 'analysis'] as const;
const siblings = ['config', 'engine', 'launch', 'judge', 'store', 'report', 'deliver'] as const;

/** What each layer may import, itself apart; only the pipeline joins siblings. */
const layers: { readonly [layer: string]: readonly string[] } = {
  model: [],
  ...Object.fromEntries(foundations.map(foundation => [foundation, ['model']])),
  analysis: ['model', ...foundations],
  ...Object.fromEntries(siblings.map(sibling => [sibling, below])),
  // It says why in reasons; report/words makes sentences of them.
  judge: below.filter(layer => layer !== 'words'),
  pipeline: [...below, ...siblings],
  index: [...below, ...siblings, 'pipeline'],
  app: [...below, ...siblings, 'pipeline'],
  cli: ['app'],
  action: ['app'],
};

/** Modules that belong to one place, and that place: a layer or a file. */
const owners: { readonly [module: string]: readonly string[] } = {
  'hdr-histogram-js': ['src/stats/histogram.ts'],
  'simple-git': ['store'],
  autocannon: ['engine'],
  tsx: ['code', 'engine', 'launch'],
  zod: ['config', 'store', 'report'],
  yargs: ['cli'],
  worker_threads: ['code', 'engine'],
  '@swc/wasm-typescript': ['src/code/module-hooks.ts'],
  cluster: [],
  child_process: ['launch'],
};

/** Layers without effects, and the only untrusted modules that each may use. */
const pure: { readonly [layer: string]: readonly string[] } = {
  model: [],
  words: ['fastest-levenshtein'],
  analysis: [],
  stats: ['hdr-histogram-js', 'buffer', 'module', 'zlib', 'util'],
  judge: ['util'],
  report: ['zod', 'picocolors', 'd3-scale', 'd3-shape', 'buffer', 'crypto', 'util'],
};

/** Layers that load modules which the user names, by a path known at run time only. */
const loadsUserCode = ['code', 'engine'];

const assets = /\.json$/;

/** Every import that the layers forbid, every cycle, and every reference that cannot be read. */
export function importViolations(files: readonly SourceFile[]): readonly Violation[] {
  const paths = new Set(files.map(file => file.path));
  const forbidden = files.flatMap(file =>
    file.references.flatMap(reference =>
      check(file.path, reference, paths).map(what => `${file.path}:${reference.line} ${what}`),
    ),
  );
  return [...forbidden, ...cycles(files, paths)];
}

function check(from: string, reference: Reference, paths: ReadonlySet<string>): readonly string[] {
  const layer = layerOf(from);
  if (layer === null) return [`lies in no layer`];
  const { specifier, kind } = reference;
  if (specifier === null) {
    if (kind === 'dynamic' && loadsUserCode.includes(layer)) return [];
    return [`imports something computed, which cannot be checked: write its path as a literal`];
  }
  if (!specifier.startsWith('.')) return kind === 'url' ? [] : checkModule(from, layer, specifier);
  return checkRelative(from, layer, specifier, kind, paths);
}

function checkModule(from: string, layer: string, specifier: string): readonly string[] {
  const isNode = isBuiltin(specifier);
  if (specifier.startsWith('#') || /^[a-z]+:/.test(specifier.replace(/^node:/, ''))) {
    return [`imports '${specifier}': only relative paths, packages and node: builtins are used`];
  }
  const name = isNode ? specifier.replace(/^node:/, '').replace(/\/.*$/, '') : packageName(specifier);
  const owner = owners[name];
  if (owner && !owner.includes(layer) && !owner.includes(from)) {
    return [`imports '${specifier}', which is for ${owner.join(', ') || 'nobody'} only`];
  }
  const allowed = pure[layer];
  if (allowed && !allowed.includes(name)) {
    return [`imports '${specifier}', but ${layer} is pure: it may use ${allowed.join(', ') || 'nothing'}`];
  }
  return [];
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function checkRelative(
  from: string,
  layer: string,
  specifier: string,
  kind: Reference['kind'],
  paths: ReadonlySet<string>,
): readonly string[] {
  const resolved = posix.join(posix.dirname(from), specifier);
  if (!resolved.startsWith('src/')) {
    const isData = kind === 'url' || kind === 'prefix' || resolved === 'package.json';
    return isData && !pure[layer] ? [] : [`imports '${specifier}', which is outside src`];
  }
  const target = layerOf(kind === 'prefix' ? `${resolved}.` : resolved);
  const mayImport = target !== null && (target === layer || layers[layer]?.includes(target));
  if (!mayImport) return [`imports '${specifier}': ${layer} must not import ${target ?? 'outside a layer'}`];
  if (kind === 'prefix' || assets.test(resolved)) return [];
  const [own, other] = [roomOf(from), roomOf(resolved)];
  const unruly = own && other && own.layer === other.layer && roomViolation(layer, own.room, other.room);
  if (unruly) return [`imports '${specifier}': ${unruly}`];
  if (kind !== 'url' && !resolved.endsWith('.ts'))
    return [`imports '${specifier}' without its .ts extension`];
  return fileOf(resolved, paths) === null ? [`refers to '${specifier}', which does not exist`] : [];
}

/** The layer of a file or folder under `src`; null where it has none. */
function layerOf(path: string): string | null {
  const [, first, ...rest] = path.split('/');
  if (rest.length === 0) return first === 'index.ts' ? 'index' : first === 'app.ts' ? 'app' : null;
  return first !== undefined && first !== 'index' && first !== 'app' && first in layers ? first : null;
}

/** The source file that a path stands for: `x.js` in a URL is the compiled `x.ts`. */
function fileOf(resolved: string, paths: ReadonlySet<string>): string | null {
  return [resolved, resolved.replace(/\.js$/, '.ts')].find(path => paths.has(path)) ?? null;
}

function cycles(files: readonly SourceFile[], paths: ReadonlySet<string>): readonly Violation[] {
  const edges = new Map(files.map(file => [file.path, targetsOf(file, paths)]));
  const found: Violation[] = [];
  const settled = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push(`a cycle: ${[...trail.slice(start), path].join(' → ')}`);
    if (start >= 0 || settled.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    settled.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}

function targetsOf(file: SourceFile, paths: ReadonlySet<string>): readonly string[] {
  const targets = file.references.map(({ specifier, kind }) =>
    specifier?.startsWith('.') && kind !== 'prefix'
      ? fileOf(posix.join(posix.dirname(file.path), specifier), paths)
      : null,
  );
  return [...new Set(targets.filter(target => target !== null))];
}
