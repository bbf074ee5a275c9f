import { readFileSync } from 'node:fs';
import type { Fingerprint } from '../src/model/run/record.ts';
import { fingerprintOf } from '../src/store/git/fingerprint.ts';
import { percent } from '../src/words/quantity-text.ts';
import { busyShares } from './core-time.ts';
import { generatorCore, targetCore } from './cores.ts';
import type { Peer } from './peers/peer.ts';
import { nginxVersion } from './targets/nginx.ts';

/** Above this share of either core the noise is larger than what is compared. */
const mostBusy = 0.1;

/** The machine and every program that took part. */
export interface BenchFingerprint extends Fingerprint {
  readonly nginx: string | null;
  /** How busy the cores were before the first run, by shares of time: the target's, the generator's. */
  readonly busyBefore: readonly number[];
  readonly generators: { readonly [name: string]: string };
}

/** Describes this machine and these generators. */
export async function benchFingerprint(
  folder: string,
  plimsoll: string,
  generators: readonly Peer[],
): Promise<BenchFingerprint> {
  return {
    ...(await fingerprintOf({ targetHost: '127.0.0.1', plimsoll, cwd: folder, env: process.env })),
    nginx: nginxVersion(),
    busyBefore: await busyShares([targetCore, generatorCore]),
    generators: Object.fromEntries(generators.map(({ name, version }) => [name, version])),
  };
}

/** The machine in one line. */
export function machineLine({
  cpu,
  cores,
  memoryMb,
  os,
  node,
  nginx,
  git,
  busyBefore,
}: BenchFingerprint): string {
  const commit = git === null ? '' : `, commit ${git.commit.slice(0, 7)}${git.dirty ? ' with changes' : ''}`;
  return `${cpu}, ${cores} cores, ${Math.round(memoryMb / 1_024)} GB, ${os}, Node ${node}, nginx ${nginx ?? '–'}${commit}; other programs kept the two cores ${busyBefore.map(share => percent(share, 2)).join(' and ')} busy`;
}

/** True where other programs leave too little of the cores for figures that carry. */
export function isBusy({ busyBefore }: BenchFingerprint): boolean {
  return busyBefore.some(share => share > mostBusy);
}

/** The version of the project in a folder. */
export function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }).version;
}
