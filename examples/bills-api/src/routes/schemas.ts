import { BILL_STATUSES } from '../stores/bills.ts';
import { CHOICES } from '../stores/votes.ts';

const MAX_ID = 2_147_483_647;

/** An id in a path or a body. */
export const id = { type: 'integer', minimum: 1, maximum: MAX_ID } as const;

/** A count of things. */
export const count = { type: 'integer' } as const;

/** Any text. */
export const text = { type: 'string' } as const;

/** A moment as ISO 8601 in UTC, or a day as YYYY-MM-DD. */
export const time = { type: 'string' } as const;

/** Where a bill stands. */
export const billStatus = { type: 'string', enum: BILL_STATUSES } as const;

/** What one can vote. */
export const choice = { type: 'string', enum: CHOICES } as const;

/** Votes by choice. */
export const tally = { yes: count, no: count, abstain: count, total: count } as const;

/** The parameters of a path that ends in `:id`. */
export const idParams = { type: 'object', required: ['id'], properties: { id } } as const;

/** The query parameters of every paginated list. */
export const pageQuery = {
  page: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1 },
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
} as const;

/** An object with all of these properties and no others. */
export function object(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties };
}

/** A list of these. */
export function list(items: object): object {
  return { type: 'array', items };
}

/** One page of these, and what else the answer holds. */
export function page(items: object, more: Readonly<Record<string, object>> = {}): object {
  return object({ data: list(items), page: count, limit: count, total: count, pages: count, ...more });
}

const error = object({ error: object({ code: text, message: text, requestId: text }) });

/** The answers that any route may give beside its own. */
export const errors = { '4xx': error, '5xx': error } as const;

/** A moment, from milliseconds since 1970. */
export function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}

/** A UTC date, from days since 1970. */
export function isoDate(day: number): string {
  return isoTime(day * 86_400_000).slice(0, 10);
}
