import type { FastifyInstance } from 'fastify';
import { NotFound } from '../errors.ts';
import type { User, UserStore } from '../stores/users.ts';
import { count, errors, id, idParams, isoTime, object, text, time } from './schemas.ts';

const user = object({
  id,
  username: text,
  displayName: text,
  joinedAt: time,
  billsAuthored: count,
  votesCast: count,
});

const byIdSchema = { params: idParams, response: { 200: user, ...errors } };

const byUsernameSchema = {
  querystring: {
    type: 'object',
    required: ['username'],
    properties: { username: { type: 'string', minLength: 1, maxLength: 100 } },
  },
  response: { 200: user, ...errors },
};

/** Users, by id and by username. */
export function userRoutes(app: FastifyInstance, users: UserStore): void {
  app.get<{ Params: { id: number } }>('/api/users/:id', { schema: byIdSchema }, ({ params: { id } }) =>
    shown(users.getById(id), `there is no user ${id}`),
  );

  app.get<{ Querystring: { username: string } }>(
    '/api/users',
    { schema: byUsernameSchema },
    ({ query: { username } }) => shown(users.getByUsername(username), 'there is no user with this name'),
  );
}

function shown(user: User | undefined, otherwise: string): object {
  if (!user) throw new NotFound(otherwise);
  return { ...user, joinedAt: isoTime(user.joinedAt) };
}
