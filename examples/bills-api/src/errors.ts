import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseError } from './database.ts';

/** What went wrong, for programs. */
export type ErrorCode = 'invalid_request' | 'not_found' | 'database_error' | 'internal_error' | 'unavailable';

/** The body of every answer that is not a success. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly requestId: string };
}

/** Something that the request names does not exist. */
export class NotFound extends Error {
  override readonly name = 'NotFound';
}

/** Builds the body of an error answer. */
export function errorBody(request: FastifyRequest, code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message, requestId: request.id } };
}

/** Answers what a route threw. The client's own mistakes are explained; ours are logged, and the answer hides them. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof NotFound) {
    reply.code(404).send(errorBody(request, 'not_found', error.message));
    return;
  }
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (status >= 400 && status < 500) {
    reply.code(status).send(errorBody(request, 'invalid_request', error.message));
    return;
  }
  if (error instanceof DatabaseError) {
    const { operation, sqliteCode } = error;
    request.log.error({ err: error, operation, sqliteCode }, 'the database failed');
    reply.code(500).send(errorBody(request, 'database_error', 'the database could not answer'));
    return;
  }
  request.log.error({ err: error }, 'the request failed');
  reply.code(500).send(errorBody(request, 'internal_error', 'the server made a mistake'));
}

/** Answers a request that no route is for. */
export function answerUnknownRoute(request: FastifyRequest, reply: FastifyReply): void {
  const message = `there is no ${request.method} ${request.url.split('?', 1)[0]}`;
  reply.code(404).send(errorBody(request, 'not_found', message));
}
