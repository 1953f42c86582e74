/** Takes one kind of refusal by the system for an answer. */

/** The outcome, or the value given when the system refuses with this very code. */
export async function unless<T, V>(code: string, value: V, outcome: Promise<T>): Promise<T | V> {
  try {
    return await outcome;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === code) return value;
    throw thrown;
  }
}
