import type { Micros } from '../../model/units.ts';
import { textOfBody } from './answer-body.ts';
import { errorsIn } from './error-look.ts';
import { writtenAt } from './json-text.ts';
import { failed, type Outcome, ok } from './outcome.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What a complete answer makes of its request; captures are kept in the user. */
export function outcomeOfAnswer(
  user: VirtualUser,
  status: number,
  body: Buffer | null,
  now: Micros,
): Outcome {
  const { request } = user;
  if (now > user.deadline) return failed('timeout', 'body', 'the answer came after its deadline');
  if (!request?.expects(status)) return failed('status', 'answered', `status ${status}`);
  if (body === null) return ok;
  if (!request.readsBody) {
    request.errorLook?.body(body, user.answerHead, request.maxBody);
    return ok;
  }
  const fault = inspectBody(request, body, user);
  return fault === null ? ok : failed('check', 'answered', fault);
}

/** Checks an answer's body and captures from it; answers what is wrong with it, or null. */
export function inspectBody(request: PreparedRequest, body: Buffer, user: CapturingUser): string | null {
  const read = textOfBody(body, user.answerHead, request.maxBody);
  if (read.kind === 'undecodable') return read.fault;
  const { text } = read;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the body is not JSON';
  }
  try {
    return inspectValue(request, value, text, user);
  } catch (error) {
    // A schema that refers to itself goes as deep as the value does.
    if (error instanceof RangeError) return 'the body is nested too deeply';
    throw error;
  }
}

/** Each user on a journey keeps its captures: as much as a header block may hold, which does not add up to much over many. */
const longestCapture = 65_536;

/** What of a user the captures fill. */
type CapturingUser = Pick<VirtualUser, 'journey' | 'answerHead' | 'captured' | 'capturedJson' | 'filled'>;

function inspectValue(
  request: PreparedRequest,
  value: unknown,
  text: string,
  user: CapturingUser,
): string | null {
  const errors = request.refusesErrors ? errorsIn(value).length : 0;
  if (errors > 0) return `GraphQL answered with ${errors} ${errors === 1 ? 'error' : 'errors'}`;
  const mismatch = request.validate?.(value) ?? null;
  if (mismatch !== null) {
    const { instancePath, message = '' } = mismatch;
    return `the body does not match its schema: ${instancePath || 'the root'} ${message}`;
  }
  for (const { name, slot, path, keepsNull } of request.captures) {
    const found = follow(value, path);
    if (found === undefined || (found === null && !keepsNull)) return `nothing to capture as ${name}`;
    const isText = typeof found === 'string';
    // Only numbers are written in more ways than one, and they may stand within lists and objects.
    const written =
      typeof found === 'number' || (typeof found === 'object' && found !== null)
        ? writtenAt(text, path)
        : undefined;
    const tooLarge = written?.tooLarge ?? null;
    if (tooLarge !== null) return `the number ${shortened(tooLarge)} is too large to capture as ${name}`;
    const kept = isText ? found : (written?.text ?? JSON.stringify(found));
    if (kept.length > longestCapture) {
      return `${kept.length} characters to capture as ${name}: at most ${longestCapture} are kept`;
    }
    user.captured[slot] = kept;
    user.capturedJson[slot] = !isText;
    user.filled[slot] = true;
    if (user.journey?.secretSlots.has(slot)) user.journey.learned.add(found);
  }
  request.errorLook?.value(value);
  return null;
}

function shortened(number: string): string {
  return number.length > 40 ? `${number.slice(0, 39)}…` : number;
}

function follow(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
