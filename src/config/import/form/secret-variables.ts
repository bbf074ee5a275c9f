import { isSecretName } from '../../../safety/secret.ts';
import { type ImportedText, sentText, type TextPart } from './imported-text.ts';

/** Shorter values are replaced at their own place alone: elsewhere they may be anything. */
const shortestElsewhere = 8;

/** A JSON Web Token, wherever it stands. */
const token = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/;

const scheme = /^(bearer|basic|digest|token|apikey)\s+(?=\S)/i;

/** The variables of the environment that stand in a scenario for the secrets of an import. */
export class SecretVariables {
  readonly #names = new Map<string, string>();
  readonly #places = new Map<string, string>();

  /** The text with a variable in place of the secret, if its name says that it holds one; else with known secrets replaced. */
  at(place: string, name: string, text: ImportedText): ImportedText {
    const [only, ...others] = text;
    const isPlain = only?.kind === 'plain' && others.length === 0;
    for (const part of text) if (part.kind === 'variable') this.#note(part.name, `${place} ${name}`);
    if (!isPlain || !isSecretName(name)) return this.within(text);
    const written = scheme.exec(only.text)?.[0] ?? '';
    const secret = only.text.slice(written.length);
    const kind = written.trim().toLowerCase();
    const meant = kind === 'bearer' ? 'token' : kind === 'basic' ? 'basic credentials' : name;
    return [...sentText(written), this.#variable(secret, meant, `${place} ${name}`)];
  }

  /** The text with variables in place of secrets that are known from other places, and of tokens. */
  within(text: ImportedText): ImportedText {
    for (const part of text) if (part.kind === 'variable') this.#note(part.name, 'a value of the source');
    return text.flatMap(part => (part.kind === 'plain' ? this.#withoutKnown(part.text) : [part]));
  }

  /** Each variable with what it is for. */
  list(): readonly { readonly name: string; readonly place: string }[] {
    return [...this.#places].map(([name, place]) => ({ name, place }));
  }

  /** Lists a variable that the source itself asks for. */
  #note(name: string, place: string): void {
    if (!this.#places.has(name)) this.#places.set(name, place);
  }

  #withoutKnown(text: string): ImportedText {
    const known = [...this.#names.keys()].filter(secret => secret.length >= shortestElsewhere);
    const found = token.exec(text)?.[0] ?? known.find(secret => text.includes(secret));
    if (found === undefined) return sentText(text);
    const at = text.indexOf(found);
    return [
      ...sentText(text.slice(0, at)),
      this.#variable(found, 'token', 'a token'),
      ...this.#withoutKnown(text.slice(at + found.length)),
    ];
  }

  #variable(secret: string, meant: string, place: string): TextPart {
    const known = this.#names.get(secret);
    if (known !== undefined) return { kind: 'variable', name: known };
    const plainName = variableName(meant);
    let name = plainName;
    for (let index = 2; this.#places.has(name); index++) name = `${plainName}_${index}`;
    this.#names.set(secret, name);
    this.#places.set(name, place);
    return { kind: 'variable', name };
  }
}

/** The variable of the environment for a name: none that a shell sets by itself, since all begin with API. */
export function variableName(meant: string): string {
  const words = meant
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .replace(/^(?:X_)?(?:API_)?/, '')
    .slice(0, 40);
  return `API_${words === '' ? 'SECRET' : words}`;
}
