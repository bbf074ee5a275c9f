import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { errorBody } from '../errors.ts';
import { errors, object, text } from './schemas.ts';

const schema = { response: { 200: object({ status: text }), ...errors } };

/** Readiness: 200 while the database answers, 503 otherwise. */
export function healthRoutes(app: FastifyInstance, database: Database): void {
  const anyUser = database.query<[], { id: number }>('health', 'SELECT id FROM users LIMIT 1');

  app.get('/health', { schema }, (request, reply) => {
    try {
      anyUser.get();
    } catch (error) {
      request.log.error({ err: error }, 'the database does not answer');
      reply.code(503);
      return errorBody(request, 'unavailable', 'the database does not answer');
    }
    return { status: 'ok' };
  });
}
