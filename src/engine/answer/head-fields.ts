/** A header field by its name, in a head that is lower case throughout; one that comes several times is one list. */
export function fieldIn(head: string, name: string): string | null {
  const start = `\n${name}:`;
  let found: string | null = null;
  for (let at = head.indexOf(start); at >= 0; at = head.indexOf(start, at + 1)) {
    const end = head.indexOf('\r\n', at + start.length);
    const value = head.slice(at + start.length, end < 0 ? head.length : end).trim();
    found = found === null ? value : `${found}, ${value}`;
  }
  return found;
}

/** The values of a header field by its name in lower case, as they were written. */
export function fieldValues(head: string, name: string): readonly string[] {
  return head.split('\r\n').flatMap(line => {
    const colon = line.indexOf(':');
    return colon === name.length && line.slice(0, colon).toLowerCase() === name
      ? [line.slice(colon + 1).trim()]
      : [];
  });
}

/** The value of a cookie that an answer sets; null where it sets none of that name. Of several, the last one counts. */
export function cookieIn(head: string, name: string): string | null {
  let found: string | null = null;
  for (const cookie of fieldValues(head, 'set-cookie')) {
    const [pair = ''] = cookie.split(';', 1);
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) found = pair.slice(at + 1).trim();
  }
  return found;
}
