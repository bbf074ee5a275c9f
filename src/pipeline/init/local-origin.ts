import { isIP } from 'node:net';
import { isHarmless } from '../../safety/target.ts';

/** An origin that is loaded, and whether it is of this machine or a private network. */
export interface ChosenOrigin {
  readonly target: string;
  readonly isLocal: boolean;
}

/** Where an API under development usually listens. */
const usual = 'http://127.0.0.1:3000';

/** The origin of a source if it is local; else one of this machine: what was recorded in production is not loaded there. */
export function localOrigin(origin: string | null): ChosenOrigin {
  return { target: origin !== null && isLocal(origin) ? origin : usual, isLocal: true };
}

/** Whether an origin looks local: a harmless address, a name without a dot, or one of a domain that is never public. */
export function isLocal(origin: string): boolean {
  const host = new URL(origin).hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isHarmless(host);
  return !host.includes('.') || /\.(?:localhost|local|internal|test|home\.arpa)$/.test(host);
}
