import type { Expression, RequestStep } from '../../model/run/scenario.ts';
import { secretsOfSigning } from '../../model/run/signing.ts';

/** What fills the holes of a request and of its signature. */
export function expressionsOf({ path, headers, body, signing }: RequestStep): readonly Expression[] {
  const templates = [path, ...headers.map(({ value }) => value), ...(body === null ? [] : [body.template])];
  const secrets = signing === undefined ? [] : secretsOfSigning(signing);
  return [...templates, ...secrets]
    .flatMap(({ expressions }) => expressions)
    .flatMap(one => (one.kind === 'joined' ? one.template.expressions : [one]));
}
