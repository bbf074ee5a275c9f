import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** How much the server logs; `info` includes one line for every request. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the environment decides. */
export interface Settings {
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Absolute path of the seeded database file. */
  readonly databaseFile: string;
}

/** A start that cannot succeed, said in one line for the person who started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Reads HOST, PORT, LOG_LEVEL and BILLS_DB; an unset or empty one gets its default, a wrong one a StartError. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    host: hostOf(env.HOST || '127.0.0.1'),
    port: portOf(env.PORT || '4010'),
    logLevel: logLevelOf(env.LOG_LEVEL || 'info'),
    databaseFile: env.BILLS_DB
      ? resolve(env.BILLS_DB)
      : fileURLToPath(new URL('../.data/bills.db', import.meta.url)),
  };
}

function hostOf(text: string): string {
  if (isIP(text) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)) {
    throw new StartError(`HOST is "${text}"; write an IP address or a host name, such as 127.0.0.1`);
  }
  return text;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new StartError(`PORT is "${text}"; write a whole number from 0 to 65535`);
  }
  return port;
}

function logLevelOf(text: string): LogLevel {
  const level = LOG_LEVELS.find(known => known === text);
  if (!level) throw new StartError(`LOG_LEVEL is "${text}"; write one of ${LOG_LEVELS.join(', ')}`);
  return level;
}
