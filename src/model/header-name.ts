/** Headers that frame a message; the engine alone writes them. */
export const framingHeaders: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
];

/** The name of a header as it goes onto the wire: RFC 9110, section 5.1. */
export const headerToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
