import { ciOf, mostRepeats, problem } from '../../app.ts';
import type { Session } from '../streams/session.ts';
import type { RunFlags } from './run-flags.ts';

/** How often a run is repeated that its load generator spoiled: `--retries`. */
export function retriesFrom(written: string | undefined, { env }: Session): number {
  if (written === undefined) return ciOf(env) === null ? 0 : 1;
  if (/^\d$/.test(written)) return Number(written);
  throw problem('command.invalid-value', {
    where: '--retries',
    found: written,
    expected: 'a number from 0 to 9',
  });
}

/** How often each load is played: `--repeat`. */
export function repeatFrom({ repeat, once, dryRun }: RunFlags): number {
  if (repeat === undefined) return 1;
  const times = /^\d{1,4}$/.test(repeat) ? Number(repeat) : 0;
  if (times < 1 || times > mostRepeats) {
    throw problem('command.invalid-value', {
      where: '--repeat',
      found: repeat,
      expected: `a whole number from 1 to ${mostRepeats}`,
    });
  }
  if (!once && !dryRun) return times;
  throw problem('command.conflicting-flags', {
    where: `--repeat, ${once ? '--once' : '--dry-run'}`,
    found: 'both',
    expected: 'one of them: nothing is measured that could be repeated',
  });
}

/** How many threads send load: `--workers`. */
export function workersFrom(written: string | undefined): number | 'auto' {
  if (written === undefined || written === 'auto') return 'auto';
  const workers = Number(written);
  if (Number.isInteger(workers) && workers >= 1 && workers <= 64) return workers;
  throw problem('command.invalid-value', {
    where: '--workers',
    found: written,
    expected: 'a number from 1 to 64, or auto',
  });
}
