import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSource, type SourceFile } from './source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every source file of the project, read. */
export function sourceOfProject(): readonly SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.[cm]?[jt]sx?$/.test(name))
    .map(name => `src/${name.replaceAll('\\', '/')}`)
    .sort()
    .map(path => readSource(path, readFileSync(join(root, path), 'utf8')));
}
