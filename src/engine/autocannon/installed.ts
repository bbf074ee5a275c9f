import { createRequire } from 'node:module';
import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';

/** The one release that can be used: the engine follows requests through parts of autocannon that are not documented. */
const release = '9.0.0';

/** Throws `engine.not-installed` where a plan asks for autocannon and it is not there, or is another release. */
export function assertInstalled({
  engine,
  file,
  scenario,
}: Pick<Plan, 'engine' | 'file' | 'scenario'>): void {
  if (engine !== 'autocannon') return;
  const found = installedRelease();
  if (found === release) return;
  throw problem('engine.not-installed', {
    where: `${file ?? scenario}, engine`,
    found: found === null ? 'no package autocannon beside Plimsoll' : `autocannon ${found}`,
    expected: `autocannon ${release}, which does not come with Plimsoll`,
    instead: `npm install --save-dev autocannon@${release}, or engine: http`,
  });
}

function installedRelease(): string | null {
  try {
    const { version } = createRequire(import.meta.url)('autocannon/package.json') as { version?: unknown };
    return typeof version === 'string' ? version : 'of no version';
  } catch {
    return null;
  }
}
