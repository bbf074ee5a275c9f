import { networkInterfaces } from 'node:os';

/** Whether an address is one of this machine's. */
export function isOwnAddress(address: string): boolean {
  if (address === '::1' || address.startsWith('127.') || address === '0.0.0.0' || address === '::')
    return true;
  return Object.values(networkInterfaces()).some(list => list?.some(own => own.address === address));
}
