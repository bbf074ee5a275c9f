import { isIP } from 'node:net';
import { loadPlan, type ScenarioSource } from '../../config/scenario/plan.ts';
import { readSettings } from '../../config/settings.ts';
import { type OfBoth, sides } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import type { Plan, Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { commitOf } from '../../store/git/worktree.ts';
import { type PreparedRun, type PrepareOptions, prepareRuns } from '../run/prepare.ts';

/** What the sides of a duet are called: two refs, or two URLs. */
export interface SideNames extends OfBoth<string> {
  readonly kind: 'refs' | 'urls';
}

/** A duet that is known to be right, before anything is built or sent. */
export interface PreparedDuet extends Pick<PreparedRun, 'plan' | 'budgets' | 'gate'> {
  readonly names: SideNames;
  /** How builds are made and served; null of URLs. */
  readonly serve: Serve | null;
}

const hostAndPort = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[\da-f:]+\]):\d+(?:\/|$)/i;
const urlLike = /^(?:[a-z][a-z0-9+.-]*:\/\/|unix:)/i;

/** Tells refs from URLs; one of each is `command.invalid-value`. */
export function sideNames(base: string, head: string): SideNames {
  const bare = [base, head].find(name => hostAndPort.test(name));
  if (bare !== undefined) {
    throw problem('duet.mixed-sides', {
      where: '--base, --head',
      found: bare,
      expected: 'a URL with its scheme, or a commit, branch or tag',
      instead: `http://${bare}`,
    });
  }
  const areUrls = [base, head].map(name => urlLike.test(name));
  if (areUrls[0] === areUrls[1]) return { kind: areUrls[0] ? 'urls' : 'refs', base, head };
  throw problem('duet.mixed-sides', {
    where: '--base, --head',
    found: `${base} and ${head}`,
    expected: 'two URLs, or two commits, branches or tags',
  });
}

/**
 * Reads and checks the scenario that both sides of a duet are loaded by. Of refs the scenario's own target says only the scheme and the
 * base path: the builds listen on this machine. Throws `git.unknown-ref` and `store.no-repository` beside what is wrong with the scenario.
 */
export async function prepareDuet(
  source: ScenarioSource,
  names: SideNames,
  options: PrepareOptions,
): Promise<PreparedDuet> {
  const { cwd, env } = options;
  if (names.kind === 'urls') {
    const [prepared] = await prepareRuns([{ ...source, target: names.base }], options);
    return { ...(prepared as PreparedRun), names, serve: null };
  }
  const { target, serve } = await loadPlan(source, { cwd, env });
  const [prepared] = await prepareRuns([{ ...source, target: localUrl(target) }], options);
  const how = serve ?? (await readSettings(cwd)).serve ?? null;
  if (how !== null) {
    const { plan, budgets, gate } = prepared as PreparedRun;
    for (const side of sides) await commitOf(cwd, names[side], { env });
    return { plan: askingFor(plan, target), budgets, gate, names, serve: { ...how, directory: cwd } };
  }
  throw problem('duet.no-serve', {
    where: `${source.kind === 'file' ? source.file : 'scenario'}, serve`,
    expected: 'serve in the scenario or in plimsoll.config.json',
  });
}

const localUrl = ({ protocol, basePath }: Target) => `${protocol}://127.0.0.1${basePath}`;

/** The certificate is that of the scenario's own host, wherever the builds listen. */
function askingFor(plan: Plan, { protocol, host }: Target): Plan {
  const { tls } = plan.transport;
  if (protocol !== 'https' || tls.serverName !== null || isIP(host) !== 0) return plan;
  return { ...plan, transport: { ...plan.transport, tls: { ...tls, serverName: host } } };
}
