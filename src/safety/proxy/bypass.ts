import { BlockList, isIP } from 'node:net';

/**
 * Whether a list as `NO_PROXY` holds it names a host, as curl reads it: names with all that is below them, with or without a
 * dot in front, addresses, networks such as 10.0.0.0/8, and `*` for everything. A name or an address may have a port.
 */
export function bypasses(list: string, host: string, port: number): boolean {
  const name = plain(host);
  return list
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => entry === '*' || matches(entry.toLowerCase(), name, port));
}

function matches(entry: string, host: string, port: number): boolean {
  const [, bracketed, named, ofPort] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  if (ofPort !== undefined && Number(ofPort) !== port) return false;
  const wanted = plain(bracketed ?? named ?? entry);
  if (isIP(host) !== 0) return matchesAddress(wanted, host);
  const suffix = wanted.replace(/^\.+/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}

function matchesAddress(wanted: string, host: string): boolean {
  const [address = '', bits] = wanted.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family) return false;
  const most = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (!/^\d{1,3}$/.test(bits ?? '0') || prefix > most) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const network = new BlockList();
  network.addSubnet(address, prefix, kind);
  return network.check(host, kind);
}

/** A name without the dot at its end, an address without brackets and zone. */
function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*/s, '')
    .replace(/\.$/, '');
}
