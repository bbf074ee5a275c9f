import type { Database } from '../database.ts';
import type { Page, PageRequest } from './page.ts';
import { pageOf, skipped } from './page.ts';

/** The stages of a bill, in the order it goes through them. */
export const BILL_STATUSES = ['introduced', 'committee', 'debate', 'passed', 'rejected'] as const;

/** Where a bill stands. */
export type BillStatus = (typeof BILL_STATUSES)[number];

/** A bill as lists show it. */
export interface BillSummary {
  readonly id: number;
  readonly authorId: number;
  readonly title: string;
  readonly summary: string;
  readonly status: BillStatus;
  /** Milliseconds since 1970. */
  readonly introducedAt: number;
  readonly voteCount: number;
}

/** A bill in full, without its votes. */
export interface Bill extends Omit<BillSummary, 'voteCount'> {
  readonly text: string;
}

/** The bills in the database. */
export interface BillStore {
  exists(id: number): boolean;
  /** One page of all bills, or of those with one status, the newest first. */
  getAll(request: PageRequest, status?: BillStatus): Page<BillSummary>;
  getById(id: number): Bill | undefined;
  countByStatus(): readonly { readonly status: BillStatus; readonly bills: number }[];
}

/** Prepares the statements of the bill store. */
export function createBillStore(database: Database): BillStore {
  const present = database.query<[number], { id: number }>(
    'bills.exists',
    'SELECT id FROM bills WHERE id = ?',
  );
  const count = database.query<[], { total: number }>('bills.count', 'SELECT count(*) AS total FROM bills');
  const countWithStatus = database.query<[BillStatus], { total: number }>(
    'bills.countWithStatus',
    'SELECT count(*) AS total FROM bills WHERE status = ?',
  );
  const list = database.query<[number, number], BillSummary>('bills.list', listSql(''));
  const listWithStatus = database.query<[BillStatus, number, number], BillSummary>(
    'bills.listWithStatus',
    listSql('WHERE status = ?'),
  );
  const byId = database.query<[number], Bill>(
    'bills.getById',
    `SELECT id, author_id AS authorId, title, summary, text, status, introduced_at AS introducedAt
     FROM bills WHERE id = ?`,
  );
  const byStatus = database.query<[], { status: BillStatus; bills: number }>(
    'bills.countByStatus',
    'SELECT status, count(*) AS bills FROM bills GROUP BY status',
  );

  return {
    exists: id => present.get(id) !== undefined,
    getAll(request, status) {
      const { limit } = request;
      const skip = skipped(request);
      return status === undefined
        ? pageOf(request, count.get()?.total ?? 0, list.all(limit, skip))
        : pageOf(request, countWithStatus.get(status)?.total ?? 0, listWithStatus.all(status, limit, skip));
    },
    getById: id => byId.get(id),
    countByStatus: () => byStatus.all(),
  };
}

/** The inner SELECT walks a covering index, so that a deep page does not read the bills that it skips. */
function listSql(where: string): string {
  return `
    SELECT b.id, b.author_id AS authorId, b.title, b.summary, b.status, b.introduced_at AS introducedAt,
           (SELECT count(*) FROM votes WHERE bill_id = b.id) AS voteCount
    FROM bills b
    JOIN (SELECT id FROM bills ${where} ORDER BY introduced_at DESC, id DESC LIMIT ? OFFSET ?) page ON page.id = b.id
    ORDER BY b.introduced_at DESC, b.id DESC`;
}
