import type { Plan } from '../../model/run/plan.ts';
import type { RequestStep } from '../../model/run/scenario.ts';
import { boundedText, longestEntering } from '../../safety/untrusted-text.ts';
import { textOfBody } from '../answer/answer-body.ts';

/** Each of so many answers is looked at, and then one in ten: a body that nobody reads otherwise costs time to keep. */
const allOf = 200;
const oneIn = 10;

/** How many of the answers of an endpoint that were looked at, and that count as ok, hold errors of GraphQL. */
export interface ErrorBodies {
  /** Index into the plan's endpoints. */
  readonly endpoint: number;
  readonly seen: number;
  readonly withErrors: number;
  /** What the first of them says. */
  readonly message: string;
}

/** Looks for errors of GraphQL in answers that do not fail for them: they come with the status 200, and fast. */
export class ErrorLook {
  readonly #endpoint: number;
  #asked = 0;
  #seen = 0;
  #withErrors = 0;
  #message = '';

  constructor(endpoint: number) {
    this.#endpoint = endpoint;
  }

  /** Whether the next answer is to be looked at, of those whose body nothing else reads. */
  isDue(): boolean {
    this.#asked += 1;
    return this.#asked <= allOf || this.#asked % oneIn === 0;
  }

  /** Looks at a body that nothing else reads; one that is no JSON, or cannot be decoded, has no errors. */
  body(body: Buffer, head: string, limit: number): void {
    const read = textOfBody(body, head, limit);
    const text = read.kind === 'text' && read.text.includes('"errors"') ? read.text : 'null';
    try {
      this.value(JSON.parse(text));
    } catch {
      this.value(null);
    }
  }

  /** Looks at a body that was read. */
  value(value: unknown): void {
    this.#seen += 1;
    const [first] = errorsIn(value);
    if (first === undefined) return;
    if (this.#withErrors === 0) this.#message = messageOf(first);
    this.#withErrors += 1;
  }

  /** What was found; null where there were no errors. */
  get found(): ErrorBodies | null {
    return this.#withErrors === 0
      ? null
      : {
          endpoint: this.#endpoint,
          seen: this.#seen,
          withErrors: this.#withErrors,
          message: this.#message,
        };
  }
}

/** The errors of an answer of GraphQL; that of a batch is a list of answers. */
export function errorsIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.flatMap(ownErrors) : ownErrors(value);
}

function ownErrors(answer: unknown): readonly unknown[] {
  const errors = (answer as { readonly errors?: unknown } | null)?.errors;
  return Array.isArray(errors) ? errors : [];
}

function messageOf(error: unknown): string {
  const message =
    typeof error === 'object' ? (error as { readonly message?: unknown } | null)?.message : error;
  // An object may be nested deeper than it can be written.
  return typeof message === 'object' ? '' : boundedText(String(message ?? ''), longestEntering);
}

/** Whether a request looks like one of GraphQL: by its path, or by a member of its JSON body. */
export function asksGraphql({ path, body }: RequestStep, { basePath }: Plan['target']): boolean {
  const [route = ''] = `${basePath}${path.literals.join('*')}`.split('?');
  if (/\/(?:graphql|gql)\/?$/i.test(route)) return true;
  const text = body?.template.literals.join('0') ?? '';
  return /^[[{]/.test(text.trimStart()) && /"(?:query|operationName)"\s*:/.test(text);
}
