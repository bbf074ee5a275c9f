import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction, type NetConnectOpts } from 'node:net';
import type { Plan } from '../../model/run/plan.ts';
import { harmlessNetworks } from '../../safety/harmless-networks.ts';
import { firstHop } from './first-hop.ts';

/** Where connections go: one address after another. */
export interface Route {
  /** How many addresses are told apart: one where each connection resolves the name anew. */
  readonly addresses: number;
  /** Which of them the next connection goes to. */
  readonly upcoming: number;
  /** How to reach it; the turn then is the next one's. */
  take(): NetConnectOpts;
}

/**
 * The way to a plan's target, or to its proxy: its Unix socket; its addresses in turn, from the one at `first`; or its name, resolved for
 * each connection, in the address families that it had at the start.
 */
export function routeTo(
  plan: Pick<Plan, 'target' | 'transport' | 'proxies'>,
  addresses: readonly string[],
  first: number,
): Route {
  const hop = firstHop(plan);
  const { host, port, socketPath } = hop;
  if (socketPath !== null) return { addresses: 1, upcoming: 0, take: () => ({ path: socketPath }) };
  let turn = first;
  if (plan.transport.dns === 'perConnection' && isIP(host) === 0 && hop === plan.target) {
    const lookup = lookupInTurn(addresses, () => turn++);
    const take = () => ({ host, port, noDelay: true, autoSelectFamily: false, lookup });
    return { addresses: 1, upcoming: 0, take };
  }
  const count = Math.max(1, addresses.length);
  return {
    addresses: count,
    get upcoming() {
      return turn % count;
    },
    take: () => ({ host: addresses[turn++ % count] ?? host, port, noDelay: true }),
  };
}

const harmless = new BlockList();
for (const { network, prefix, family } of harmlessNetworks) harmless.addSubnet(network, prefix, family);

/** Resolves a name to one of its addresses; a name that was private at the start must stay so. */
function lookupInTurn(addresses: readonly string[], turn: () => number): LookupFunction {
  const families = new Set(addresses.map(isIP));
  const family = families.size === 1 ? isIP(addresses[0] ?? '') : 0;
  const staysPrivate = addresses.every(isHarmless);
  return (host, _options, callback) => {
    resolve(host, { all: true, family, verbatim: true }, (error, found) => {
      const chosen = error ? undefined : found[turn() % found.length];
      if (chosen === undefined) callback(error ?? unresolved(`no address for ${host}`), '', 0);
      else if (staysPrivate && !isHarmless(chosen.address)) {
        callback(unresolved(`${host} is ${chosen.address} by now, which is not private`), '', 0);
      } else callback(null, chosen.address, chosen.family);
    });
  };
}

function isHarmless(address: string): boolean {
  return harmless.check(address.replace(/%.*/s, ''), isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function unresolved(message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { syscall: 'getaddrinfo' });
}
