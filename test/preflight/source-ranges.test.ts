/** Who may reach an internal Karmada API; the internet-facing one is covered by whole runs. */
import { expect, it } from 'vitest';
import { problemsIn, warningsIn } from '../../src/errors/diagnostic.js';
import { clustersOf } from '../../src/fleet/fleet.js';
import { resolveFleet } from '../../src/fleet/resolve.js';
import type { FleetRequest } from '../../src/fleet/schema.js';
import { rangesOf as rangesIn } from '../../src/model/api-access.js';
import { clusterKey, type Network } from '../../src/model/facts.js';
import { findSourceRanges } from '../../src/preflight/source-ranges.js';
import { newAccount } from '../../src/rehearsal/account.js';
import { connect } from '../../src/rehearsal/machine/connect.js';

function network(vpcId: string, region: string, cidrs: readonly string[]): Network {
  const natAddresses = ['198.51.100.1'];
  return {
    vpcId,
    vpcName: vpcId,
    region,
    cidrs,
    public: [],
    private: [],
    nodesArePrivate: true,
    natAddresses,
    hiddenNats: [],
    allNatAddresses: natAddresses,
  };
}

/** The ranges of an internal fleet with a push member, a pull member beside the parent and a pull member far away. */
async function rangesOf(request: FleetRequest = {}, known: readonly ('here' | 'far')[] = ['here', 'far']) {
  const fleet = resolveFleet({
    region: 'eu-west-1',
    vpc: 'main',
    internal: true,
    members: [
      { name: 'pushed', region: 'eu-west-2' },
      { name: 'near', mode: 'pull' },
      { name: 'far', mode: 'pull', region: 'us-east-1' },
    ],
    ...request,
  });
  const here = network('vpc-1', 'eu-west-1', ['10.0.0.0/16', '100.64.0.0/16']);
  const networks = new Map<string, Network>();
  if (known.includes('here')) networks.set(clusterKey(fleet.parent), here);
  for (const member of clustersOf(fleet).map((cluster) => ({ ...cluster, name: cluster.scope }))) {
    if (member.name === 'pushed') networks.set(clusterKey(member), network('vpc-3', member.region, ['10.3.0.0/16']));
    if (member.name === 'near' && known.includes('here')) networks.set(clusterKey(member), here);
    if (member.name === 'far' && known.includes('far'))
      networks.set(clusterKey(member), network('vpc-2', member.region, ['10.2.0.0/16']));
  }
  const { world, calls } = connect(newAccount(), { publicAddress: null });
  const { found, diagnostics } = await findSourceRanges(world, fleet, networks);
  expect(problemsIn(diagnostics)).toEqual([]);
  expect(calls).toEqual([]);
  return { found: found && rangesIn(found), warnings: warningsIn(diagnostics).map(({ what }) => what) };
}

it('are the CIDRs of the VPCs of the parent and of pull members, and nothing is asked of the internet', async () => {
  const { found, warnings } = await rangesOf();
  expect(found).toEqual(['10.0.0.0/16', '10.2.0.0/16', '100.64.0.0/16']);
  expect(warnings).toEqual([
    'the Karmada API is internal: this machine must be in VPC vpc-1 (vpc-1) or reach it by peering or VPN',
    'pull member far is not in the VPC of the internal Karmada API: vpc-2 must be peered with vpc-1',
  ]);
});

it('are also the ranges from which private endpoints are reached', async () => {
  const { found } = await rangesOf({ privateEndpoints: true, privateAccess: ['10.99.0.0/16'], members: 0 });
  expect(found).toEqual(['10.0.0.0/16', '10.99.0.0/16', '100.64.0.0/16']);
});

it('are what was said, and the pull members’ VPCs', async () => {
  const { found } = await rangesOf({ allow: ['192.168.7.0/24'] });
  expect(found).toEqual(['10.0.0.0/16', '10.2.0.0/16', '100.64.0.0/16', '192.168.7.0/24']);
  expect((await rangesOf({ allow: ['192.168.7.0/24'], members: 0 })).found).toEqual(['192.168.7.0/24']);
});

it('are everyone alone, when that was said', async () => {
  expect((await rangesOf({ allow: ['0.0.0.0/0', '10.8.0.0/16'] })).found).toEqual(['0.0.0.0/0']);
});

it('say nothing of a VPC that could not be read', async () => {
  expect(await rangesOf({}, [])).toEqual({ found: [], warnings: [] });
  expect((await rangesOf({}, ['far'])).warnings).toEqual([]);
});
