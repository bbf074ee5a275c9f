/** Which part of a list is wanted; `page` counts from 1. */
export interface PageRequest {
  readonly page: number;
  readonly limit: number;
}

/** Part of a list, with what a client needs to ask for the rest. */
export interface Page<Item> extends PageRequest {
  readonly data: readonly Item[];
  /** Items in the whole list. */
  readonly total: number;
  readonly pages: number;
}

/** How many items come before the page. */
export function skipped({ page, limit }: PageRequest): number {
  return (page - 1) * limit;
}

/** Puts the items of a page and the size of the whole list together. */
export function pageOf<Item>({ page, limit }: PageRequest, total: number, data: readonly Item[]): Page<Item> {
  return { data, page, limit, total, pages: Math.ceil(total / limit) };
}
