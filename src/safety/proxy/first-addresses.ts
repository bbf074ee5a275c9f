import type { ProxyRules, Target } from '../../model/run/plan.ts';
import { resolveTarget } from '../target.ts';
import { proxyTo } from './proxy-rules.ts';

/** The addresses to connect to: of a target, or of the proxy through which it is asked; a host must be allowed either way. */
export async function firstAddresses(
  target: Target,
  proxies: ProxyRules | undefined,
  allowHosts: readonly string[],
): Promise<readonly string[]> {
  return await resolveTarget(target, { allowHosts, proxy: proxyTo(proxies, target) });
}
