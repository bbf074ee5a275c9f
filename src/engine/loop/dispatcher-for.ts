import type { Plan } from '../../model/run/plan.ts';
import type { Clock } from '../request/clock.ts';
import type { Connector } from '../transport/connector.ts';
import type { DispatchEvents, Dispatcher } from '../transport/dispatcher.ts';
import { Attempts } from '../transport/http2/attempts.ts';
import { OwnStreams } from '../transport/http2/own-streams.ts';
import { StreamPool } from '../transport/http2/stream-pool.ts';
import { OwnConnections } from '../transport/own-connections.ts';
import { SharedPool } from '../transport/shared-pool.ts';

/** Which worker of how many a dispatcher works for. */
interface Place {
  readonly plan: Plan;
  readonly worker: number;
  readonly workers: number;
}

/** What brings users and connections together, by the plan's load and protocol. */
export function dispatcherFor(
  { plan, worker, workers }: Place,
  clock: Clock,
  connector: Connector,
  events: DispatchEvents,
): Dispatcher {
  const { load, connections, transport } = plan;
  const isHttp2 = transport.protocol === 'http2';
  if (load.model === 'open') {
    const max = Math.max(1, Math.ceil((connections.max - worker) / workers));
    if (!isHttp2) return new SharedPool(clock, connector, max, events);
    const attempts = new Attempts(connector.route.addresses);
    return new StreamPool(clock, connector, { max, attempts, failsFast: true }, events);
  }
  if (!isHttp2) return new OwnConnections(clock, connector, events);
  const usersPerConnection = transport.streams ?? 1;
  return new OwnStreams(clock, connector, { usersPerConnection, workers }, events);
}
