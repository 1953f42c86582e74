/** Numbers with their noun, as messages read: `1 member`, `3 members`. */

/** `plural` is for nouns that do not just take an s. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
