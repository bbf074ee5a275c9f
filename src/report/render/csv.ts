import type { Document } from '../document/document.ts';

/** A document for spreadsheets: its records as CSV (RFC 4180). */
export function csv({ records = { columns: [], rows: [] } }: Document): string {
  return [records.columns, ...records.rows].map(cells => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** A cell that no spreadsheet takes for a formula and no comma or quote ends. */
function cellOf(value: string | number | boolean | null): string {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
