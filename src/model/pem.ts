/** DER in the form in which it is written into files (RFC 7468). */

/** @param label e.g. `CERTIFICATE` */
export function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
