import { boundedText } from '../../safety/untrusted-text.ts';
import type { Git } from './git.ts';

/** What a line of a commit's message accepts: `Plimsoll-Accept: browse-bills p95`. */
export interface AcceptTrailer {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The first line of the commit's message. */
  readonly subject: string;
  /** What stands behind the colon. */
  readonly value: string;
}

const longestValue = 200;
/** Anywhere in a message: a squashed commit has the lines of several messages amid its text. */
const line = /^Plimsoll-Accept:(.*)$/gim;

/** What the commits after `base` up to `head` accept, newest first; nothing where the two are not known here. */
export async function acceptTrailers(
  git: Git,
  base: string,
  head: string,
): Promise<readonly AcceptTrailer[]> {
  const commitId = /^[0-9a-f]{40,64}$/;
  if (!commitId.test(base) || !commitId.test(head)) return [];
  const listed = await git.textOrNull(['log', '--format=%H%x1f%an%x1f%ct%x1f%s%x1f%B%x1e', head, `^${base}`]);
  return (listed ?? '').split('\x1e').flatMap(entry => {
    const [commit = '', author = '', seconds = '', subject = '', message = ''] = entry.trim().split('\x1f');
    const at = () => new Date(Number(seconds) * 1_000).toISOString();
    return [...message.matchAll(line)].map(([, value = '']) => ({
      ...{ commit, author, at: at(), subject, value: boundedText(value.trim(), longestValue) },
    }));
  });
}

/** The metrics that a trailer accepts of a scenario, in lower case: `items p50, p95` accepts two of `items`. */
export function metricsAccepted({ value }: AcceptTrailer, scenario: string): readonly string[] {
  if (!value.startsWith(`${scenario} `)) return [];
  const metrics = value
    .slice(scenario.length)
    .toLowerCase()
    .split(/[\s,]+/);
  return metrics.filter(metric => metric !== '');
}
