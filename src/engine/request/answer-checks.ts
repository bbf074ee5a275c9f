import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Check, Expression, Journey, RequestStep } from '../../model/run/scenario.ts';
import { type Micros, microsToMillis } from '../../model/units.ts';
import { TooMuchText } from '../../safety/linear-pattern.ts';
import { type SchemaCheck, schemaCheck } from '../../safety/schema-check.ts';
import { type CheckedAnswer, type CheckTally, type ReadyCheck, readyCheck } from '../answer/answer-check.ts';
import type { CapturedAnswer } from '../answer/captured-value.ts';
import type { ScriptedUser } from '../form/scripted-user.ts';
import { errorsIn } from './error-look.ts';
import { ScriptedChecks } from './scripted-checks.ts';

/** What of a user its checks need. */
interface AnsweredUser extends ScriptedUser {
  readonly bytesReceived: number;
  fill(expression: Expression, before: string): string;
}

interface Counted {
  readonly tally: CheckTally;
  readonly fault: ReadyCheck;
}

/** What a step expects of its answers, each check counted; null where that is nothing but a usual status. */
export function answerChecks(step: RequestStep, plan: Plan, journey: Journey): AnswerChecks | null {
  const { statuses, schema, graphql, checks = [] } = step.expect;
  const isPlain = schema === null && graphql === undefined && checks.length === 0 && step.check === undefined;
  return statuses === null && isPlain ? null : new AnswerChecks(step, plan, journey);
}

/** The checks of one step. */
export class AnswerChecks {
  readonly #status: CheckTally | null;
  readonly #all: readonly Counted[];
  readonly #scripted: ScriptedChecks | null;

  constructor(step: RequestStep, plan: Plan, journey: Journey) {
    const { endpoint, expect, check } = step;
    this.#scripted = check === undefined ? null : new ScriptedChecks({ ...step, check }, plan, journey);
    const tallyOf = (check: string): CheckTally => ({ endpoint, check, passed: 0, failed: 0 });
    const counted = (check: string, fault: ReadyCheck): Counted => ({ tally: tallyOf(check), fault });
    this.#status = expect.statuses === null ? null : tallyOf('status');
    const { checks = [], graphql, schema } = expect;
    this.#all = [
      ...checks.map(check => counted(nameOf(check), named(check))),
      ...(graphql === undefined ? [] : [counted('graphql', graphqlErrors)]),
      ...(schema === null ? [] : [counted('schema', schemaFault(schema, endpoint, plan))]),
    ];
  }

  /** What was counted so far. */
  get tallies(): readonly CheckTally[] {
    const others = [...this.#all.map(({ tally }) => tally), ...(this.#scripted?.tallies ?? [])];
    return this.#status === null ? others : [this.#status, ...others];
  }

  /** Counts an answer with an unexpected status, of which nothing else is checked; answers what the signal says of it. */
  unexpectedStatus(): number {
    if (this.#status !== null) this.#status.failed += 1;
    return 0;
  }

  /** Counts an answer whose body cannot be read. */
  unreadable(): void {
    if (this.#status !== null) this.#status.passed += 1;
    for (const { tally } of this.#all) tally.failed += 1;
  }

  /** What of an answer with an expected status is not as expected, first of all, or null; each check is counted. */
  fault(answer: CapturedAnswer, user: AnsweredUser, took: Micros): string | null {
    if (this.#status !== null) this.#status.passed += 1;
    if (this.#all.length === 0 && this.#scripted === null) return null;
    const { head, text, json } = answer;
    // Spread out, it would cost as much as everything else that a check does.
    const checked = { head, text, json, bytes: user.bytesReceived, serviceMs: microsToMillis(took) };
    let first: string | null = null;
    for (const { tally, fault } of this.#all) {
      const found = attempted(fault, checked, user);
      if (found === null) tally.passed += 1;
      else tally.failed += 1;
      first ??= found;
    }
    const scripted = this.#scripted?.fault(checked, user) ?? null;
    return first ?? scripted;
  }
}

/** A value that is nested too deeply, or too long to be matched, is not as expected. */
function attempted(fault: ReadyCheck, answer: CheckedAnswer, user: AnsweredUser): string | null {
  try {
    return fault(answer, expression => user.fill(expression, ''));
  } catch (error) {
    if (error instanceof RangeError) return 'the body is nested too deeply';
    if (error instanceof TooMuchText) return error.message;
    throw error;
  }
}

function nameOf(check: Check): string {
  if (check.kind === 'header') return `header ${check.header}`;
  return check.kind === 'json' ? `json ${check.name}` : check.kind;
}

function named(check: Check): ReadyCheck {
  const fault = readyCheck(check);
  const name = nameOf(check);
  return (answer, fill) => {
    const found = fault(answer, fill);
    return found === null ? null : `${name}: ${found}`;
  };
}

const graphqlErrors: ReadyCheck = ({ json }) => {
  const errors = errorsIn(json?.value).length;
  return errors === 0 ? null : `GraphQL answered with ${errors} ${errors === 1 ? 'error' : 'errors'}`;
};

/** A JSON Schema that is none is a `PlimsollError`. */
function schemaFault(schema: object, endpoint: number, plan: Plan): ReadyCheck {
  const validate = compiled(schema, endpoint, plan);
  return ({ json }) => {
    const mismatch = validate(json?.value);
    if (mismatch === null) return null;
    const { instancePath, message = '' } = mismatch;
    return `the body does not match its schema: ${instancePath || 'the root'} ${message}`;
  };
}

function compiled(schema: object, endpoint: number, plan: Plan): SchemaCheck {
  try {
    return schemaCheck(schema);
  } catch (error) {
    throw problem('schema.invalid', {
      where: `${plan.file ?? plan.scenario}: the schema expected of ${plan.endpoints[endpoint]?.name}`,
      found: error instanceof Error ? error.message : String(error),
      expected: 'a JSON Schema (draft 7 or 2020-12)',
    });
  }
}
