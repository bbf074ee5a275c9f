import { number, percent } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import { label } from '../peers/peer.ts';
import type { Setting } from '../setting.ts';
import { startNginx } from '../targets/nginx.ts';
import { type Cost, type Costs, costOf, differenceIn, steadyMicros } from './cost.ts';
import type { Measured } from './section.ts';

/** The most that Plimsoll may cost, as a multiple of each peer. */
const goals: { readonly [peer: string]: number } = { wrk: 1.15, autocannon: 0.5, hey: 0.3, k6: 0.1 };
const connections = 64;
const usualRuns = 5;
const usualSeconds = 10;
/** The length of the run that tells what starting and ending cost. */
const shortSeconds = 1;

/** CPU time per request and the rate reached, in a closed loop against nginx; the generators take turns. */
export async function measureCpu(setting: Setting): Promise<Measured> {
  const seconds = setting.seconds ?? usualSeconds;
  const rounds = setting.runs ?? usualRuns;
  const all: readonly Costs[] = setting.all.map(peer => ({ peer, runs: [], short: null, problems: [] }));
  const nginx = await startNginx();
  try {
    for (const costs of all) {
      if (seconds > shortSeconds)
        costs.short = await costOf(costs, { seconds: shortSeconds, connections }, nginx);
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const costs of all) {
        const cost = await costOf(costs, { seconds, connections }, nginx);
        if (cost === null) continue;
        costs.runs.push(cost);
        const { cpuMicrosPerRequest, perSecond } = cost;
        setting.say(
          `cpu ${round}/${rounds} ${costs.peer.name}: ${number(cpuMicrosPerRequest)} µs, ${number(perSecond)}/s`,
        );
      }
    }
  } finally {
    await nginx.stop();
  }
  const [own] = all;
  if (own === undefined || own.runs.length === 0) throw new Error(`plimsoll: ${own?.problems.join('; ')}`);
  return measured(own, all, setting, seconds);
}

function measured(own: Costs, all: readonly Costs[], setting: Setting, seconds: number): Measured {
  const middle = ({ runs }: Costs, of: (cost: Cost) => number) => median(runs.map(of));
  const ownMicros = middle(own, cost => cost.cpuMicrosPerRequest);
  const rows = all.map(costs => {
    const { peer, runs, short } = costs;
    if (runs.length === 0) return [label(peer), 'no report'];
    const micros = runs.map(cost => cost.cpuMicrosPerRequest);
    const ratio = ownMicros / median(micros);
    const goal = goals[peer.name];
    return [
      label(peer),
      number(median(micros)),
      `${number(Math.min(...micros))}–${number(Math.max(...micros))}`,
      short === null ? '' : number(median(runs.map(cost => steadyMicros(cost, short)))),
      costs === own ? '' : number(ratio),
      goal === undefined ? '' : `≤ ${goal} ${ratio <= goal ? '✓' : '✗'}`,
      number(middle(costs, cost => cost.perSecond)),
      number(Math.max(...runs.map(cost => cost.perSecond))),
      percent(middle(costs, cost => cost.busy)),
      differenceIn(runs),
    ];
  });
  const unmeasured = setting.missing.map(name => {
    const goal = goals[name];
    return [name, 'not found', '', '', '', goal === undefined ? '' : `≤ ${goal} –`];
  });
  const others = all.flatMap(({ runs }) => runs.map(({ othersShare }) => othersShare));
  return {
    tables: [
      {
        title: 'CPU time per request and maximum rate',
        method: `User and system time of the whole process, all threads and children, from its start to its exit, over the requests that nginx served; ${connections} keep-alive connections, closed loop, generator on one core and nginx on another, medians of ${setting.runs ?? usualRuns} alternating runs of ${seconds} s, the same length for all.`,
        columns: [
          { title: 'generator', align: 'left' },
          { title: 'µs/request', align: 'right' },
          { title: 'range', align: 'right' },
          { title: 'without start', align: 'right' },
          { title: 'Plimsoll is ×', align: 'right' },
          { title: 'goal', align: 'left' },
          { title: 'requests/s', align: 'right' },
          { title: 'most', align: 'right' },
          { title: 'core', align: 'right' },
          { title: 'says − served', align: 'right' },
        ],
        rows: [...rows, ...unmeasured],
        notes: [
          '“µs/request” and the ratio include start-up and report. “without start” is the cost of the requests beyond a run of one second. Goal and ratio do not use it.',
          '“core” is the share of its core that the generator used. If it is well below 100%, nginx or other programs were the limit.',
          `Everything else on the machine took ${percent(median(others), 2)} of the generator’s core at the median of all runs, ${percent(Math.max(...others), 2)} at most.`,
          '“says − served” is the worst difference between the requests that a generator reports and those that nginx counted: a closed loop that stops at its end cuts off up to one request a connection.',
        ],
      },
    ],
    figures: all.map(({ peer: { name, version }, runs, short, problems }) => ({
      ...{ name, version, runs, short, problems },
    })),
  };
}
