import { thrownBy } from '../../code/thrown.ts';
import { UserCodeError, userCall } from '../../code/user-functions.ts';
import type { ScenarioResponse } from '../../model/code/user-code.ts';
import type { FunctionPlace } from '../../model/code/user-module.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Journey, RequestStep } from '../../model/run/scenario.ts';
import type { CheckedAnswer, CheckTally } from '../answer/answer-check.ts';
import { type ScriptedUser, userViews } from '../form/scripted-user.ts';

/** A function that makes up names would fill the report with them. */
const mostNames = 50;
const longestName = 100;

const none: ReadonlySet<string> = new Set();

/** An answer that is not JSON fails the check that reads it so. */
class NotJson extends Error {}

/** The checks that the function of a step makes. */
export class ScriptedChecks {
  readonly #endpoint: number;
  readonly #call: (...given: readonly unknown[]) => unknown;
  readonly #viewOf: ReturnType<typeof userViews>;
  readonly #tallies = new Map<string, CheckTally>();

  constructor(
    { endpoint, check: place }: RequestStep & { readonly check: FunctionPlace },
    plan: Plan,
    journey: Journey,
  ) {
    this.#endpoint = endpoint;
    this.#call = userCall({ kind: 'check', place, endpoint });
    this.#viewOf = userViews('check', plan, journey);
  }

  /** What was counted so far. */
  get tallies(): readonly CheckTally[] {
    return [...this.#tallies.values()];
  }

  /** What is wrong with an answer, or null; each check is counted. What the function throws is a `UserCodeError`. */
  fault(answer: CheckedAnswer, user: ScriptedUser): string | null {
    try {
      return this.#count(this.#call(responseOf(answer), this.#viewOf(user)));
    } catch (error) {
      this.#tally('check').failed += 1;
      if (error instanceof UserCodeError && error.cause instanceof NotJson)
        return 'check: the body is not JSON';
      if (error instanceof UserCodeError) throw error;
      throw new UserCodeError(`check answered with what cannot be read: ${thrownBy(error, none).what}`);
    }
  }

  #count(answered: unknown): string | null {
    if (typeof answered !== 'object' || answered === null) return this.#countOne('check', answered, 'check');
    let first: string | null = null;
    for (const [name, held] of Object.entries(answered)) {
      const found = this.#countOne(name.slice(0, longestName), held, `check "${name.slice(0, longestName)}"`);
      first ??= found;
    }
    return first;
  }

  #countOne(name: string, held: unknown, shown: string): string | null {
    if (held !== true && held !== false && typeof held !== 'string') {
      throw new UserCodeError(
        `${shown} answered ${held === null ? 'null' : typeof held}: true, false or a text is expected`,
      );
    }
    const tally = this.#tally(name);
    if (held === true) tally.passed += 1;
    else tally.failed += 1;
    if (held === true) return null;
    return typeof held === 'string' && held !== '' ? `${shown}: ${held}` : `${shown} does not hold`;
  }

  #tally(check: string): CheckTally {
    const known = this.#tallies.get(check);
    if (known !== undefined) return known;
    if (this.#tallies.size >= mostNames)
      throw new UserCodeError(`check answered more than ${mostNames} different names`);
    const tally = { endpoint: this.#endpoint, check, passed: 0, failed: 0 };
    this.#tallies.set(check, tally);
    return tally;
  }
}

function responseOf({ head, text, json, bytes, serviceMs }: CheckedAnswer): ScenarioResponse {
  return {
    status: Number(/^\S+ (\d{3})/.exec(head)?.[1] ?? 0),
    get headers() {
      return headersIn(head);
    },
    body: text,
    bytes,
    serviceMs,
    json<Value>(): Value {
      if (json !== null) return json.value as Value;
      try {
        return JSON.parse(text) as Value;
      } catch {
        throw new NotJson('the body is not JSON');
      }
    },
  };
}

function headersIn(head: string): { readonly [name: string]: string } {
  const headers: { [name: string]: string } = Object.create(null);
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
