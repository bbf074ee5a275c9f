import { connect, type NetConnectOpts } from 'node:net';
import { type HttpProxy, type Plan, usualStreams } from '../../model/run/plan.ts';
import { isItsOwnPeer } from '../../safety/loopback.ts';
import { proxyTo } from '../../safety/proxy/proxy-rules.ts';
import type { Clock } from '../request/clock.ts';
import { keptOf } from '../request/prepared-request.ts';
import { type SignalReader, signalReader } from '../request/signals.ts';
import { ConnectTimes } from './connect-times.ts';
import { BodyRoom } from './http1/body-room.ts';
import type { KeptHeads } from './http1/scanner.ts';
import { type Route, routeTo } from './route.ts';
import { type ConnectTls, tlsClient } from './tls-client.ts';
import { ofProxy, openTunnel } from './tunnel.ts';

/** What a connection hears of its socket. */
export interface SocketEvents {
  /** The server accepted; where TLS is spoken, the handshake begins. */
  reached(): void;
  /** The connection is ready for requests, TLS included. */
  ready(): void;
  /** The first `length` bytes of the buffer hold what came; they are gone after the call. */
  data(length: number, buffer: Buffer): void;
  /** The server closed its side. */
  ended(): void;
  failed(error: NodeJS.ErrnoException): void;
  closed(): void;
}

/** What a worker connects to: the plan's target at one of its addresses, by the worker's number. */
export interface Destination {
  readonly plan: Plan;
  readonly addresses: readonly string[];
  readonly worker: number;
  /** What all threads count the bodies in that they keep; one of its own where it is left out. */
  readonly keptBodies?: SharedArrayBuffer;
  /** Every answer is kept, to be shown; left out where those are that are read. */
  readonly keepsAnswers?: true;
}

/** Opens sockets to the target. */
export interface Connector {
  readonly secure: boolean;
  /** Whether a connection may carry more than one request. */
  readonly keeps: boolean;
  /** The largest answer in bytes. */
  readonly maxResponse: number;
  /** Where bodies are kept that are to be checked or captured from; null where none is. */
  readonly bodyRoom: BodyRoom | null;
  /** Reads what the scenario asks for of each answer's head; null where it asks for nothing. */
  readonly signals: SignalReader | null;
  /** Of which answers the head is kept: of each for signals, else of those whose head or body is read. */
  readonly keepsHeads: KeptHeads;
  /** Of HTTP/2, the most requests at once on a connection by the scenario, and by what servers allowed last. */
  readonly streams: number;
  allowed: number;
  /** How long connecting took so far. */
  readonly times: ConnectTimes;
  readonly route: Route;
  /** After how many answers the server was last seen to close a connection without notice; null where it was not. */
  closesAfter: number | null;
  open(events: SocketEvents): Pipe;
}

/** Where requests are written: a socket, or one in a tunnel that is still being opened. */
export interface Pipe {
  write(bytes: Buffer | string): void;
  destroy(): void;
}

/** One read buffer serves every connection of a loop, since each read is handled before the next. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** A connector for a plan's target at its resolved addresses; each worker begins with another of them. */
export function connectorFor(destination: Destination, clock: Clock): Connector {
  const { plan, addresses, worker, keptBodies, keepsAnswers } = destination;
  const secure = plan.target.protocol === 'https';
  const times = new ConnectTimes();
  const route = routeTo(plan, addresses, worker);
  const connectTls = secure ? tlsClient(plan) : null;
  const kept = keptOf(plan);
  const signals = signalReader(plan.signals);
  const { protocol, streams = usualStreams } = plan.transport;
  const proxy = proxyTo(plan.proxies, plan.target);
  return {
    secure,
    keeps: plan.transport.reconnect === 'asNeeded',
    maxResponse: plan.transport.maxResponse,
    bodyRoom: kept.bodies ? new BodyRoom(plan.transport.maxBodies, keptBodies) : null,
    signals,
    keepsHeads: signals !== null ? 'all' : kept.bodies || kept.heads || keepsAnswers ? 'asked' : 'none',
    streams,
    allowed: streams,
    times,
    route,
    closesAfter: null,
    open(events) {
      const onread = {
        buffer: readBuffer,
        callback: (length: number, buffer: Uint8Array) => {
          events.data(length, buffer as Buffer);
          return true;
        },
      };
      if (proxy !== null && connectTls !== null) {
        return throughTunnel({ plan, proxy, connectTls, times, clock, options: route.take() }, events);
      }
      let since = clock();
      // Node's HTTP/2 takes the bytes from the handle itself.
      const options = { ...route.take(), ...(protocol === 'http2' ? {} : { onread }) };
      const socket = connectTls === null ? connect(options) : connectTls(options);
      socket.once('lookup', () => {
        since = clock();
      });
      socket.once('connect', () => {
        if (isItsOwnPeer(socket)) return void socket.destroy(nobodyListens());
        const now = clock();
        times.connected(since, now);
        since = now;
        events.reached();
        if (!secure) events.ready();
      });
      if (secure) {
        socket.once('secureConnect', () => {
          times.secured(since, clock());
          events.ready();
        });
      }
      socket.on('end', events.ended);
      let isReached = proxy === null;
      socket.once('connect', () => {
        isReached = true;
      });
      socket.on('error', error => {
        events.failed(isReached || proxy === null ? error : ofProxy(error, proxy));
      });
      socket.on('close', events.closed);
      return socket;
    },
  };
}

/** What a tunnel needs. */
interface TunnelTerms {
  readonly plan: Plan;
  readonly proxy: HttpProxy;
  readonly connectTls: ConnectTls;
  readonly times: ConnectTimes;
  readonly clock: Clock;
  readonly options: NetConnectOpts;
}

/** Opens a way through a proxy, and speaks TLS with the target in it: only that ends at the target. */
function throughTunnel(
  { plan, proxy, connectTls, times, clock, options }: TunnelTerms,
  events: SocketEvents,
): Pipe {
  let since = clock();
  let socket = openTunnel(options, proxy, plan.target, {
    opened(tunnel) {
      const now = clock();
      times.connected(since, now);
      since = now;
      events.reached();
      socket = connectTls({ socket: tunnel, host: plan.target.host });
      socket.once('secureConnect', () => {
        times.secured(since, clock());
        events.ready();
      });
      socket.on('data', (chunk: Buffer) => events.data(chunk.length, chunk));
      socket.on('end', events.ended);
      socket.on('error', events.failed);
      socket.on('close', events.closed);
    },
    failed: events.failed,
  });
  return {
    write: bytes => void socket.write(bytes),
    destroy: () => void socket.destroy(),
  };
}

const nobodyListens = () =>
  Object.assign(new Error('nobody listens: the connection is one of the port with itself'), {
    code: 'ECONNREFUSED',
  });
