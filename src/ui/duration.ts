/** Durations and moments of a run, as people read them. */

/** e.g. `53s`, `14m 03s`, `1h 02m`; what is shorter than a second is `<1s`. Takes ms. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1000) return '<1s';
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds}s`;
  if (minutes < 60) return `${minutes}m ${twoDigits(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** A duration that is only expected, e.g. `~15m`, `~6s`. Takes ms. */
export function approximate(ms: number): string {
  return ms < 60_000 ? `~${Math.max(1, Math.round(ms / 1000))}s` : `~${Math.round(ms / 60_000)}m`;
}

/** Time since the start of a run, e.g. `+02:13`; minutes go on after 59. Takes ms. */
export function formatOffset(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `+${twoDigits(Math.floor(seconds / 60))}:${twoDigits(seconds % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
