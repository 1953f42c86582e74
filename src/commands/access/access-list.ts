/** `access list`: who has access to Karmada by `access kubeconfig`, with which role, until when. */
import { readBindings } from '../../access/grants/grants.js';
import { ExitCode } from '../../errors/exit-codes.js';
import type { OptionsOf } from '../../options/table.js';
import { karmadaOf } from '../shared/karmada-of.js';
import type { RequestOptions } from '../shared/resolve-request.js';
import type { Session } from '../shared/session.js';
import { withFleet } from '../shared/with-fleet.js';
import { grantRows, grantTable } from './grant-table.js';

export async function accessList(session: Session, options: RequestOptions & OptionsOf<'output'>): Promise<number> {
  const { clients, ui } = session;
  return await withFleet(
    session,
    options,
    { readOnly: true },
    async (open) => (await readBindings(clients, (await karmadaOf(open)).karmada, open.fleet.id, open.call)).grants,
    async (_, grants) => {
      const now = clients.world.clock.now();
      if (options.output === 'json') ui.showDocument('json', grantRows(grants, now));
      else if (grants.length === 0) ui.print('nobody has access except with the installer’s certificate');
      if (options.output !== 'json' && grants.length > 0) ui.showTable(grantTable(grants, now));
      return ExitCode.ok;
    },
  );
}
