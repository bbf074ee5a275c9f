import type { Plan, Target } from '../../model/run/plan.ts';
import { proxyTo } from '../../safety/proxy/proxy-rules.ts';

/** Where connections of a plan go: to its target, or to the proxy before it. */
export function firstHop({ target, proxies }: Pick<Plan, 'target' | 'proxies'>): Target {
  const proxy = proxyTo(proxies, target);
  return proxy === null
    ? target
    : { ...target, protocol: 'http', host: proxy.host, port: proxy.port, socketPath: null };
}
