/** What people read of a run: the comment on the pull request, and the summary of the job. */

/** GitHub takes no comment of more than 65536 characters. */
const limit = 60_000;

/** @typedef {{ command: string, config: string, code: number, text: string, commit: string | undefined }} Report */

/** Finds the comment again; in a comment of HTML, `--` would end it. */
export function markOf({ config }) {
  return `<!-- karmada-eks plan ${encodeURIComponent(config).replaceAll('-', '%2D')} -->`;
}

/**
 * @param {Report} report
 * @returns {string}
 */
export function commentText(report) {
  return `${markOf(report)}\n${summaryText(report)}`;
}

/**
 * @param {Report} report
 * @returns {string}
 */
export function summaryText({ command, config, code, text, commit }) {
  const title = `### karmada-eks ${command}: ${config}`;
  const end = commit === undefined ? '' : `\n\nFor ${commit}.`;
  return `${title}\n\n${conclusion(command, code)}\n\n${fenced(text)}${end}\n`;
}

function conclusion(command, code) {
  if (command === 'up') return code === 0 ? '**The fleet is up.**' : `**up failed** with exit code ${code}.`;
  if (code === 0) return '**Nothing to do.**';
  return code === 9 ? '**There are changes.**' : `**plan failed** with exit code ${code}.`;
}

/** The end of a long text tells more than its beginning. No run of backticks in it ends the fence. */
function fenced(text) {
  const kept = text.length > limit ? `…\n${text.slice(-limit)}` : text;
  const longest = Math.max(2, ...[...kept.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${kept.trimEnd()}\n${fence}`;
}
