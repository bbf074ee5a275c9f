import { promises as dns, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { problem } from '../model/error.ts';
import type { HttpProxy, Target } from '../model/run/plan.ts';
import { harmlessNetworks } from './harmless-networks.ts';

/** Resolves a host to all its addresses. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

const lookupTimeoutMs = 5_000;

const harmless = new BlockList();
for (const { network, prefix, family } of harmlessNetworks) harmless.addSubnet(network, prefix, family);

/**
 * Resolves the target's name once. Unless the host is named in `allowHosts`, every address must be loopback or
 * private: else `target.not-allowed`. A name without an address within five seconds is `target.unresolved`. A Unix socket is
 * on this machine and has no address.
 */
export async function resolveTarget(target: Target, terms: ResolveTerms): Promise<readonly string[]> {
  if (target.socketPath !== null) return [];
  const { allowHosts, lookup = systemLookup, proxy = null } = terms;
  if (proxy !== null) return await resolveProxy(target, proxy, allowHosts, lookup);
  const addresses = await addressesOf(target, lookup);
  assertAllowed(target, addresses, allowHosts);
  return addresses;
}

/** By what a target is resolved. */
interface ResolveTerms {
  readonly allowHosts: readonly string[];
  readonly lookup?: Lookup;
  /** The proxy through which it is asked; the addresses then are the proxy's. */
  readonly proxy?: HttpProxy | null;
}

/** Behind a proxy, a name need not have an address here: it must be allowed then, whatever it is. */
async function resolveProxy(
  target: Target,
  proxy: HttpProxy,
  allowHosts: readonly string[],
  lookup: Lookup,
): Promise<readonly string[]> {
  const isNamed = allowHosts.some(pattern => matchesHost(pattern, target.host));
  const known = isNamed ? [] : await addressesOf(target, lookup).catch(() => [target.host]);
  assertAllowed(target, known, allowHosts);
  const first = { ...target, url: proxy.url, host: proxy.host, port: proxy.port };
  return await addressesOf(first, lookup);
}

function assertAllowed(target: Target, addresses: readonly string[], allowHosts: readonly string[]): void {
  const untrusted = addresses.find(address => !isHarmless(address));
  if (untrusted !== undefined && !allowHosts.some(pattern => matchesHost(pattern, target.host))) {
    throw problem('target.not-allowed', {
      where: originOf(target),
      found: untrusted === target.host ? untrusted : `${target.host}, which is ${untrusted}`,
      expected: 'a loopback or private address, or a host that you name',
      instead: `--allow-host ${target.host}, or { "allowHosts": ["${target.host}"] } in plimsoll.config.json, if this load may reach it`,
    });
  }
}

/** Whether an address is loopback or private. */
export function isHarmless(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && harmless.check(address.replace(/%.*/s, ''), family === 6 ? 'ipv6' : 'ipv4');
}

/** A base path may hold a secret, and has no part in whether a host is found. */
const originOf = ({ url }: Target) => new URL(url).origin;

async function addressesOf(target: Target, lookup: Lookup): Promise<readonly string[]> {
  const { host } = target;
  if (isIP(host) !== 0) return [host];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${lookupTimeoutMs / 1_000} s`)),
      lookupTimeoutMs,
    );
  });
  try {
    const found = await Promise.race([lookup(host), late]);
    if (found.length === 0) throw new Error('no address');
    return [...new Set(found.map(({ address }) => address))];
  } catch (cause) {
    throw problem(
      'target.unresolved',
      { where: originOf(target), found: reasonOf(host, cause as NodeJS.ErrnoException) },
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(host: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOTFOUND') return `no address for ${host} (ENOTFOUND)`;
  if (code === 'EAI_AGAIN') return `no name server that answers for ${host} (EAI_AGAIN)`;
  return `${message} for ${host}`;
}

function systemLookup(host: string): Promise<readonly LookupAddress[]> {
  return dns.lookup(host, { all: true, verbatim: true });
}

/** Whether a host is the one that a pattern names, or below a `*.`. */
export function matchesHost(pattern: string, host: string): boolean {
  const allowed = plainHost(pattern);
  const name = plainHost(host);
  return allowed.startsWith('*.')
    ? name.endsWith(allowed.slice(1)) && name.length > allowed.length - 1
    : name === allowed;
}

function plainHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}
