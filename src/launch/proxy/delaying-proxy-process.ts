import { type AddressInfo, connect, createServer } from 'node:net';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { Port } from '../process/port.ts';
import { answerDelays } from './answer-delays.ts';
import { tunnel } from './delaying-tunnel.ts';

/** What the proxy's process is told. */
export type ProxyOrder =
  | { readonly kind: 'open'; readonly server: Port; readonly endpoints: readonly string[] }
  | { readonly kind: 'rule'; readonly rule: DelayRule };

/** What it answers, one of them to each order. */
export type ProxyAnswer =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'ruled' };

const backlog = 4_096;
let delays = answerDelays([]);

process.on('message', (order: ProxyOrder) => {
  if (order.kind === 'open') return open(order);
  delays.setRule(order.rule);
  answer({ kind: 'ruled' });
});
// Whoever started it is gone, in whatever way.
process.on('disconnect', () => process.exit());

function open({ server, endpoints }: Extract<ProxyOrder, { kind: 'open' }>): void {
  delays = answerDelays(endpoints);
  const listener = createServer({ allowHalfOpen: true, noDelay: true }, client => {
    tunnel(client, connect({ ...server, allowHalfOpen: true, noDelay: true }), delays);
  });
  listener.once('error', error => answer({ kind: 'failed', reason: error.message }));
  listener.listen({ host: '127.0.0.1', port: 0, backlog }, () => {
    answer({ kind: 'listening', port: (listener.address() as AddressInfo).port });
  });
}

function answer(said: ProxyAnswer): void {
  process.send?.(said);
}
