import { capturedJson } from './nesting.ts';
import type { PreparedRequest } from './prepared-request.ts';
import type { VirtualUser } from './virtual-user.ts';

/** Checks an answer's body and captures from it; answers what is wrong with it, or null. */
export function inspectBody(
  request: PreparedRequest,
  body: Buffer,
  user: Pick<VirtualUser, 'captured' | 'filled'>,
): string | null {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return 'the body is not JSON';
  }
  try {
    return inspectValue(request, value, user);
  } catch (error) {
    // A schema that refers to itself, or text of a value, goes as deep as the value does.
    if (error instanceof RangeError) return 'the body is nested too deeply';
    throw error;
  }
}

function inspectValue(
  request: PreparedRequest,
  value: unknown,
  user: Pick<VirtualUser, 'captured' | 'filled'>,
): string | null {
  if (request.validate && !request.validate(value)) {
    const [error] = request.validate.errors ?? [];
    return `the body does not match its schema: ${error?.instancePath || 'the root'} ${error?.message ?? ''}`;
  }
  for (const { name, slot, path } of request.captures) {
    const found = follow(value, path);
    if (found === undefined || found === null) return `nothing to capture as ${name}`;
    user.captured[slot] = typeof found === 'string' ? found : capturedJson(found);
    user.filled[slot] = true;
  }
  return null;
}

function follow(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
