import { FilledText, type ImportedCapture } from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';

/** An answer of the script, which can be captured from. */
export interface ScriptAnswer {
  /** Notes a capture, under a name that is free; the same source is captured once. */
  capture(source: { readonly path: string } | { readonly header: string }, wish: string): ImportedCapture;
}

/** The answer of a request. */
export class AnswerValue {
  readonly answer: ScriptAnswer;
  constructor(answer: ScriptAnswer) {
    this.answer = answer;
  }
}

/** A value in the JSON of an answer. */
export class AnswerJson {
  readonly answer: ScriptAnswer;
  readonly path: string;
  constructor(answer: ScriptAnswer, path: string) {
    this.answer = answer;
    this.path = path;
  }
}

/** The JSON of an answer from a selector of k6: `a.b.0`; null of one that is more than names. */
export function jsonAt(answer: ScriptAnswer, selector: unknown): AnswerJson | null {
  if (selector === undefined) return new AnswerJson(answer, '$');
  if (typeof selector !== 'string' || !/^[\w-]+(?:\.[\w-]+)*$/.test(selector)) return null;
  return new AnswerJson(answer, `$${selector.split('.').map(stepOf).join('')}`);
}

/** The body of an answer. */
export function isAnswerPart(
  value: unknown,
): value is { readonly answer: AnswerValue; readonly name: 'headers' | 'body' } {
  return (
    typeof value === 'object' && value !== null && 'answer' in value && value.answer instanceof AnswerValue
  );
}

/** The text of a value, with what is filled in later; null of what has none. */
export function filledTextOf(value: unknown, wish = 'value'): ImportedText | null {
  if (value instanceof FilledText) return value.text;
  if (value instanceof AnswerJson) return captured(value.answer, { path: value.path }, wish).text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return sentText(String(value));
  return null;
}

/** A JSON value in which values of answers are captured. */
export function jsonOf(value: unknown): unknown {
  if (value instanceof AnswerJson) return captured(value.answer, { path: value.path }, 'value');
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null || value instanceof FilledText) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, jsonOf(item)]));
}

/** The capture of a value, as a text. */
export function captured(
  answer: ScriptAnswer,
  source: { readonly path: string } | { readonly header: string },
  wish: string,
): FilledText {
  return new FilledText([{ kind: 'capture', name: answer.capture(source, wish).name }]);
}

/** The next part of a JSONPath. */
export const stepOf = (name: string) =>
  /^\d{1,9}$/.test(name)
    ? `[${Number(name)}]`
    : /^[A-Za-z_]\w*$/.test(name)
      ? `.${name}`
      : `['${name.replaceAll(/['\\]/g, '\\$&')}']`;
