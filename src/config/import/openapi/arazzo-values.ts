import { mapIn } from '../form/foreign-document.ts';
import { FilledText, type ImportedCapture } from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';
import { variableName } from '../form/secret-variables.ts';
import { simpleText } from './openapi-parameters.ts';
import { atPointer } from './openapi-references.ts';

/** What an expression cannot be carried over. */
export class UnknownExpression extends Error {}

/** The inputs and outputs of a workflow, as the expressions of its steps refer to them. */
export class ArazzoValues {
  readonly #inputs: { readonly [name: string]: unknown };
  /** By step and name: a JSON value, which a capture is too. */
  readonly #outputs = new Map<string, unknown>();
  readonly #names = new Set<string>();

  /** The schemas of the inputs by their names. */
  constructor(inputs: unknown) {
    this.#inputs = mapIn(mapIn(inputs).properties);
  }

  /** Notes an output of a step; what has to be captured for it, or null. Throws `UnknownExpression`. */
  output(step: string, name: string, expression: unknown): ImportedCapture | null {
    const source = typeof expression === 'string' ? captureSource(expression) : null;
    if (source === null) {
      this.#outputs.set(`${step} ${name}`, this.json(expression));
      return null;
    }
    const plain = name.replaceAll(/[^\w]/g, '_').replace(/^(?=\d)/, '_');
    let unique = this.#names.has(plain)
      ? `${step.replaceAll(/[^\w]/g, '_').replace(/^(?=\d)/, '_')}_${plain}`
      : plain;
    while (this.#names.has(unique)) unique += '_';
    this.#names.add(unique);
    this.#outputs.set(`${step} ${name}`, new FilledText([{ kind: 'capture', name: unique }]));
    return { name: unique, ...source };
  }

  /** A JSON value with its expressions filled in. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.#string(value);
    if (Array.isArray(value)) return value.map(item => this.json(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.json(item)]));
  }

  /** A value as paths, queries and headers have it. */
  text(value: unknown): ImportedText {
    const filled = this.json(value);
    if (filled instanceof FilledText) return filled.text;
    return sentText(simpleText(filled));
  }

  #string(text: string): unknown {
    if (/^\$[a-zA-Z]/.test(text)) return this.#value(text);
    const pieces = text.split(/\{(\$[^{}]{1,200})\}/);
    if (pieces.length === 1) return text;
    const filled = pieces.flatMap((piece, index) => (index % 2 === 0 ? sentText(piece) : this.text(piece)));
    return new FilledText(filled);
  }

  #value(expression: string): unknown {
    const [, input, inner] = /^\$inputs\.([^#]{1,100})(?:#(\/.{0,200}))?$/.exec(expression) ?? [];
    if (input !== undefined) {
      const { default: usual, example = usual } = mapIn(this.#inputs[input]);
      if (example === undefined || example === null)
        return new FilledText([{ kind: 'variable', name: variableName(input) }]);
      return inner === undefined ? example : atPointer(example, `#${inner}`);
    }
    const [, step, name] = /^\$steps\.([^.]{1,100})\.outputs\.([^#]{1,100})$/.exec(expression) ?? [];
    const key = `${step} ${name}`;
    if (this.#outputs.has(key)) return this.#outputs.get(key);
    throw new UnknownExpression(expression);
  }
}

/** Where an expression reads an answer; null of one that does not. Throws `UnknownExpression` of what cannot be captured. */
export function captureSource(
  expression: string,
): { readonly path: string } | { readonly header: string } | null {
  const body = /^\$response\.body(?:#(.{0,300}))?$/.exec(expression);
  if (body !== null) return { path: jsonPathOf(body[1] ?? '') };
  const header = /^\$response\.header\.([!-9;-~]{1,100})$/.exec(expression)?.[1];
  if (header !== undefined) return { header: header.toLowerCase() };
  if (/^\$(?:inputs|steps)\./.test(expression) || !expression.startsWith('$')) return null;
  throw new UnknownExpression(expression);
}

/** The JSONPath of a JSON pointer; what reads as a number is an index. */
function jsonPathOf(pointer: string): string {
  const names = pointer.split('/').slice(1);
  return `$${names
    .map(written => written.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(name => {
      if (/^\d{1,9}$/.test(name)) return `[${Number(name)}]`;
      return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `['${name.replaceAll(/['\\]/g, '\\$&')}']`;
    })
    .join('')}`;
}
