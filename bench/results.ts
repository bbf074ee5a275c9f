import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchFingerprint, machineLine } from './fingerprint.ts';
import type { Measured } from './sections/section.ts';
import { markdownTable } from './table.ts';

/** What one run of the bench measured so far, by section. */
export interface Results {
  readonly startedAt: Date;
  readonly machine: BenchFingerprint;
  /** Names of peers that were sought and are not on this machine. */
  readonly missing: readonly string[];
  readonly sections: { readonly [section: string]: Measured };
}

/** Which peers were sought and not found, as a sentence; empty where all were. */
export function missingLine(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `Not found on this machine: ${missing.join(', ')}.`;
}

/** Writes the tables as Markdown and all figures as JSON, named after the moment; returns the files. */
export function writeResults(folder: string, results: Results): readonly string[] {
  const { startedAt, machine, missing, sections } = results;
  mkdirSync(folder, { recursive: true });
  const name = startedAt.toISOString().slice(0, 16).replaceAll(':', '').replace('T', '-');
  const [markdown, json] = [join(folder, `${name}.md`), join(folder, `${name}.json`)];
  const tables = Object.values(sections).flatMap(section => section.tables.map(markdownTable));
  const paragraphs = [`# ${name} UTC`, machineLine(machine), missingLine(missing), ...tables];
  writeFileSync(markdown, `${paragraphs.filter(Boolean).join('\n\n')}\n`);
  const figures = Object.fromEntries(
    Object.entries(sections).map(([section, each]) => [section, each.figures]),
  );
  writeFileSync(json, `${JSON.stringify({ startedAt, machine, missing, ...figures }, null, 2)}\n`);
  return [markdown, json];
}

/** Puts each section's tables into a document, between its `bench:SECTION` and `/bench:SECTION` comments. */
export function writeIntoDocument(file: string, { startedAt, machine, missing, sections }: Results): void {
  let text = readFileSync(file, 'utf8');
  const measuredOn = `_Measured on ${startedAt.toISOString().slice(0, 10)}: ${machineLine(machine)}. ${missingLine(missing)}`;
  for (const [section, { tables }] of Object.entries(sections)) {
    text = replaced(text, section, [...tables.map(markdownTable), `${measuredOn.trim()}_`].join('\n\n'));
  }
  writeFileSync(file, text);
}

/** The text with what stands between a section's markers replaced; throws where they are missing. */
export function replaced(text: string, section: string, content: string): string {
  const [begin, end] = [`<!-- bench:${section} -->`, `<!-- /bench:${section} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`no ${begin} … ${end} in the document`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
