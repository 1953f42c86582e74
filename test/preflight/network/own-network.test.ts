/** A VPC that is there keeps its range and its NAT gateways: whoever asks for others is told, in each status in which it is used. */
import { expect, it } from 'vitest';
import { makeClients } from '../../../src/clients/clients.js';
import { Problem } from '../../../src/errors/problem.js';
import { findOwnNetwork } from '../../../src/preflight/network/own-network.js';
import { newAccount } from '../../../src/rehearsal/account.js';
import { connect } from '../../../src/rehearsal/machine/connect.js';
import { addStackVpc, fleet, region, stackOf } from './stack-vpc.js';

it.each(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_FAILED'])(
  'in %s',
  async (status) => {
    const account = newAccount();
    await addStackVpc(account);
    stackOf(account).status = status;
    const clients = makeClients(connect(account).world);
    const place = { region, account: undefined, vpc: '', instanceTypes: ['m5.large'] };
    const spec = { ...place, needsPublicSubnet: true, holdsNew: true };
    const ask = async (cidr: string, natPerZone: boolean): Promise<unknown> => {
      const own = { ...fleet, cidr, natPerZone, wantedZones: undefined, mayBeMade: true };
      return await findOwnNetwork(clients, { ...spec, own });
    };
    for (const [cidr, natPerZone] of [
      ['10.9.0.0/16', false],
      ['10.64.0.0/16', true],
    ] as const) {
      const refused = await ask(cidr, natPerZone);
      expect(refused instanceof Problem ? refused.message : refused).toContain(
        'was created with other settings: --create-vpc 10.64.0.0/16',
      );
    }
    const same = await ask('10.64.0.0/16', false);
    if (status.endsWith('COMPLETE')) expect(same).toBe(account.region(region).vpcs[0]?.id);
    else expect(same).toBeInstanceOf(Problem);
  },
);
