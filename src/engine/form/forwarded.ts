import type { Plan } from '../../model/run/plan.ts';
import { proxyTo } from '../../safety/proxy/proxy-rules.ts';
import { asForwarded } from './origin.ts';
import type { Rendered } from './rendered.ts';

/**
 * What renders requests for a proxy: asked for a target without TLS, it is told that target; asked for one with TLS, it only
 * opens a way to it, and requests stay as they are.
 */
export function forwarded<Args extends readonly unknown[]>(
  render: (...args: Args) => Rendered,
  { target, proxies }: Pick<Plan, 'target' | 'proxies'>,
): (...args: Args) => Rendered {
  const proxy = target.protocol === 'http' ? proxyTo(proxies, target) : null;
  if (proxy === null) return render;
  return (...args) => {
    const rendered = render(...args);
    return rendered.kind === 'bytes'
      ? { kind: 'bytes', bytes: asForwarded(rendered.bytes, target, proxy) }
      : rendered;
  };
}
