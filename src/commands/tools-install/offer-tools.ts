/** Offers to install missing tools, if there is a user to ask. */

import { Problem } from '../../errors/problem.js';
import { findTools } from '../../preflight/tool-versions.js';
import { defaultToolVersions, installableTools } from '../../tools/install/catalogue.js';
import { programFolder } from '../../world/environment.js';
import { callOf, type Session } from '../shared/session.js';
import { executeInstall } from './install-tools.js';

/**
 * Does the work; when it is refused because tools are missing, offers to install them and does it again. Whoever has a
 * missing tool that cannot be installed, or declines, gets the refusal.
 */
export async function offeringTools<T>(session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Problem && lacksTool(thrown) && session.ui.ask.possible)) throw thrown;
    if (!(await offer(session))) throw thrown;
  }
  return await work();
}

function lacksTool({ code, parts }: Problem): boolean {
  return code === 'tool-missing' || parts.some(lacksTool);
}

/** True when all that was missing is there now. */
async function offer(session: Session): Promise<boolean> {
  const { clients, ui } = session;
  const { found = {} } = await findTools(clients, callOf(session));
  const missing = installableTools.filter((tool) => found[tool] === undefined);
  if (missing.length === 0) return false;
  const tools = missing.map((tool) => ({ tool, version: defaultToolVersions[tool] }));
  const named = tools.map(({ tool, version }) => `${tool} ${version}`).join(', ');
  const message = `Not installed: ${named}. Install into ${programFolder(clients.world.environment)}`;
  const agreed = await ui.ask.confirm({ message, flag: 'tools install', env: 'PATH', default: true });
  return agreed && (await executeInstall(session, { tools })).ok;
}
