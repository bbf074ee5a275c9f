/** Whether load on a URL stays on this machine by its name alone: `localhost`, 127.0.0.0/8, ::1 or a Unix socket. */
export function isLoopback(url: string): boolean {
  if (/^unix:/i.test(url)) return true;
  return URL.canParse(url) && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}
