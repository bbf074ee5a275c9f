import { printable } from '../../safety/untrusted-text.ts';
import type { Document } from '../document/document.ts';
import { recordsOf } from '../export/figure-records.ts';

/** A document for spreadsheets: its records as CSV (RFC 4180). */
export function csv(document: Document): string {
  const { columns, rows } = recordsOf(document);
  return [columns, ...rows].map(cells => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** A cell that no spreadsheet takes for a formula and no comma or quote ends. */
function cellOf(value: string | number | boolean | null): string {
  const text = typeof value === 'string' ? printable(value, 500) : String(value ?? '');
  // Spreadsheets of East Asian languages read fullwidth signs as the plain ones.
  const safe = typeof value === 'string' && /^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
