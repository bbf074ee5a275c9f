import type {
  Condition,
  ConditionOperator,
  Expression,
  TransactionStep,
  WayStep,
} from '../../model/run/scenario.ts';
import { filledText } from '../form/rendered.ts';
import type { PreparedStep } from '../request/prepared-request.ts';
import type { VirtualUser } from '../request/virtual-user.ts';

/** The position at which a user goes on behind a step that sends nothing. */
export function wayOn(step: WayStep | TransactionStep, user: VirtualUser): number {
  switch (step.kind) {
    case 'goto':
      return step.to;
    case 'unless':
      return holds(step.condition, user) ? user.step + 1 : step.to;
    case 'pick':
      return user.draws?.way(step.branches, user.index, user.step)?.to ?? user.step + 1;
    default:
      return user.step + 1;
  }
}

/** Whether any request may come at or behind a position. */
export function mayAsk(steps: readonly PreparedStep[], position: number): boolean {
  const open = [position];
  const seen = new Set<number>();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const step = steps[at];
    if (step === undefined || seen.has(at)) continue;
    if (step.kind === 'request') return true;
    seen.add(at);
    if (step.kind === 'pick') open.push(...step.branches.map(({ to }) => to));
    else if (step.kind === 'goto') open.push(step.to);
    else open.push(at + 1, ...(step.kind === 'unless' ? [step.to] : []));
  }
  return false;
}

/** Whether a condition holds for a user; what was not captured is empty. */
function holds(condition: Condition, user: VirtualUser): boolean {
  const fill = (expression: Expression) => user.fill(expression, '');
  const value = filledText(condition.value, fill);
  if ('other' in condition) return compares(value, condition.is, filledText(condition.other, fill));
  return isThere(value) === (condition.is === 'there');
}

const absent: readonly string[] = ['', 'null', 'false', '0'];
const isThere = (value: string) => !absent.includes(value);

/** Numbers are compared as numbers, whole ones exactly; other texts are only equal or not. */
function compares(value: string, operator: ConditionOperator, other: string): boolean {
  const order = orderOf(value, other);
  switch (operator) {
    case '==':
      return value === other || order === 0;
    case '!=':
      return value !== other && order !== 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
  }
}

const whole = /^-?\d{1,400}$/;
const numeric = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Below, at or above zero; not a number of what is none. */
function orderOf(value: string, other: string): number {
  if (whole.test(value) && whole.test(other)) {
    const [one, two] = [BigInt(value), BigInt(other)];
    return one === two ? 0 : one < two ? -1 : 1;
  }
  return numeric.test(value) && numeric.test(other) ? Number(value) - Number(other) : Number.NaN;
}
