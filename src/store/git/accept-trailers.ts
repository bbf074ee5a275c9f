import type { Git } from './git.ts';

/** A regression that a commit's message accepts: `Plimsoll-Accept: browse-bills p95`. */
export interface AcceptTrailer {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The first line of the commit's message. */
  readonly subject: string;
  readonly scenario: string;
  readonly metric: string;
}

const key = 'Plimsoll-Accept';

/** What the commits after `base` up to `head` accept, newest first; nothing where the two are not known here. */
export async function acceptTrailers(
  git: Git,
  base: string,
  head: string,
): Promise<readonly AcceptTrailer[]> {
  const commitId = /^[0-9a-f]{40,64}$/;
  if (!commitId.test(base) || !commitId.test(head)) return [];
  const format = `--format=%H%x1f%an%x1f%ct%x1f%s%x1f%(trailers:key=${key},valueonly,separator=%x1f)`;
  const listed = await git.textOrNull(['log', format, head, `^${base}`]);
  return (listed ?? '').split('\n').flatMap(line => {
    const [commit = '', author = '', seconds = '', subject = '', ...values] = line.split('\x1f');
    return values.flatMap(value => {
      const [, scenario, metric] = /^(.*\S)\s+(\S+)$/.exec(value.trim()) ?? [];
      if (!scenario || !metric) return [];
      return [
        { commit, author, at: new Date(Number(seconds) * 1_000).toISOString(), subject, scenario, metric },
      ];
    });
  });
}
