import type { SkippedRun } from '../model/judgement/baseline.ts';

/** How many are named. */
const mostNames = 3;

/** How many stored runs could not be read, and where the first of them are; null where all could. */
export function skippedText(skipped: readonly SkippedRun[]): string | null {
  if (skipped.length === 0) return null;
  const names = skipped.slice(0, mostNames).map(({ where }) => where);
  const more = skipped.length > mostNames ? ' and others' : '';
  return `${skipped.length} cannot be read: ${names.join(', ')}${more}`;
}
