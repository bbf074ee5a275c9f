/**
 * The networks to which load may go unasked: loopback and private ones, and the unspecified address, which means this
 * machine. Link-local ones are not among them (clouds keep their metadata at 169.254.169.254), nor is the shared space of
 * carriers, 100.64.0.0/10. IPv4-mapped IPv6 addresses are in them with the IPv4 address that they hold.
 */
export const harmlessNetworks: readonly {
  readonly network: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}[] = [
  { network: '127.0.0.0', prefix: 8, family: 'ipv4' },
  { network: '10.0.0.0', prefix: 8, family: 'ipv4' },
  { network: '172.16.0.0', prefix: 12, family: 'ipv4' },
  { network: '192.168.0.0', prefix: 16, family: 'ipv4' },
  { network: '0.0.0.0', prefix: 32, family: 'ipv4' },
  { network: '::1', prefix: 128, family: 'ipv6' },
  { network: '::', prefix: 128, family: 'ipv6' },
  { network: 'fc00::', prefix: 7, family: 'ipv6' },
];
