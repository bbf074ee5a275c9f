import { parseRequestUrl } from '../../config/grammar/target-url.ts';
import { assertGuarded, type LoadGuard } from '../../config/load-guard.ts';
import { PlimsollError } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import { firstAddresses } from '../../safety/proxy/first-addresses.ts';

/** Where the requests of a plan go first: to its hosts, or to the proxy before them. */
export interface Way {
  /** Those of the target; none where its name does not resolve, nor of a Unix socket. */
  readonly addresses: readonly string[];
  /** Why the target's name does not resolve; null where it does. */
  readonly unresolved: PlimsollError | null;
  /** Those of each endpoint for tokens, in the order of the plan's; none where its name does not resolve. */
  readonly tokenAddresses?: readonly (readonly string[])[];
}

/** Resolves the hosts of a plan, each of which must be allowed; a name that does not resolve is no mistake. */
export async function wayOf(
  plan: Plan,
  { allowHosts, guard }: { readonly allowHosts: readonly string[]; readonly guard?: LoadGuard },
): Promise<Way> {
  const { target, proxies, tokens = [] } = plan;
  if (guard !== undefined) assertGuarded(plan, guard);
  const hosts = tokens.map(({ url }) => parseRequestUrl(url).target);
  const all = await Promise.all(
    [target, ...hosts].map(async host => {
      try {
        return await firstAddresses(host, proxies, allowHosts);
      } catch (error) {
        const isMistake = !(error instanceof PlimsollError) || error.exitCode === 2;
        if (isMistake) throw error;
        return error;
      }
    }),
  );
  const [first = [], ...others] = all;
  const isResolved = !(first instanceof PlimsollError);
  return {
    addresses: isResolved ? first : [],
    unresolved: isResolved ? null : first,
    ...(tokens.length === 0
      ? {}
      : { tokenAddresses: others.map(other => (other instanceof PlimsollError ? [] : other)) }),
  };
}
