import { isMap, isScalar, type Pair } from 'yaml';
import type { Position } from './place.ts';

/** A line of YAML whose template needs quotes, and the same line with them. */
export interface UnquotedTemplate {
  readonly position: Position;
  readonly found: string;
  readonly instead: string;
}

/** More lines than these are not tried one by one. */
const maxLines = 50;

/*
 * Where a value that YAML misreads can stand: after `key: ` or `- ` up to the end of the line, or after `key: ` in
 * braces up to the next comma or brace. The value holds `{{x}}`, `${X}`, or a JSON path with brackets.
 */
const wholeLine = /^(\s*(?:- +)*(?:[\w.-]+: +)?)(\{\{.*?)(\s+#.*)?$/;
const braced =
  /([{,]\s*[\w.-]+:\s+)((?:[^\s'"{},]|\s(?!\s*[,}]))*(?:\{\{[^{}]*\}\}|\$\{[^{}]*\})(?:[^'"{},]|\{\{[^{}]*\}\})*?)(?=\s*[,}])/g;
const bracedPath = /([{,]\s*[\w.-]+:\s+)(\$[^,{}\s]*\[[^\]]*\][^,{}\s]*)/g;

/**
 * The lines that make a text unreadable for want of quotes: with all of them quoted the text is sound (as `isBroken`
 * says), and without any one of them it is not.
 */
export function unquotedTemplates(
  text: string,
  isBroken: (text: string) => boolean,
): readonly UnquotedTemplate[] {
  const lines = text.split(/\r?\n/);
  const repaired = lines.map(quoted);
  const changed = lines.flatMap((line, index) => (repaired[index] === line ? [] : [index]));
  if (changed.length === 0 || changed.length > maxLines || isBroken(repaired.join('\n'))) return [];
  return changed
    .filter(index => isBroken(repaired.with(index, lines[index] as string).join('\n')))
    .map(index => mistake(index, lines[index] as string, repaired[index] as string));
}

/** Whether a pair's key is what YAML makes of `{{x}}`: a map of one name without a value. */
export function isBracedName({ key }: Pair): boolean {
  if (!isMap(key) || key.flow !== true || key.items.length !== 1) return false;
  const inner = key.items[0]?.value;
  return inner === null || inner === undefined || (isScalar(inner) && inner.value === null);
}

function mistake(index: number, line: string, instead: string): UnquotedTemplate {
  let column = 0;
  while (line[column] === instead[column]) column++;
  return { position: { line: index + 1, column: column + 1 }, found: line.trim(), instead: instead.trim() };
}

function quoted(line: string): string {
  const whole = wholeLine.exec(line);
  if (whole !== null) return `${whole[1]}${quote(whole[2] ?? '')}${whole[3] ?? ''}`;
  return line
    .replace(braced, (_, before: string, value: string) => before + quote(value))
    .replace(bracedPath, (_, before: string, value: string) => before + quote(value));
}

function quote(value: string): string {
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`;
}
