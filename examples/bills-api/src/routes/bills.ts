import type { FastifyInstance } from 'fastify';
import { NotFound } from '../errors.ts';
import type { BillStatus, BillStore } from '../stores/bills.ts';
import type { PageRequest } from '../stores/page.ts';
import type { VoteStore } from '../stores/votes.ts';
import {
  billStatus,
  choice,
  count,
  errors,
  id,
  idParams,
  isoTime,
  object,
  page,
  pageQuery,
  tally,
  text,
  time,
} from './schemas.ts';

const bill = { id, authorId: id, title: text, summary: text, status: billStatus, introducedAt: time };

const listSchema = {
  querystring: { type: 'object', properties: { ...pageQuery, status: billStatus } },
  response: { 200: page(object({ ...bill, voteCount: count })), ...errors },
};

const detailSchema = {
  params: idParams,
  response: { 200: object({ ...bill, text, votes: object(tally) }), ...errors },
};

const votesSchema = {
  params: idParams,
  querystring: { type: 'object', properties: pageQuery },
  response: {
    200: page(object({ id, userId: id, username: text, choice, castAt: time }), { tally: object(tally) }),
    ...errors,
  },
};

/** Bills: their list, one in full, and the votes on it. */
export function billRoutes(app: FastifyInstance, bills: BillStore, votes: VoteStore): void {
  app.get<{ Querystring: PageRequest & { status?: BillStatus } }>(
    '/api/bills',
    { schema: listSchema },
    ({ query: { page, limit, status } }) => {
      const found = bills.getAll({ page, limit }, status);
      return {
        ...found,
        data: found.data.map(bill => ({ ...bill, introducedAt: isoTime(bill.introducedAt) })),
      };
    },
  );

  app.get<{ Params: { id: number } }>('/api/bills/:id', { schema: detailSchema }, ({ params }) => {
    const bill = bills.getById(params.id);
    if (!bill) throw new NotFound(`there is no bill ${params.id}`);
    return { ...bill, introducedAt: isoTime(bill.introducedAt), votes: votes.tallyOf(bill.id) };
  });

  app.get<{ Params: { id: number }; Querystring: PageRequest }>(
    '/api/bills/:id/votes',
    { schema: votesSchema },
    ({ params, query: { page, limit } }) => {
      const { id } = params;
      if (!bills.exists(id)) throw new NotFound(`there is no bill ${id}`);
      const found = votes.getByBill(id, { page, limit });
      return {
        ...found,
        data: found.data.map(vote => ({ ...vote, castAt: isoTime(vote.castAt) })),
        tally: votes.tallyOf(id),
      };
    },
  );
}
