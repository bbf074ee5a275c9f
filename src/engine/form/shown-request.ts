/** A file in a request. */
export interface SentFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A longer file is not shown. */
const longestShown = 1_000;

/** A request as text, in which files that are no text, or long, are only named. */
export function shownRequest(bytes: Buffer, files: readonly SentFile[]): string {
  let [text, done] = ['', 0];
  for (const { name, bytes: content } of files) {
    const at = bytes.indexOf(content, done);
    if (at < 0 || isShown(content)) continue;
    text += `${bytes.toString('utf8', done, at)}<${name}: ${content.length} bytes>`;
    done = at + content.length;
  }
  return text + bytes.toString('utf8', done);
}

function isShown(content: Uint8Array): boolean {
  if (content.length > longestShown) return false;
  try {
    // What TextDecoder is given must not be shared.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content.slice());
    return !text.includes('\0');
  } catch {
    return false;
  }
}
