/** Moments as people read them. */

/** e.g. `2026-11-28 16:05 UTC`. @param ms since the epoch */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
