import { isIP } from 'node:net';
import { parseTarget } from '../../config/grammar/target-url.ts';
import { assertGuarded } from '../../config/load-guard.ts';
import { loadPlan, type ScenarioSource } from '../../config/scenario/plan.ts';
import { readSettings } from '../../config/settings.ts';
import type { OfBoth } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import type { Plan, Target } from '../../model/run/plan.ts';
import type { Serve } from '../../model/run/scenario.ts';
import { commitOf } from '../../store/git/worktree.ts';
import { counted } from '../../words/quantity-text.ts';
import { type PreparedRun, type PrepareOptions, prepareRuns } from '../run/prepare.ts';

/** What the sides of a duet are called: base and one head or several, or the URLs of as many instances of each side. */
export type SideNames =
  | { readonly kind: 'refs'; readonly base: string; readonly heads: readonly string[] }
  | ({ readonly kind: 'urls' } & OfBoth<readonly string[]>);

/** A duet that is known to be right, before anything is built or sent. */
export interface PreparedDuet extends Pick<PreparedRun, 'plan' | 'budgets' | 'gate'> {
  readonly names: SideNames;
  /** How builds are made and served; null of URLs. */
  readonly serve: Serve | null;
}

const hostAndPort = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[\da-f:]+\]):\d+(?:\/|$)/i;
const urlLike = /^(?:[a-z][a-z0-9+.-]*:\/\/|unix:)/i;

/** Each instance has a thread that loads it. */
const mostInstances = 10;
/** All heads run at the same time, and a restart takes as much longer. */
const mostHeads = 4;

/**
 * Tells refs, of which there may be several heads, from URLs, of which each side may have several: instances of one build. Throws
 * `duet.mixed-sides` of both, `duet.uneven-instances`, and `command.invalid-value` of too many.
 */
export function sideNames(base: string | readonly string[], head: string | readonly string[]): SideNames {
  const [bases, heads] = [[base].flat(), [head].flat()];
  const all = [...bases, ...heads];
  const bare = all.find(name => hostAndPort.test(name));
  if (bare !== undefined) {
    throw problem('duet.mixed-sides', {
      where: '--base, --head',
      found: bare,
      expected: 'a URL with its scheme, or a commit, branch or tag',
      instead: `http://${bare}`,
    });
  }
  const urls = all.filter(name => urlLike.test(name));
  if (urls.length === all.length) return instanceNames(bases, heads);
  const [ref] = all.filter(name => !urlLike.test(name));
  if (urls.length > 0) {
    throw problem('duet.mixed-sides', {
      where: '--base, --head',
      found: all.length === 2 ? `${all[0]} and ${all[1]}` : `${ref} beside ${urls[0]}`,
      expected: 'URLs alone, or commits, branches or tags alone',
    });
  }
  return refNames(bases, heads);
}

function refNames(bases: readonly string[], heads: readonly string[]): SideNames {
  const [base] = bases;
  if (base === undefined || bases.length > 1) {
    throw problem('command.invalid-value', {
      where: '--base',
      found: bases.length === 0 ? 'nothing' : bases.join(' and '),
      expected: 'one commit, branch or tag, that every --head is compared with',
    });
  }
  if (heads.length >= 1 && heads.length <= mostHeads) return { kind: 'refs', base, heads };
  throw problem('command.invalid-value', {
    where: '--head',
    found: heads.length === 0 ? 'nothing' : counted(heads.length, 'head'),
    expected: `1 to ${mostHeads} of them, since all run at the same time as base`,
  });
}

function instanceNames(base: readonly string[], head: readonly string[]): SideNames {
  const where = '--base, --head';
  if (base.length !== head.length) {
    throw problem('duet.uneven-instances', {
      where,
      found: `${counted(base.length, 'base URL')} and ${counted(head.length, 'head URL')}`,
      expected:
        'as many instances of head as of base: several URLs of a side are instances of one build, and each counts once',
      instead: `${base.length > head.length ? '--head' : '--base'} URLs of further instances, or a duet for each build`,
    });
  }
  if (base.length <= mostInstances) return { kind: 'urls', base, head };
  throw problem('command.invalid-value', {
    where,
    found: `${counted(base.length, 'instance')} a side`,
    expected: `${mostInstances} at most, since each is loaded by a thread of its own`,
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
    const [target = ''] = names.base;
    const [prepared] = await prepareRuns([{ ...source, target }], options);
    const { plan, ...rest } = prepared as PreparedRun;
    for (const url of [...names.base, ...names.head]) {
      if (options.guard !== undefined) assertGuarded({ ...plan, target: parseTarget(url) }, options.guard);
    }
    return { ...rest, plan, names, serve: null };
  }
  const { target, serve } = await loadPlan(source, { cwd, env });
  const [prepared] = await prepareRuns([{ ...source, target: localUrl(target) }], options);
  const how = serve ?? (await readSettings(cwd)).serve ?? null;
  if (how !== null) {
    const { plan, budgets, gate } = prepared as PreparedRun;
    for (const ref of [names.base, ...names.heads]) await commitOf(cwd, ref, { env });
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
