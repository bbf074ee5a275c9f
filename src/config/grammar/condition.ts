import { problem } from '../../model/error.ts';
import { type Condition, type ConditionOperator, conditionOperators } from '../../model/run/scenario.ts';
import { type Names, parseTemplate } from './template.ts';

/** A condition with its parts as they are written. */
export interface WrittenCondition {
  readonly is: Condition['is'];
  readonly value: string;
  readonly other: string;
}

const example = 'a comparison such as {{stock}} > 0 or {{state}} == open, or {{token}} or not {{token}}';

/*
 *   condition ::= value operator value | [ "not" ] value
 *   operator  ::= "==" | "!=" | "<=" | ">=" | "<" | ">"
 *   value     ::= template, or text in quotes; at least one holds a template
 */
/** Reads a condition without looking at its templates. */
export function parseCondition(text: string): WrittenCondition {
  // Whatever stands within braces or quotes is no operator.
  const bare = text.replace(/\{\{.*?\}\}|"[^"]*"|'[^']*'/gs, part => '_'.repeat(part.length));
  const found = /==|!=|<=|>=|<|>/.exec(bare);
  const instead = found === null && /[^=]=[^=]/.test(bare) ? text.replace(/\s*=\s*/, ' == ') : undefined;
  const isEven = found === null || !/[=<>]/.test(bare.slice(found.index + found[0].length));
  if (!text.includes('{{') || instead !== undefined || !isEven) throw invalid(text, instead);
  if (found === null) {
    const [, not, value = ''] = /^(not\s+)?(.*)$/s.exec(text.trim()) ?? [];
    if (!/^\{\{.*?\}\}$/s.test(value) || /\}\}.*\{\{/s.test(value)) throw invalid(text);
    return { is: not === undefined ? 'there' : 'missing', value, other: '' };
  }
  const [value, other] = [text.slice(0, found.index), text.slice(found.index + found[0].length)].map(part =>
    part.trim(),
  );
  if (!value || !other) throw invalid(text);
  return { is: found[0] as ConditionOperator, value: unquoted(value), other: unquoted(other) };
}

/** A condition with its templates read. */
export function readCondition({ is, value, other }: WrittenCondition, names: Names): Condition {
  const left = parseTemplate(value, names);
  if (is === 'there' || is === 'missing') return { is, value: left };
  return { is, value: left, other: parseTemplate(other, names) };
}

function unquoted(text: string): string {
  return /^"[^"]*"$|^'[^']*'$/s.test(text) ? text.slice(1, -1) : text;
}

function invalid(text: string, instead?: string) {
  return problem('condition.invalid', {
    found: JSON.stringify(text),
    expected: `${example}; operators are ${conditionOperators.join(' ')}`,
    ...(instead === undefined ? {} : { instead: JSON.stringify(instead) }),
  });
}
