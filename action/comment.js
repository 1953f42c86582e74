/** One comment for each fleet on a pull request, written anew by every plan. GitHub's REST API, "Issue comments". */

const perPage = 100;

/**
 * Writes it, over the one of an earlier plan if there is one.
 * @param {import('./run.js').Ports} ports
 * @param {string} mark its first line
 * @param {string} body
 * @returns {Promise<string | undefined>} why it could not be written
 */
export async function writeComment(ports, mark, body) {
  const number = await pullRequest(ports);
  if (number === undefined) return 'the workflow does not run for one';
  const comments = `/repos/${ports.env.GITHUB_REPOSITORY}/issues/${number}/comments`;
  const earlier = await findOwn(ports, comments, mark);
  const { status } =
    earlier === undefined
      ? await ports.request('POST', comments, { body })
      : await ports.request('PATCH', `/repos/${ports.env.GITHUB_REPOSITORY}/issues/comments/${earlier}`, { body });
  if (status < 300) return undefined;
  return `GitHub answered ${status}${status === 403 ? '; the job needs permissions: pull-requests: write' : ''}`;
}

async function pullRequest({ env, read }) {
  const { pull_request: pull, issue } = JSON.parse(await read(env.GITHUB_EVENT_PATH));
  return pull?.number ?? (issue?.pull_request === undefined ? undefined : issue.number);
}

/** Only a bot's: anybody can write the mark. */
async function findOwn({ request }, comments, mark) {
  for (let page = 1; ; page += 1) {
    const { status, body } = await request('GET', `${comments}?per_page=${perPage}&page=${page}`);
    if (status >= 300 || !Array.isArray(body)) return undefined;
    const own = body.find((each) => each.user?.type === 'Bot' && each.body?.startsWith(mark));
    if (own !== undefined || body.length < perPage) return own?.id;
  }
}
