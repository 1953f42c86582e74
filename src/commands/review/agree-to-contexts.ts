/** Asks before using a context of the user's kubeconfig that only the description in the parent names. */
import { notAgreed, unagreed } from '../../clients/agreed-contexts.js';
import { Problem } from '../../errors/problem.js';
import { refuse } from '../../errors/refuse.js';
import type { Fleet, Member } from '../../fleet/fleet.js';
import type { OptionsOf } from '../../options/table.js';
import type { Session } from '../shared/session.js';

/** @throws Problem `context-not-agreed` where nobody can be asked or `--yes` forbids it, `declined` */
export async function agreeToContexts(
  { clients, ui }: Session,
  options: OptionsOf<'yes'>,
  fleet: Fleet,
  members: readonly Member[],
): Promise<void> {
  const open = unagreed(clients, members);
  if (!ui.ask.possible || options.yes) refuse(open.map((member) => notAgreed(fleet, member)));
  for (const { name, context } of open) {
    const message = `Member ${name} uses context ${context} of your kubeconfig, but only the description in ${fleet.parent.cluster} says so. Use this context`;
    if (!(await ui.ask.confirm({ message, flag: `--trust-context '${context}'`, default: false }))) {
      throw new Problem('declined', { what: `context ${context} is not used; nothing was changed` });
    }
    clients.agreed.add(context);
  }
}
