import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const SANE_ID = /^[\w.:+/=-]{1,128}$/;

/** Makes request ids: the client's own `x-request-id` where it is harmless, else a new one. */
export function createRequestIds(): (request: IncomingMessage) => string {
  const prefix = randomBytes(6).toString('hex');
  let count = 0;
  return request => {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && SANE_ID.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}

/** Echoes the request id and writes one line for every request: id, endpoint, status, response time. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    writeLine(request, reply, reply.elapsedTime);
    done();
  });
  app.addHook('onRequestAbort', (request, done) => {
    request.log.warn({ endpoint: endpointOf(request) }, 'the client left before its answer');
    done();
  });
}

/** Does the same where Fastify refuses a URL before any hook runs. */
export function logUnrouted(request: FastifyRequest, reply: FastifyReply): void {
  const started = performance.now();
  reply.header('x-request-id', request.id);
  reply.raw.once('finish', () => writeLine(request, reply, performance.now() - started));
}

function writeLine(request: FastifyRequest, reply: FastifyReply, elapsedMs: number): void {
  const responseTimeMs = Math.round(elapsedMs * 1_000) / 1_000;
  request.log.info({ endpoint: endpointOf(request), status: reply.statusCode, responseTimeMs }, 'request');
}

function endpointOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url ?? '(no route)'}`;
}
