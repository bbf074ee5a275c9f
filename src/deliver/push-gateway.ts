/** Where a push gateway keeps the metrics of a job and some labels: `/metrics/job/NAME/LABEL/VALUE`. */
export function groupUrl(gateway: URL, job: string, labels: { readonly [label: string]: string }): URL {
  const url = new URL(gateway);
  const parts = Object.entries({ job, ...labels }).map(([label, value]) => groupPart(label, value));
  url.pathname = `${url.pathname.replace(/\/(?:metrics\/?)?$/, '')}/metrics/${parts.join('/')}`;
  return url;
}

/** A value that is no segment of a path is written in base64, as the gateway reads it. */
function groupPart(label: string, value: string): string {
  if (/^[\w-][\w.-]*$/.test(value)) return `${label}/${value}`;
  return `${label}@base64/${Buffer.from(value.toWellFormed()).toString('base64url') || '='}`;
}
