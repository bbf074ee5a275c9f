import type { Acceptance } from '../../model/run/record.ts';
import { printable } from '../../safety/untrusted-text.ts';

/** Who accepted what of a run and why, after the word "accepted": `by ann (GET /items p95): encrypted`. */
export function acceptanceText({ author, reason, findings, commit, isPartial }: Acceptance): string {
  const what = findings.map(({ endpoint, metric }) => `${printable(endpoint, 80)} ${printable(metric, 20)}`);
  const more = what.length - mostFindings;
  const shown = more > 0 ? [...what.slice(0, mostFindings), `${more} more`] : what;
  const words = [
    ...(isPartial ? ['in part'] : []),
    ...(author === null ? [] : [`by ${printable(author, 60)}`]),
    ...(commit === undefined ? [] : [`in the commit ${printable(commit.slice(0, 10))}`]),
    ...(shown.length === 0 ? [] : [`(${shown.join(', ')})`]),
  ];
  return `${words.join(' ')}: ${printable(reason, 200)}`;
}

/** More findings than these are counted. */
const mostFindings = 6;
