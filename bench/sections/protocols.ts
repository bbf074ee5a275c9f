import { number, percent } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import { label, type Peer } from '../peers/peer.ts';
import { h2loadWith, k6Journey, plimsollWith } from '../peers/variants.ts';
import { findWrk } from '../peers/wrk.ts';
import type { Setting } from '../setting.ts';
import { type Nginx, startNginx } from '../targets/nginx.ts';
import { type Cost, type Costs, costOf, differenceIn } from './cost.ts';
import type { Measured } from './section.ts';

const connections = 64;
const streams = 8;
const usualRuns = 5;
const usualSeconds = 10;

/** A kind of request, Plimsoll with it, and others beside it. */
interface Contest {
  readonly what: string;
  readonly url: (nginx: Nginx) => string;
  readonly own: Peer;
  readonly rivals: readonly {
    readonly name: string;
    readonly peer: Peer | null;
    /** The most that Plimsoll may cost, as a multiple of this one. */
    readonly goal: number;
  }[];
}

const schema = {
  type: 'object',
  required: ['hello'],
  properties: { hello: { type: 'string', minLength: 1 } },
  additionalProperties: false,
};
const checked = { status: 200, schema: 'answer.schema.json' };
/** Three steps, each templated and checked; the first captures what the others send. */
const journey = {
  steps: [
    { request: 'GET /a?run={{iteration}}', capture: { word: '$.hello' }, expect: checked },
    { request: 'GET /b/{{word}}', expect: checked },
    { request: 'GET /c/{{word}}?page=2', expect: checked },
  ],
};

function contestsOf({ plimsoll, cli }: Setting): readonly Contest[] {
  const own = (name: string, rest: Parameters<typeof plimsollWith>[3]) =>
    plimsollWith(plimsoll, cli, name, rest, { 'answer.schema.json': schema });
  const fixed = { steps: ['GET /'] };
  const http2 = { protocol: 'http2', ...fixed };
  return [
    {
      what: `HTTP/2, ${connections / streams} connections with ${streams} streams each`,
      url: nginx => nginx.http2Url,
      own: own('plimsoll', { ...http2, connections: { streams } }),
      rivals: [{ name: 'h2load', peer: h2loadWith(streams), goal: 1.5 }],
    },
    {
      what: `HTTP/2, ${connections} connections with a stream each`,
      url: nginx => nginx.http2Url,
      own: own('plimsoll', http2),
      rivals: [{ name: 'h2load', peer: h2loadWith(1), goal: 1.5 }],
    },
    {
      what: 'HTTP/1.1 over TLS',
      url: nginx => nginx.tlsUrl,
      own: own('plimsoll', { insecure: true, ...fixed }),
      rivals: [{ name: 'wrk', peer: findWrk(), goal: 1.3 }],
    },
    {
      what: 'a journey of three steps',
      url: nginx => nginx.url,
      own: own('plimsoll', journey),
      rivals: [
        { name: 'plimsoll, a fixed request', peer: own('plimsoll, a fixed request', fixed), goal: 1.5 },
        { name: 'k6', peer: k6Journey(), goal: 0.2 },
      ],
    },
  ];
}

/** CPU time per request with HTTP/2, TLS and journeys, in closed loops against nginx; the generators take turns. */
export async function measureProtocols(setting: Setting): Promise<Measured> {
  const seconds = setting.seconds ?? usualSeconds;
  const rounds = setting.runs ?? usualRuns;
  const contests = contestsOf(setting).map(contest => ({
    contest,
    all: [contest.own, ...contest.rivals.flatMap(({ peer }) => peer ?? [])].map(
      (peer): Costs => ({ peer, runs: [], short: null, problems: [] }),
    ),
  }));
  const nginx = await startNginx();
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const { contest, all } of contests) {
        for (const costs of all) {
          const cost = await costOf(costs, { seconds, connections, url: contest.url(nginx) }, nginx);
          if (cost === null) continue;
          costs.runs.push(cost);
          const told = `${number(cost.cpuMicrosPerRequest)} µs, ${number(cost.perSecond)}/s`;
          setting.say(`protocols ${round}/${rounds} ${contest.what}, ${costs.peer.name}: ${told}`);
        }
      }
    }
  } finally {
    await nginx.stop();
  }
  const others = contests.flatMap(({ all }) => all.flatMap(({ runs }) => runs.map(run => run.othersShare)));
  return {
    tables: [
      {
        title: 'CPU time per request: HTTP/2, TLS and journeys',
        method: `As above: user and system time of the whole process over the requests that nginx served; ${connections} requests at once in a closed loop, generator on one core and nginx on another, medians of ${rounds} alternating runs of ${seconds} s. Each step of the journey is filled from a template and checked against a JSON Schema; the first captures what the others send.`,
        columns: [
          { title: 'requests', align: 'left' },
          { title: 'generator', align: 'left' },
          { title: 'µs/request', align: 'right' },
          { title: 'range', align: 'right' },
          { title: 'Plimsoll is ×', align: 'right' },
          { title: 'goal', align: 'left' },
          { title: 'requests/s', align: 'right' },
          { title: 'core', align: 'right' },
          { title: 'says − served', align: 'right' },
        ],
        rows: contests.flatMap(({ contest, all }) => rowsOf(contest, all)),
        notes: [
          `Everything else on the machine took ${percent(median(others), 2)} of the generator’s core at the median of all runs, ${percent(Math.max(...others), 2)} at most.`,
          'HTTP/2 is spoken with prior knowledge. Plimsoll sends it through `node:http2`, which alone costs most of what is measured.',
        ],
      },
    ],
    figures: contests.map(({ contest, all }) => ({
      requests: contest.what,
      generators: all.map(({ peer: { name, version }, runs, problems }) => ({
        ...{ name, version, runs, problems },
      })),
    })),
  };
}

function rowsOf({ what, rivals }: Contest, [own, ...others]: readonly Costs[]): readonly string[][] {
  const middle = (costs: Costs, of: (cost: Cost) => number) => median(costs.runs.map(of));
  const cells = (costs: Costs, ratio: string, goal: string, isFirst: boolean) => {
    if (costs.runs.length === 0) return [isFirst ? what : '', label(costs.peer), 'no report'];
    const micros = costs.runs.map(cost => cost.cpuMicrosPerRequest);
    return [
      isFirst ? what : '',
      label(costs.peer),
      number(median(micros)),
      `${number(Math.min(...micros))}–${number(Math.max(...micros))}`,
      ...[ratio, goal],
      number(middle(costs, cost => cost.perSecond)),
      percent(middle(costs, cost => cost.busy)),
      differenceIn(costs.runs),
    ];
  };
  if (own === undefined) return [];
  const rows = rivals.map(({ name, peer, goal }) => {
    const costs = others.find(other => other.peer === peer);
    if (costs === undefined) return ['', name, 'not found', '', '', `≤ ${goal} –`];
    const ratio =
      middle(own, cost => cost.cpuMicrosPerRequest) / middle(costs, cost => cost.cpuMicrosPerRequest);
    return cells(costs, number(ratio), `≤ ${goal} ${ratio <= goal ? '✓' : '✗'}`, false);
  });
  return [cells(own, '', '', true), ...rows];
}
