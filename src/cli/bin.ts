#!/usr/bin/env node
import { bugText } from './bug-text.ts';

/** Node would exit 1, which means that a budget was exceeded, or 0 where a promise is never kept. */
function crash(error: unknown): never {
  try {
    process.stderr.write(bugText(error));
  } finally {
    process.exit(70);
  }
}

const unfinished = () => crash(new Error('nothing was left to do before the command was done'));
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('beforeExit', unfinished);

// Imported late: an installation that lacks a part of itself fails here.
const { runProcess } = await import('./process.ts');
await runProcess();
process.off('beforeExit', unfinished);
