/** Lengths of time as people write them. */

/** Milliseconds of a duration such as `90s`, `5m` or `1h30m`; undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const found = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (found === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0'] = found;
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
