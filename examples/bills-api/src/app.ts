import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';
import { fastify, LogController } from 'fastify';
import { openDatabase } from './database.ts';
import { answerError, answerUnknownRoute } from './errors.ts';
import { createRequestIds, logRequests, logUnrouted } from './request-log.ts';
import { billRoutes } from './routes/bills.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { healthRoutes } from './routes/health.ts';
import { userRoutes } from './routes/users.ts';
import { voteRoutes } from './routes/votes.ts';
import type { SeedSize } from './seed.ts';
import { FULL_SIZE } from './seed.ts';
import type { LogLevel } from './settings.ts';
import { createBillStore } from './stores/bills.ts';
import { createUserStore } from './stores/users.ts';
import { createVoteStore } from './stores/votes.ts';
import { openWorkingCopy } from './working-copy.ts';

/** What an app is built from. */
export interface AppOptions {
  /** The seed file; built where it is missing or outdated, never written to afterwards. */
  readonly databaseFile: string;
  /** What the seed holds; the full size unless said otherwise. */
  readonly size?: SeedSize;
  readonly logLevel?: LogLevel;
  /** Where log lines go; standard output unless said otherwise. */
  readonly logStream?: { write(line: string): void };
}

/** Builds the whole backend with a database of its own, which `close()` removes. It does not listen yet. */
export function buildApp({
  databaseFile,
  size = FULL_SIZE,
  logLevel = 'info',
  logStream,
}: AppOptions): FastifyInstance {
  const app = fastify({
    logger: {
      level: logLevel,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
      ...(logStream && { stream: logStream }),
    },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: createRequestIds(),
    frameworkErrors: (error, request, reply) => {
      logUnrouted(request, reply);
      answerError(error, request, reply);
    },
    keepAliveTimeout: 72_000,
    requestTimeout: 30_000,
    bodyLimit: 16_384,
  });
  validateStrictly(app);
  logRequests(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerUnknownRoute);

  const copy = openWorkingCopy(databaseFile, size, app.log);
  try {
    const database = openDatabase(copy.file);
    app.addHook('onClose', () => {
      database.close();
      copy.remove();
    });
    const bills = createBillStore(database);
    const votes = createVoteStore(database);
    const users = createUserStore(database);
    billRoutes(app, bills, votes);
    voteRoutes(app, votes, bills, users);
    userRoutes(app, users);
    dashboardRoutes(app, bills, votes, users);
    healthRoutes(app, database);
  } catch (error) {
    copy.remove();
    throw error;
  }
  return app;
}

/** Paths and queries are text and become numbers where a schema says so; in a body "5" or true is no number. */
function validateStrictly(app: FastifyInstance): void {
  const exact = new Ajv();
  const converting = new Ajv({ coerceTypes: true, useDefaults: true });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? exact : converting).compile(schema),
  );
}
