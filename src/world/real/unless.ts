/** Treats one kind of system error as a result. */

/** The outcome, or the given value if the system fails with this code. */
export async function unless<T, V>(code: string, value: V, outcome: Promise<T>): Promise<T | V> {
  try {
    return await outcome;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === code) return value;
    throw thrown;
  }
}
