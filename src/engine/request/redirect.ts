import type { Target } from '../../model/run/plan.ts';
import { mostRedirects } from '../../model/run/scenario.ts';
import { fieldValues } from '../answer/head-fields.ts';
import { originOf, targetIn } from '../form/origin.ts';
import { failed, type Outcome } from './outcome.ts';
import type { VirtualUser } from './virtual-user.ts';

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Sends a user where an answer redirects it, and answers what is wrong with that, or null; undefined where the answer is no
 * redirect. A POST becomes a GET but for 307 and 308, as browsers do it (RFC 9110, section 15.4).
 */
export function followRedirect(
  user: VirtualUser,
  status: number,
  target: Target,
): Outcome | null | undefined {
  const { request, bytes } = user;
  const [location] = fieldValues(user.answerHead, 'location');
  if (!request?.detours || bytes === null || location === undefined || !redirects.includes(status))
    return undefined;
  if (user.detoursMade >= mostRedirects)
    return failed('status', 'answered', `more than ${mostRedirects} redirects`);
  const origin = originOf(target);
  const from = origin + targetIn(bytes.toString('latin1', 0, 65_536));
  if (!URL.canParse(location, from))
    return failed('status', 'answered', 'a redirect to something that is no URL');
  const url = new URL(location, from);
  if (url.origin !== origin) {
    return failed('status', 'answered', `a redirect to another origin (${url.origin}) is not followed`);
  }
  user.detoursMade += 1;
  user.detourTo = url.pathname + url.search;
  const { same, asGet } = request.detours;
  user.detour = status === 307 || status === 308 ? same : asGet;
  return null;
}
