/** What a mistyped word probably means: a typo that is ignored or merely refused costs its writer a search. */

/** How many letters may be wrong, missing or too many for a word to be meant. */
const mostSlips = 2;

/** The known word that is nearest, whatever its case and hyphens; undefined if none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((each) => ({ each, slips: slipsBetween(plain(word), plain(each)) }))
    // Two slips make any short word of another.
    .filter(({ each, slips }) => slips <= Math.min(mostSlips, each.length / 2))
    .sort((one, other) => one.slips - other.slips);
  return nearest?.each;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_]/g, '');
}

/** The least number of letters to change, put in or take out (Levenshtein). */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, wanted] of [...other].entries()) {
      const [left = 0, above = 0, before = 0] = [next[index], row[index + 1], row[index]];
      next.push(Math.min(left + 1, above + 1, before + (letter === wanted ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
