import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaced } from './results.ts';

const folder = fileURLToPath(new URL('../docs/measured/', import.meta.url));

/** A page of docs/measured/, and the sections whose tables it holds. */
export interface MeasuredPage {
  readonly file: string;
  readonly sections: readonly string[];
}

/** What `npm run bench -- --doc` writes. */
export const accuracyPage: MeasuredPage = {
  file: join(folder, 'accuracy.md'),
  sections: ['cpu', 'protocols', 'memory', 'lag', 'truth', 'soak'],
};

/** What `npm run bench -- validity --doc` writes. */
export const validityPage: MeasuredPage = {
  file: join(folder, 'validity.md'),
  sections: ['validity'],
};

/** What `npm run bench -- stores --doc` writes. */
export const storesPage: MeasuredPage = {
  file: join(folder, 'stores.md'),
  sections: ['stores'],
};

/** The pages that `npm run bench` writes. */
export const benchPages: readonly MeasuredPage[] = [accuracyPage, validityPage, storesPage];

/** What `npm run bench:judge -- --doc` writes, in the order of the tables. */
export const judgePage: MeasuredPage = {
  file: join(folder, 'judge.md'),
  sections: [
    'false-alarms',
    'power',
    'peers',
    'hard',
    'stored',
    'coverage',
    'duets',
    'urls',
    'instances',
    'interleaving',
    'history',
  ],
};

/** The folder of the charts that belong to the judge's page. */
export const judgePlots = join(folder, 'plots');

/** Throws where a page lacks the place of a section: better before the measurement than after it. */
export function assertPlaces({ file, sections }: MeasuredPage): void {
  const text = readFileSync(file, 'utf8');
  for (const section of sections) replaced(text, section, '');
}
