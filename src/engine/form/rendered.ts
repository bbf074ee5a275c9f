import type { Expression, Template } from '../../model/run/scenario.ts';

/** Fills a template's hole for one virtual user; `before` is the text of the request up to it. */
export type Fill = (expression: Expression, before: string) => string;

/** A request with its holes filled, or why it cannot be sent: no value from outside makes it throw. */
export type Rendered =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'unsendable'; readonly reason: string }
  /** Code of the scenario failed, or made of the request what cannot be sent. */
  | { readonly kind: 'script'; readonly reason: string };

/** A template filled in, without any place to have a say. */
export function filledText({ literals, expressions }: Template, fill: Fill): string {
  let text = literals[0] ?? '';
  for (const [index, expression] of expressions.entries()) {
    text += fill(expression, '') + (literals[index + 1] ?? '');
  }
  return text;
}
