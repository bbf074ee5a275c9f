import type { Micros } from '../../model/units.ts';
import { inspectBody } from './inspection.ts';
import { failed, type Outcome, ok } from './outcome.ts';
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
  const fault = inspectBody(request, body, user);
  return fault === null ? ok : failed('check', 'answered', fault);
}
