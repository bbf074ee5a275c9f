import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A Markdown page of the project. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every page that people wrote; those of docs/measured, which the bench wrote, are left out unless asked for. */
export function pages({ measured = false } = {}): readonly Page[] {
  const top = readdirSync(root).filter(name => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md') && (measured || !name.startsWith('measured')))
    .map(name => `docs/${name}`);
  return [...top, ...docs].sort().map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The page without its code blocks. */
export const proseOf = ({ text }: Page): string => text.replace(/^```[\s\S]*?^```$/gm, '');
