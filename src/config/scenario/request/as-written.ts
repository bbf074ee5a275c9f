import { type Path, type SourceDocument, valueAt } from '../../source/place.ts';

/** The text of the file where it holds a variable, else the text as it was read. */
export function asWritten(document: SourceDocument, place: Path, read: string): string {
  const source = valueAt(document.value, place);
  return typeof source === 'string' && source.includes('${') ? source.trim() : read;
}
