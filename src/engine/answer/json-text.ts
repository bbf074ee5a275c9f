/** How a value of a JSON answer is written there. */
export interface WrittenValue {
  /** Without what stands between its tokens for people to read; a text of its own, which does not hold the whole answer. */
  readonly text: string;
  /** The first number in it that no double holds, such as 1e400. */
  readonly tooLarge: string | null;
}

/**
 * Finds the value at a path in JSON that was parsed already, as it is written: a double would round a 64-bit id. Where a key
 * stands twice, the last one counts, as in `JSON.parse`. Undefined where the path leads to nothing that is written.
 */
export function writtenAt(json: string, path: readonly (string | number)[]): WrittenValue | undefined {
  let at: number | undefined = afterBlank(json, 0);
  for (const part of path) {
    const found: number | undefined =
      json[at] === '{' ? memberAt(json, at, String(part)) : itemAt(json, at, Number(part));
    if (found === undefined) return undefined;
    at = found;
  }
  return compact(json, at, afterValue(json, at));
}

function memberAt(json: string, object: number, name: string): number | undefined {
  let found: number | undefined;
  let at = afterBlank(json, object + 1);
  while (json[at] === '"') {
    const keyEnd = afterString(json, at);
    const key = json.slice(at + 1, keyEnd - 1);
    const value = afterBlank(json, afterBlank(json, keyEnd) + 1);
    if (key === name || (key.includes('\\') && JSON.parse(`"${key}"`) === name)) found = value;
    at = afterComma(json, afterValue(json, value));
  }
  return found;
}

function itemAt(json: string, list: number, index: number): number | undefined {
  if (json[list] !== '[') return undefined;
  let at = afterBlank(json, list + 1);
  for (let position = 0; json[at] !== ']'; position += 1) {
    if (position === index) return at;
    at = afterComma(json, afterValue(json, at));
  }
  return undefined;
}

function afterComma(json: string, end: number): number {
  const at = afterBlank(json, end);
  return json[at] === ',' ? afterBlank(json, at + 1) : at;
}

function afterBlank(json: string, from: number): number {
  let at = from;
  while (isBlank(json.charCodeAt(at))) at += 1;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function afterString(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); ; at = json.indexOf('"', at + 1)) {
    let escapes = 0;
    while (json[at - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
}

/** Behind a number or a word. */
function afterWord(json: string, from: number): number {
  let at = from;
  while (at < json.length && !isBlank(json.charCodeAt(at)) && !',]}'.includes(json[at] as string)) at += 1;
  return at;
}

function afterValue(json: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const char = json[at] as string;
    if (char === '"') at = afterString(json, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (depth === 0) return afterWord(json, at);
    if (char !== '"') at += 1;
  } while (depth > 0);
  return at;
}

function compact(json: string, from: number, end: number): WrittenValue {
  let text = '';
  let tooLarge: string | null = null;
  for (let at = from; at < end; ) {
    const char = json[at] as string;
    const next =
      char === '"'
        ? afterString(json, at)
        : '{}[],:'.includes(char)
          ? at + 1
          : isBlank(json.charCodeAt(at))
            ? afterBlank(json, at)
            : afterWord(json, at);
    const token = json.slice(at, next);
    if (!isBlank(token.charCodeAt(0))) text += token;
    if (/^[-\d]/.test(token) && !Number.isFinite(Number(token))) tooLarge ??= token;
    at = next;
  }
  // A slice keeps the string that it was cut from.
  return { text: Buffer.from(text).toString(), tooLarge };
}
