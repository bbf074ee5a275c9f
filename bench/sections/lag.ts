import { Histogram } from '../../src/stats/histogram.ts';
import { duration, number, percent } from '../../src/words/quantity-text.ts';
import { type Evenness, evennessOf } from '../arrivals.ts';
import { runPeer } from '../peer-run.ts';
import { recordIn } from '../peers/plimsoll.ts';
import type { Setting } from '../setting.ts';
import type { Table } from '../table.ts';
import { startNginx } from '../targets/nginx.ts';
import { startScripted } from '../targets/scripted.ts';
import type { Measured } from './section.ts';

/** Rates per second, and the most that send lag may be at p50 and p99. */
const rates = [
  { rate: 200, p50Us: 20, p99Us: 500 },
  { rate: 2_000, p50Us: 20, p99Us: 500 },
  { rate: 10_000, p50Us: 20, p99Us: 1_000 },
];
const evennessRates = [200, 2_000];
const usualLagSeconds = 10;
const usualSeconds = 5;
/** What generators with a fixed number of connections get for their rate. */
const connections = 20;

interface Lag {
  readonly rate: number;
  /** True where Plimsoll could use the target's core too. */
  readonly isFree: boolean;
  readonly due: number;
  readonly pacing: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** The share of the generator's core that everything else took; null where it was free. */
  readonly othersShare: number | null;
}

/** How late Plimsoll sends by its own account, and how evenly its requests and those of its peers arrive. */
export async function measureLag(setting: Setting): Promise<Measured> {
  const seconds = setting.seconds ?? usualLagSeconds;
  const lags = await ownLags(setting, seconds);
  const evenness = await evennessOfAll(setting);
  return { tables: [lagTable(lags, seconds), evennessTable(evenness, setting)], figures: { lags, evenness } };
}

async function ownLags(setting: Setting, seconds: number): Promise<readonly Lag[]> {
  const nginx = await startNginx();
  const lags: Lag[] = [];
  try {
    for (const isFree of [true, false]) {
      for (const { rate } of rates) {
        const load = {
          url: nginx.url,
          method: 'GET',
          seconds,
          connections,
          timeoutSeconds: 10,
          rate,
        } as const;
        const run = await runPeer(setting.plimsoll, load, { isFree, keep: recordIn });
        if (run === null || run.state === 'failed') throw new Error(`plimsoll: ${run?.problem}`);
        if (run.kept === null) throw new Error('plimsoll: no record');
        const { pacing, sendLag } = run.kept.measurement.generator;
        const lag = Histogram.decode(sendLag);
        const [p50Us, p99Us, maxUs] = [lag.quantile(0.5), lag.quantile(0.99), lag.max];
        const othersShare = isFree ? null : run.othersShare;
        lags.push({ rate, isFree, due: run.report.requests, pacing, p50Us, p99Us, maxUs, othersShare });
        setting.say(`lag at ${rate}/s: p50 ${p50Us} µs, p99 ${p99Us} µs`);
      }
    }
  } finally {
    await nginx.stop();
  }
  return lags;
}

function lagTable(lags: readonly Lag[], seconds: number): Table {
  const judged = (us: number, most: number) => `${duration(us / 1_000)} ${us <= most ? '✓' : '✗'}`;
  return {
    title: 'Send lag',
    method: `How late Plimsoll sent a request although a connection was free, by its own record, in an open load of ${seconds} s in precise pacing against nginx, which is pinned to one core.`,
    columns: [
      { title: 'Plimsoll on', align: 'left' },
      { title: 'rate', align: 'right' },
      { title: 'requests', align: 'right' },
      { title: 'pacing', align: 'left' },
      { title: 'p50', align: 'right' },
      { title: 'goal', align: 'right' },
      { title: 'p99', align: 'right' },
      { title: 'goal', align: 'right' },
      { title: 'max', align: 'right' },
      { title: 'others', align: 'right' },
    ],
    rows: lags.map(({ rate, isFree, due, pacing, p50Us, p99Us, maxUs, othersShare }) => {
      const goal = rates.find(each => each.rate === rate);
      const [most50, most99] = [goal?.p50Us ?? 0, goal?.p99Us ?? 0];
      return [
        ...[isFree ? 'both cores' : 'the other core', `${number(rate)}/s`, number(due, 9), pacing],
        ...[judged(p50Us, most50), `≤ ${duration(most50 / 1_000)}`],
        ...[judged(p99Us, most99), `≤ ${duration(most99 / 1_000)}`, duration(maxUs / 1_000)],
        othersShare === null ? '–' : percent(othersShare, 2),
      ];
    }),
    notes: [
      'On both cores, which is the default, the thread that sends has a core to spin on, and the rest of the process shares the other one with nginx. On one core they share it.',
      '“others” is the share of that core that everything else on the machine took meanwhile.',
    ],
  };
}

interface PeerEvenness extends Evenness {
  readonly name: string;
  readonly rate: number;
}

async function evennessOfAll(setting: Setting): Promise<readonly PeerEvenness[]> {
  const peers = setting.all.filter(({ hasRate }) => hasRate);
  const path = (name: string, rate: number) => `/${name}/${rate}`;
  const every = evennessRates.flatMap(rate => peers.map(peer => ({ peer, rate })));
  const target = await startScripted(
    Object.fromEntries(every.map(({ peer, rate }) => [path(peer.name, rate), {}])),
  );
  try {
    for (const { peer, rate } of every) {
      const seconds = setting.seconds ?? usualSeconds;
      const url = target.url + path(peer.name, rate);
      const load = { url, method: 'GET', seconds, connections, timeoutSeconds: 10, rate } as const;
      await runPeer(peer, load);
      setting.say(`arrivals of ${peer.name} at ${rate}/s`);
    }
    const { arrivals } = await target.counts();
    return every.flatMap(({ peer, rate }) => {
      const moments = arrivals[path(peer.name, rate)];
      return moments === undefined ? [] : [{ name: peer.name, rate, ...evennessOf(moments, rate) }];
    });
  } finally {
    await target.stop();
  }
}

function evennessTable(all: readonly PeerEvenness[], setting: Setting): Table {
  return {
    title: 'Arrivals at the target',
    method: `When requests arrived at a target that logs it, asked for at a constant rate for ${setting.seconds ?? usualSeconds} s, generator on one core and target on the other; generators with a fixed number of connections had ${connections}.`,
    columns: [
      { title: 'asked for', align: 'right' },
      { title: 'generator', align: 'left' },
      { title: 'arrived', align: 'right' },
      { title: 'busiest 10 ms', align: 'right' },
      { title: 'behind schedule p50', align: 'right' },
      { title: 'p99', align: 'right' },
    ],
    rows: all.map(({ rate, name, perSecond, busiest10Ms, behindMs }) => [
      ...[`${number(rate)}/s`, name, `${number(perSecond)}/s`, `${number(busiest10Ms)} × its share`],
      ...[duration(behindMs.p50), duration(behindMs.p99)],
    ]),
    notes: [],
  };
}
