/** Thrown by a question when the user goes back to the one before: no failure, and shown to nobody. */
export class WentBack extends Error {
  override readonly name = 'WentBack';
}
