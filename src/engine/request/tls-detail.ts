/** What OpenSSL says in an error's `code`, in words that no version of Node changes. */

const untrusted = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const outOfDate = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const acceptIt = 'accept it with --insecure (`insecure: true` in a scenario)';

/**
 * An alert by which a server ended the handshake, or why its certificate is refused and what can be done; null for any
 * other error. Older versions of Node call an alert `SSLV3_ALERT_…`, newer ones `SSL/TLS_ALERT_…`.
 */
export function tlsDetail(code: string, reason: string | undefined): string | null {
  const alert = code.startsWith('ERR_SSL_') ? code.split('_ALERT_')[1] : undefined;
  if (alert === 'NO_APPLICATION_PROTOCOL') {
    return 'TLS alert: no application protocol; the server does not offer HTTP/1.1 (ALPN): set `protocol: http2` (--http2)';
  }
  if (alert !== undefined) return `TLS alert: ${alert.toLowerCase().replaceAll('_', ' ')}`;
  if (untrusted.has(code)) return `${code}: name the authority in tls.ca, or ${acceptIt}`;
  if (outOfDate.has(code)) return `${code}: renew the certificate, or ${acceptIt}`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `${code}: ${reason ?? 'another name'}; name the host in tls.serverName, or ${acceptIt}`;
  }
  return null;
}
