import type { Problem } from '../../model/error.ts';
import { isFromCode, type Path, placeOf, type SourceDocument } from './place.ts';
import { type VariablePart, variablesIn } from './variable.ts';

/** The environment of a process. */
export type Environment = { readonly [name: string]: string | undefined };

/** A string that held `${…}`: as it was written, and what the environment (not a default) put into it. */
export interface Expansion {
  readonly path: Path;
  readonly source: string;
  readonly fromEnvironment: readonly { readonly name: string; readonly value: string }[];
}

/** A document's value with all variables filled in; null in place of a string with a mistake. */
export interface Expanded {
  readonly value: unknown;
  readonly expansions: readonly Expansion[];
  /** One for each variable that is not set, or not written as it must be; `at` is the string that holds it. */
  readonly problems: readonly { readonly at: Path; readonly problem: Problem }[];
}

/** Fills in `${NAME}` and `${NAME:-default}` in every string value of a document. */
export function expandEnvironment(document: SourceDocument, env: Environment): Expanded {
  const expansions: Expansion[] = [];
  const problems: { at: Path; problem: Problem }[] = [];

  const expandText = (source: string, path: Path): string | null => {
    const told = problems.length;
    const fromEnvironment: Expansion['fromEnvironment'][number][] = [];
    const report = (problem: Problem): string => {
      problems.push({ at: path, problem: { ...problem, where: placeOf(document, path) } });
      return '';
    };
    const fill = (part: VariablePart): string => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'malformed') {
        return report({
          code: 'variable.malformed',
          found: part.written,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation itself is shown
          expected: '${NAME} or ${NAME:-default}',
        });
      }
      const { name, written, fallback } = part;
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (fallback !== null) {
        const isNeeded = value === undefined || value === '';
        const filled = (isNeeded ? fallback : fallback.filter(isMalformed)).map(fill).join('');
        if (isNeeded) return filled;
      }
      if (value === undefined) {
        return report({
          code: 'variable.unset',
          found: written,
          expected: `the variable ${name} in the environment`,
          instead: `${name}=… in front of the command, or a default: \${${name}:-…}`,
        });
      }
      fromEnvironment.push({ name, value });
      return value;
    };
    const text = variablesIn(source).map(fill).join('');
    if (source.includes('${')) expansions.push({ path, source, fromEnvironment });
    return problems.length > told ? null : text;
  };

  const expand = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value === 'object' && value !== null && !isFromCode(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key])]),
      );
    }
    return value;
  };

  const value = expand(document.value, []);
  return { value, expansions, problems };
}

/** Whether something is written wrong in it, which is told although the default is not needed. */
function isMalformed(part: VariablePart): boolean {
  return part.kind === 'malformed' || (part.kind === 'variable' && (part.fallback ?? []).some(isMalformed));
}
