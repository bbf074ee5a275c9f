import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Target } from '../../model/run/plan.ts';
import { isItsOwnPeer } from '../../safety/loopback.ts';

const patienceMs = 1_000;

/**
 * Those of a target's addresses that accept a connection, or all where none does. A name such as `localhost` often has an
 * IPv4 and an IPv6 address, and the API listens on one: the other would fail its share of the requests.
 */
export async function acceptingAddresses(
  { port, socketPath }: Target,
  addresses: readonly string[],
): Promise<readonly string[]> {
  if (socketPath !== null || addresses.length < 2) return addresses;
  const answers = await Promise.all(addresses.map(address => accepts(address, port)));
  const accepting = addresses.filter((_, index) => answers[index]);
  return accepting.length === 0 ? addresses : accepting;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port, timeout: patienceMs });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(!isItsOwnPeer(socket)));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
  });
}

/** Whether an address is one of this machine's. */
export function isOwnAddress(address: string): boolean {
  if (address === '::1' || address.startsWith('127.') || address === '0.0.0.0' || address === '::')
    return true;
  return Object.values(networkInterfaces()).some(list => list?.some(own => own.address === address));
}
