import { createRequire } from 'node:module';
import type { CookieJar as Jar } from 'tough-cookie';
import type { SetCookie } from '../../model/run/plan.ts';
import { isSecretCookie } from '../../safety/secret.ts';
import { fieldValues } from './head-fields.ts';

const require = createRequire(import.meta.url);

/** What browsers keep of one site (RFC 6265, section 6.1, asks for no less): a target may set others without end. */
const mostCookies = 180;
const longestCookie = 4_096;

/** The cookies of one journey, kept and sent as RFC 6265 says. */
export class CookieJar {
  readonly #jar: Jar;
  readonly #secrets = new Set<string>();
  /** Which cookies it ever had. */
  readonly #names = new Set<string>();
  readonly #kept: SetCookie[] = [];

  /** One that begins with cookies which other answers set. */
  constructor(first: readonly SetCookie[] = []) {
    const { CookieJar: Jar } = require('tough-cookie') as typeof import('tough-cookie');
    this.#jar = new Jar();
    for (const cookie of first) this.#keep(cookie);
  }

  /** What was kept, in its order. */
  get kept(): readonly SetCookie[] {
    return this.#kept;
  }

  /** The values that are secrets. */
  get secrets(): ReadonlySet<string> {
    return this.#secrets;
  }

  /** Keeps what an answer sets; one that is malformed, or set for another site, is left out. */
  keep(head: string, url: string): void {
    for (const field of fieldValues(head, 'set-cookie')) this.#keep({ field, url, atMs: Date.now() });
  }

  #keep(set: SetCookie): void {
    const { field, url, atMs } = set;
    if (field.length > longestCookie || this.#names.size >= mostCookies) return;
    const cookie = this.#jar.setCookieSync(field, url, { ignoreError: true, now: new Date(atMs) });
    if (cookie === undefined) return;
    this.#kept.push(set);
    this.#names.add(`${cookie.domain} ${cookie.path} ${cookie.key}`);
    if (isSecretCookie(cookie.key, cookie.value)) this.#secrets.add(cookie.value);
  }

  /** What a request sends in its `cookie` header; often nothing. */
  sentTo(url: string): string {
    return this.#jar.getCookieStringSync(url);
  }
}
