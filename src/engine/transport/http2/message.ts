/** A request as a stream carries it. */
export interface Message {
  readonly headers: { [name: string]: string | string[] };
  /** Null where the header ends the request. */
  readonly body: Buffer | null;
}

/** The requests whose bytes never change, read once. */
const known = new WeakMap<Buffer, Message>();

/** Reads a request that was put together as HTTP/1.1 writes it; one that never changes is read once. */
export function messageOf(bytes: Buffer, scheme: string, isConstant: boolean): Message {
  if (!isConstant) return readMessage(bytes, scheme);
  const before = known.get(bytes);
  if (before !== undefined) return before;
  const message = readMessage(bytes, scheme);
  known.set(bytes, message);
  return message;
}

/** Each byte becomes one character, which Node writes as this byte again. */
function readMessage(bytes: Buffer, scheme: string): Message {
  const end = bytes.indexOf('\r\n\r\n');
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const headers: { [name: string]: string | string[] } = Object.create(null);
  headers[':method'] = method;
  headers[':scheme'] = scheme;
  headers[':path'] = path;
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    add(headers, name === 'host' ? ':authority' : name, value);
  }
  return { headers, body: end + 4 < bytes.length ? bytes.subarray(end + 4) : null };
}

function add(headers: { [name: string]: string | string[] }, name: string, value: string): void {
  const before = headers[name];
  headers[name] = before === undefined ? value : [before, value].flat();
}

/** The head of an answer as HTTP/1.1 would write it, from the names and values of its header. */
export function answerHeadOf(status: number, fields: readonly string[]): string {
  let text = `HTTP/2 ${status}\r\n`;
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] as string;
    if (!name.startsWith(':')) text += `${name}: ${fields[at + 1]}\r\n`;
  }
  return `${text}\r\n`;
}
