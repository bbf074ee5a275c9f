import type { Document } from '../document/document.ts';

/** A document for programs: its summary as JSON. */
export function json({ summary }: Document): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}
