/** Finds where two courses, or two states, differ, and says it in one line each. */

/**
 * @param lab the course of a run in the lab, by step
 * @param rehearsal that of the same run in the rehearsal
 * @returns {readonly string[]} one line a difference
 */
export function courseDifferences(lab, rehearsal) {
  const steps = [...new Set([...Object.keys(lab), ...Object.keys(rehearsal)])];
  return steps.flatMap((step) =>
    actionDifferences(lab[step] ?? [], rehearsal[step] ?? []).map((difference) => `${step}: ${difference}`),
  );
}

function actionDifferences(lab, rehearsal) {
  const differences = [];
  for (const { one, other } of aligned(lab, rehearsal)) {
    if (other === undefined) differences.push(`only in the lab: ${one.line}`);
    else if (one === undefined) differences.push(`only in the rehearsal: ${other.line}`);
    else differences.push(...valueDifferences(one.given, other.given, '').map((each) => `${one.line} <<< ${each}`));
  }
  return differences;
}

/** Pairs of actions of the same line in the same order: as many changes as there can be, then as many looks; between them those without a partner. */
function aligned(left, right) {
  const longest = longestFrom(left, right);
  const pairs = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (left[i].line === right[j].line) pairs.push({ one: left[i++], other: right[j++] });
    else if (longest[i + 1][j] >= longest[i][j + 1]) pairs.push({ one: left[i++] });
    else pairs.push({ other: right[j++] });
  }
  return [...pairs, ...left.slice(i).map((one) => ({ one })), ...right.slice(j).map((other) => ({ other }))];
}

/** What the pairs that there can be from here and there on weigh, for each here and there: a change weighs more than all looks. */
function longestFrom(left, right) {
  const longest = Array.from({ length: left.length + 1 }, () => new Array(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const same = left[i].line === right[j].line;
      const weight = left[i].changes ? left.length : 1;
      longest[i][j] = same ? longest[i + 1][j + 1] + weight : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  return longest;
}

/**
 * Where two values differ.
 * @param lab a value of plain data
 * @param rehearsal another
 * @param {string} path where they stand, as the line begins
 * @returns {readonly string[]} `path: lab …, rehearsal …`
 */
export function valueDifferences(lab, rehearsal, path) {
  if (isObject(lab) && isObject(rehearsal)) {
    const names = [...new Set([...Object.keys(lab), ...Object.keys(rehearsal)])];
    return names.flatMap((name) => valueDifferences(lab[name], rehearsal[name], `${path}/${name}`));
  }
  const [one, other] = [JSON.stringify(lab), JSON.stringify(rehearsal)];
  return one === other ? [] : [`${path}: lab ${one ?? 'nothing'}, rehearsal ${other ?? 'nothing'}`];
}

function isObject(value) {
  return value !== null && typeof value === 'object';
}

/** How many single values there are in a value. */
export function leavesOf(value) {
  return isObject(value) ? Object.values(value).reduce((sum, each) => sum + leavesOf(each), 0) : 1;
}
