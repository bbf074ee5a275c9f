import type { FastifyInstance } from 'fastify';
import type { BillStore } from '../stores/bills.ts';
import type { UserStore } from '../stores/users.ts';
import type { VoteStore } from '../stores/votes.ts';
import { billStatus, count, errors, id, isoDate, list, object, tally, text, time } from './schemas.ts';

const WINDOW_DAYS = 30;
const TOP = 10;

const schema = {
  response: {
    200: object({
      billsByStatus: list(object({ status: billStatus, bills: count })),
      mostVotedBills: list(object({ id, title: text, status: billStatus, ...tally })),
      mostActiveUsers: list(object({ id, username: text, displayName: text, votes: count })),
      votesPerDay: list(object({ date: time, ...tally })),
    }),
    ...errors,
  },
};

/**
 * The overview, the expensive endpoint. Its window is the last 30 days on which anyone voted, not the
 * last 30 by the calendar, so that the same data costs the same work in any year.
 */
export function dashboardRoutes(
  app: FastifyInstance,
  bills: BillStore,
  votes: VoteStore,
  users: UserStore,
): void {
  app.get('/api/dashboard', { schema }, () => {
    const days = votes.byDay(WINDOW_DAYS).toReversed();
    return {
      billsByStatus: bills.countByStatus(),
      mostVotedBills: votes.mostVotedBills(TOP),
      mostActiveUsers: users.mostActiveSince(days[0]?.day ?? 0, TOP),
      votesPerDay: days.map(({ day, ...tally }) => ({ date: isoDate(day), ...tally })),
    };
  });
}
