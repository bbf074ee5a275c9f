import type { FastifyInstance } from 'fastify';
import { NotFound } from '../errors.ts';
import type { BillStore } from '../stores/bills.ts';
import type { UserStore } from '../stores/users.ts';
import type { Choice, VoteStore } from '../stores/votes.ts';
import { choice, errors, id, isoTime, object, time } from './schemas.ts';

const vote = object({ id, userId: id, billId: id, choice, castAt: time });

const castSchema = {
  body: object({ userId: id, billId: id, choice }),
  response: { 200: vote, 201: vote, ...errors },
};

/** Casting a vote: 201 for a user's first on a bill, 200 where it replaces an earlier one. */
export function voteRoutes(app: FastifyInstance, votes: VoteStore, bills: BillStore, users: UserStore): void {
  app.post<{ Body: { userId: number; billId: number; choice: Choice } }>(
    '/api/votes',
    { schema: castSchema },
    ({ body: { userId, billId, choice } }, reply) => {
      if (!users.exists(userId)) throw new NotFound(`there is no user ${userId}`);
      if (!bills.exists(billId)) throw new NotFound(`there is no bill ${billId}`);
      const { vote, replaced } = votes.cast({ userId, billId, choice, castAt: Date.now() });
      reply.code(replaced ? 200 : 201);
      return { ...vote, castAt: isoTime(vote.castAt) };
    },
  );
}
