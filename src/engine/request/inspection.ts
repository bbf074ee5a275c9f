import { UserCodeError } from '../../code/user-functions.ts';
import { type Micros, micros } from '../../model/units.ts';
import { TooMuchText } from '../../safety/linear-pattern.ts';
import { textOfBody } from '../answer/answer-body.ts';
import { capturedFrom } from '../answer/captured-value.ts';
import { CookieJar } from '../answer/cookie-jar.ts';
import type { JsonAnswer } from '../answer/json-query.ts';
import { originOf, targetIn } from '../form/origin.ts';
import type { ScriptedUser } from '../form/scripted-user.ts';
import { type Failure, failed, type Outcome, ok } from './outcome.ts';
import type { PreparedRequest } from './prepared-request.ts';
import { followRedirect } from './redirect.ts';
import type { VirtualUser } from './virtual-user.ts';

/** What a complete answer makes of its request; captures are kept in the user. */
export function outcomeOfAnswer(
  user: VirtualUser,
  status: number,
  body: Buffer | null,
  now: Micros,
): Outcome {
  const { request } = user;
  // Streams are looked at before their time is over.
  if (now > user.deadline && now > user.due + (request?.timeout ?? 0))
    return failed('timeout', 'body', 'the answer came after its deadline');
  if (!request?.expects(status)) {
    const asked = status === 407 ? ': the proxy asks for other credentials' : '';
    const unexpected = failed('status', 'answered', `status ${status}${asked}`);
    const elsewhere = request === null ? null : atSite(user, request, status);
    if (elsewhere === null && request?.hasChecks)
      user.held = request.checks?.unexpectedStatus() ?? Number.NaN;
    return elsewhere ?? unexpected;
  }
  if (!request.readsBody && body !== null) request.errorLook?.body(body, user.answerHead, request.maxBody);
  if (!request.readsAnswer) return ok;
  const elsewhere = atSite(user, request, status);
  if (elsewhere !== null) return elsewhere;
  const broken = user.stream?.fault() ?? null;
  if (broken !== null) return failed('stream', 'answered', broken);
  const fault = inspectAnswer(request, body, user, micros(now - user.sentAt));
  if (request.hasChecks) user.held = fault === null || fault.kind === 'capture' ? 1 : 0;
  return fault === null ? ok : failed(fault.kind, 'answered', fault.detail);
}

/** Keeps an answer's cookies and follows its redirect; what became of it, or null where it is an answer like others. */
function atSite(user: VirtualUser, request: PreparedRequest, status: number): Outcome | null {
  const { site, keepsCookies } = request;
  if (site === null) return null;
  if (keepsCookies && /^set-cookie:/im.test(user.answerHead)) {
    user.cookies ??= new CookieJar();
    user.cookies.keep(
      user.answerHead,
      originOf(site) + targetIn(user.bytes?.toString('latin1', 0, 65_536) ?? ''),
    );
    for (const secret of user.cookies.secrets) user.journey?.learned.add(secret);
  }
  const followed = followRedirect(user, status, site);
  return followed === null ? ok : (followed ?? null);
}

/** What is wrong with an answer that came whole. */
type Fault = Pick<Failure, 'detail'> & { readonly kind: 'check' | 'capture' | 'script' };

const fault = (kind: Fault['kind'], detail: string): Fault => ({ kind, detail });

/** What of a user the captures fill. */
type CapturingUser = Pick<VirtualUser, 'journey' | 'answerHead' | 'bytesReceived' | 'filled' | 'fill'> &
  ScriptedUser & { readonly captured: string[]; readonly capturedJson: boolean[] };

/** An answer that cannot be read fails all of its checks that would read it. */
function unreadable(request: PreparedRequest, kind: Fault['kind'], detail: string): Fault {
  if (kind === 'check') request.checks?.unreadable();
  return fault(kind, detail);
}

/** Checks an answer and captures from it; answers what is wrong with it, or null. */
export function inspectAnswer(
  request: PreparedRequest,
  body: Buffer | null,
  user: CapturingUser,
  took = micros(0),
): Fault | null {
  // What nothing but a capture reads is the capture's affair.
  const kind = request.checksBody ? 'check' : 'capture';
  const read =
    body === null || !request.readsBody ? null : textOfBody(body, user.answerHead, request.maxBody);
  if (read?.kind === 'undecodable') return unreadable(request, kind, read.fault);
  const text = read?.text ?? '';
  try {
    const json = request.readsJson ? { value: JSON.parse(text) as unknown, text } : null;
    return inspectValues(request, text, json, user, took);
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable(request, kind, 'the body is not JSON');
    // A schema that refers to itself goes as deep as the value does.
    if (error instanceof RangeError) return fault(kind, 'the body is nested too deeply');
    if (error instanceof TooMuchText) return fault(kind, error.message);
    if (error instanceof UserCodeError) return fault('script', error.message);
    throw error;
  }
}

function inspectValues(
  request: PreparedRequest,
  text: string,
  json: JsonAnswer | null,
  user: CapturingUser,
  took: Micros,
): Fault | null {
  const answer = { head: user.answerHead, text, json };
  const failing = request.checks?.fault(answer, user, took) ?? null;
  if (failing !== null) return fault('check', failing);
  for (const capture of request.captures) {
    const captured = capturedFrom(answer, capture);
    if (captured.kind === 'nothing') return fault('capture', captured.reason);
    const { slot } = capture;
    user.captured[slot] = captured.kept;
    user.capturedJson[slot] = captured.isJson;
    user.filled[slot] = true;
    if (user.journey?.secretSlots.has(slot)) user.journey.learned.add(captured.value);
  }
  if (json !== null) request.errorLook?.value(json.value);
  return null;
}
