import type { Database } from '../database.ts';
import type { BillStatus } from './bills.ts';
import type { Page, PageRequest } from './page.ts';
import { pageOf, skipped } from './page.ts';

/** What one can vote. */
export const CHOICES = ['yes', 'no', 'abstain'] as const;

/** A voter's answer to a bill. */
export type Choice = (typeof CHOICES)[number];

/** One user's vote on one bill. */
export interface Vote {
  readonly id: number;
  readonly billId: number;
  readonly userId: number;
  readonly choice: Choice;
  /** Milliseconds since 1970. */
  readonly castAt: number;
}

/** A vote in the list of a bill, with the voter's name. */
export type BillVote = Omit<Vote, 'billId'> & { readonly username: string };

/** Votes counted by choice. */
export interface Tally {
  readonly yes: number;
  readonly no: number;
  readonly abstain: number;
  readonly total: number;
}

/** The votes of one UTC day. */
export interface DayTally extends Tally {
  /** Days since 1970. */
  readonly day: number;
}

/** A bill and its votes. */
export interface BillTally extends Tally {
  readonly id: number;
  readonly title: string;
  readonly status: BillStatus;
}

/** A vote after it was cast, and whether the user had voted on that bill before. */
export interface CastVote {
  readonly vote: Vote;
  readonly replaced: boolean;
}

/** The votes in the database. */
export interface VoteStore {
  /** One page of a bill's votes, the newest first. */
  getByBill(billId: number, request: PageRequest): Page<BillVote>;
  tallyOf(billId: number): Tally;
  /** Records a vote; the same user's earlier vote on the same bill is replaced and keeps its id. */
  cast(vote: Omit<Vote, 'id'>): CastVote;
  /** The last days on which anyone voted, the newest first. */
  byDay(days: number): readonly DayTally[];
  mostVotedBills(limit: number): readonly BillTally[];
}

const TALLY = `sum(choice = 'yes') AS yes, sum(choice = 'no') AS no, sum(choice = 'abstain') AS abstain, count(*) AS total`;
const NO_VOTES: Tally = { yes: 0, no: 0, abstain: 0, total: 0 };

/** Prepares the statements of the vote store. */
export function createVoteStore(database: Database): VoteStore {
  const count = database.query<[number], { total: number }>(
    'votes.countByBill',
    'SELECT count(*) AS total FROM votes WHERE bill_id = ?',
  );
  const ofBill = database.query<[number, number, number], BillVote>(
    'votes.getByBill',
    `SELECT v.id, v.user_id AS userId, u.username, v.choice, v.cast_at AS castAt
     FROM votes v JOIN users u ON u.id = v.user_id
     WHERE v.bill_id = ? ORDER BY v.cast_at DESC, v.id DESC LIMIT ? OFFSET ?`,
  );
  const tally = database.query<[number], Tally>(
    'votes.tallyOf',
    `SELECT ${TALLY} FROM votes WHERE bill_id = ? GROUP BY bill_id`,
  );
  const existing = database.query<[number, number], { id: number }>(
    'votes.find',
    'SELECT id FROM votes WHERE user_id = ? AND bill_id = ?',
  );
  const upsert = database.query<[number, number, Choice, number], { id: number }>(
    'votes.upsert',
    `INSERT INTO votes (bill_id, user_id, choice, cast_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (user_id, bill_id) DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at
     RETURNING id`,
  );
  const days = database.query<[number], DayTally>(
    'votes.byDay',
    `SELECT cast_day AS day, ${TALLY} FROM votes GROUP BY cast_day ORDER BY cast_day DESC LIMIT ?`,
  );
  const mostVoted = database.query<[number], BillTally>(
    'votes.mostVotedBills',
    `SELECT b.id, b.title, b.status, ${TALLY}
     FROM (SELECT bill_id FROM votes GROUP BY bill_id ORDER BY count(*) DESC, bill_id LIMIT ?) top
     JOIN bills b ON b.id = top.bill_id
     JOIN votes v ON v.bill_id = top.bill_id
     GROUP BY b.id ORDER BY total DESC, b.id`,
  );

  return {
    getByBill: (billId, request) =>
      pageOf(request, count.get(billId)?.total ?? 0, ofBill.all(billId, request.limit, skipped(request))),
    tallyOf: billId => tally.get(billId) ?? NO_VOTES,
    cast: ({ billId, userId, choice, castAt }) =>
      database.transaction('votes.cast', () => {
        const replaced = existing.get(userId, billId) !== undefined;
        const row = upsert.get(billId, userId, choice, castAt);
        if (!row) throw new Error('an upsert returned no row');
        return { vote: { id: row.id, billId, userId, choice, castAt }, replaced };
      }),
    byDay: limit => days.all(limit),
    mostVotedBills: limit => mostVoted.all(limit),
  };
}
