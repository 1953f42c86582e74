/** The words for yes and no in variables and fields. */

const yes: readonly string[] = ['true', '1', 'yes', 'y', 'on'];
const no: readonly string[] = ['false', '0', 'no', 'n', 'off'];

export const yesOrNoWords = `yes (${yes.join(', ')}) or no (${no.join(', ')})`;

/** Undefined for a word that is neither; upper and lower case are the same. */
export function yesOrNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (yes.includes(word)) return true;
  return no.includes(word) ? false : undefined;
}
