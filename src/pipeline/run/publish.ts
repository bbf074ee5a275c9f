import { join } from 'node:path';
import { assertFileWritable, removeFile, writeText } from '../../deliver/files.ts';
import { PlimsollError } from '../../model/error.ts';
import type { Document, ReportSubject } from '../../report/document/document.ts';
import { type Renderers, type ReportFile, renderers, reportFilesOf } from '../../report/render/renderers.ts';

/** Where reports go. */
export interface ReportPlaces {
  /** What they are about, which decides what they are called. */
  readonly subject: ReportSubject;
  /** The folder that gets a file of each format; null for none. */
  readonly folder: string | null;
  /** One more file for the summary as JSON; null for none. */
  readonly summary: string | null;
  /** Files in the formats that somebody asks for. */
  readonly asked?: readonly ReportFile[];
}

/** The reports that were written into the folder, and what kept the others from it. */
export interface PublishedReport {
  readonly files: readonly ReportFile[];
  readonly problems: readonly PlimsollError[];
}

/** Proves that the reports can be written; else throws `output.unwritable`. */
export async function assertPublishable(places: ReportPlaces, table: Renderers = renderers): Promise<void> {
  for (const file of pathsIn(places, table)) await assertFileWritable(file);
}

/** Removes the reports of an earlier run, so that they are not taken for those of one that is about to begin. */
export async function withdraw(places: ReportPlaces, table: Renderers = renderers): Promise<void> {
  for (const file of pathsIn(places, table)) await removeFile(file);
}

/** Writes a document in every format that has a file. What cannot be written is told; the rest is written. */
export async function publish(
  document: Document,
  places: ReportPlaces,
  table: Renderers = renderers,
): Promise<PublishedReport> {
  const problems: PlimsollError[] = [];
  const write = async (file: string, text: string): Promise<boolean> => {
    try {
      await writeText(file, text);
      return true;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      problems.push(error);
      return false;
    }
  };
  const files: ReportFile[] = [];
  for (const file of filesIn(places, table)) {
    if (await write(file.file, table[file.format]?.render(document) ?? '')) files.push(file);
  }
  if (places.summary !== null) await write(places.summary, renderers.json.render(document));
  return { files, problems };
}

function filesIn({ subject, folder, asked = [] }: ReportPlaces, table: Renderers): readonly ReportFile[] {
  if (folder === null) return asked;
  const usual = reportFilesOf(subject, table).map(file => ({ ...file, file: join(folder, file.file) }));
  return [...usual, ...asked];
}

function pathsIn(places: ReportPlaces, table: Renderers): readonly string[] {
  const files = filesIn(places, table).map(({ file }) => file);
  return places.summary === null ? files : [...files, places.summary];
}
