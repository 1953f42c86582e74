/** Lengths of time as people write them. */

/** A certificate that ends within minutes would end while it is handed out. */
const leastValidityMs = 5 * 60_000;

/** Whether certificates may be asked for that are valid so long. */
export function isCertValidity(text: string): boolean {
  return (durationMs(text) ?? 0) >= leastValidityMs;
}

/** Milliseconds of a duration such as `90s`, `5m` or `1h30m`; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (found === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = found;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
