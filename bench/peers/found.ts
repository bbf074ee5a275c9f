import { findAb } from './ab.ts';
import { findAutocannon } from './autocannon.ts';
import { findH2load } from './h2load.ts';
import { findHey } from './hey.ts';
import { findK6 } from './k6.ts';
import { findOha } from './oha.ts';
import type { Peer } from './peer.ts';
import { findVegeta } from './vegeta.ts';
import { findWrk, findWrk2 } from './wrk.ts';

const finders: { readonly [name: string]: () => Peer | null } = {
  wrk: findWrk,
  wrk2: findWrk2,
  h2load: findH2load,
  ab: findAb,
  autocannon: findAutocannon,
  hey: findHey,
  oha: findOha,
  vegeta: findVegeta,
  k6: findK6,
};

/** Every peer that the bench knows, by name. */
export const peerNames: readonly string[] = Object.keys(finders);

/** The peers of these names that are on this machine, and the names of those that are not. */
export function peersFound(names: readonly string[]): {
  readonly found: readonly Peer[];
  readonly missing: readonly string[];
} {
  const sought = names.map(name => ({ name, peer: finders[name]?.() ?? null }));
  return {
    found: sought.flatMap(({ peer }) => peer ?? []),
    missing: sought.filter(({ peer }) => peer === null).map(({ name }) => name),
  };
}
