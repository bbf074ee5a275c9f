import type { RunRecord } from '../../src/model/run/record.ts';
import { number, percent, span } from '../../src/words/quantity-text.ts';
import { median } from '../median.ts';
import { runPeer } from '../peer-run.ts';
import { recordIn } from '../peers/plimsoll.ts';
import type { Setting } from '../setting.ts';
import { startNginx } from '../targets/nginx.ts';
import type { Measured } from './section.ts';

const rate = 5_000;
const manyConnections = 5_000;
const manyConnectionsSeconds = 60;
const mostGrowth = 0.1;
/** The warm-up: this share of the run; then memory is read over a tenth of it, and again over the last tenth. */
const warmupShare = 0.2;
const readingShare = 0.1;

interface Soak {
  readonly name: string;
  readonly seconds: number;
  readonly due: number;
  readonly ok: number;
  readonly failed: number;
  readonly unfinished: number;
  readonly balances: boolean;
  /** Requests that nginx counted meanwhile. */
  readonly served: number;
  readonly residentBytes: readonly number[];
  readonly growth: number;
}

/** Minutes at 5,000/s and a minute with 5,000 connections: memory must stay flat and every request be accounted for. */
export async function measureSoak(setting: Setting): Promise<Measured> {
  const nginx = await startNginx();
  try {
    const common = { url: nginx.url, method: 'GET', timeoutSeconds: 10 } as const;
    const loads = [
      { name: `${number(rate)}/s`, seconds: Math.round(setting.minutes * 60), connections: 64, rate },
      {
        name: `${number(manyConnections)} connections`,
        seconds: setting.seconds ?? manyConnectionsSeconds,
        connections: manyConnections,
        rate: null,
      },
    ];
    const soaks: Soak[] = [];
    for (const { name, ...load } of loads) {
      setting.say(`soak: ${name} for ${load.seconds} s`);
      const before = await nginx.seen();
      const run = await runPeer(
        setting.plimsoll,
        { ...common, ...load },
        { watchMemoryMs: 1_000, keep: recordIn },
      );
      if (run === null || run.state === 'failed') throw new Error(`plimsoll: ${run?.problem}`);
      if (run.kept === null) throw new Error('plimsoll: no record');
      const served = (await nginx.seen()).requests - before.requests - 1;
      const { residentBytes } = run.ended;
      soaks.push({ name, seconds: load.seconds, ...countsIn(run.kept), served, ...memoryOf(residentBytes) });
    }
    return { tables: [soakTable(soaks)], figures: soaks };
  } finally {
    await nginx.stop();
  }
}

function countsIn({ measurement }: RunRecord) {
  const all = measurement.endpoints.flatMap(({ windows }) => windows.map(({ counts }) => counts));
  const sum = (of: (counts: (typeof all)[number]) => number) =>
    all.reduce((total, each) => total + of(each), 0);
  const due = sum(counts => counts.due);
  const ok = sum(counts => counts.ok);
  const failed = sum(counts => Object.values(counts.failed).reduce((total, count) => total + count, 0));
  const unfinished = sum(counts => counts.unfinished);
  return { due, ok, failed, unfinished, balances: due === ok + failed + unfinished };
}

function memoryOf(residentBytes: readonly number[]) {
  return { residentBytes, growth: growthOf(residentBytes) };
}

/** Growth from the tenth that follows the warm-up to the last tenth, by medians of the readings. */
export function growthOf(readings: readonly number[]): number {
  const warm = Math.floor(readings.length * warmupShare);
  const stretch = Math.max(1, Math.floor(readings.length * readingShare));
  return median(readings.slice(-stretch)) / median(readings.slice(warm, warm + stretch)) - 1;
}

function soakTable(soaks: readonly Soak[]) {
  return {
    title: 'Soak',
    method:
      'Plimsoll on one core against nginx on another. Resident memory was read once a second. Its growth compares the tenth of the run after the first fifth with the last tenth. The goal is less than 10%.',
    columns: [
      { title: 'load', align: 'left' as const },
      { title: 'length', align: 'right' as const },
      { title: 'due', align: 'right' as const },
      { title: 'ok', align: 'right' as const },
      { title: 'failed', align: 'right' as const },
      { title: 'unfinished', align: 'right' as const },
      { title: 'due = sum', align: 'left' as const },
      { title: 'nginx served', align: 'right' as const },
      { title: 'most memory', align: 'right' as const },
      { title: 'growth', align: 'right' as const },
    ],
    rows: soaks.map(({ name, seconds, due, ok, failed, unfinished, balances, served, ...memory }) => [
      ...[name, span(seconds * 1_000)],
      ...[due, ok, failed, unfinished].map(count => number(count, 12)),
      ...[balances ? '✓' : '✗', number(served, 12)],
      `${number(Math.max(...memory.residentBytes) / 1e6)} MB`,
      `${percent(memory.growth)} ${memory.growth < mostGrowth ? '✓' : '✗'}`,
    ]),
    notes: [],
  };
}
