/** The fleet of a backup with a new parent: the same but for its place, without a member that was the former parent itself. */
import { expect, it } from 'vitest';
import { requestOf } from '../../src/fleet/resolve.js';
import { knownMembers, recoveredFleet } from '../../src/state/recovered-fleet.js';

const id = '0123456789ab.111122223333.us-west-2';
const described = {
  fleet: 'demo',
  id,
  region: 'us-west-2',
  vpc: 'main',
  members: [
    { name: 'one', region: 'us-west-2', vpc: 'main' },
    { name: 'far', region: 'eu-west-1', vpc: 'other', mode: 'pull' },
    { name: 'self', cluster: 'demo-parent', region: 'us-west-2', vpc: 'main' },
  ],
  revision: 4,
};

function backupOf(text: string, { fleet = id } = {}) {
  const manifest = { fleet: { id: fleet, parent: 'demo-parent', region: 'us-west-2' } };
  return { path: '/home/you/karmada.tar', manifest, fleet: { data: { 'fleet.json': text } } };
}

it('keeps its id and its members elsewhere', () => {
  const { fleet } = recoveredFleet(backupOf(JSON.stringify(described)), { region: 'ap-south-1', vpc: 'third' });
  expect(fleet).toMatchObject({
    id,
    revision: 5,
    parent: { cluster: 'demo-parent', region: 'ap-south-1', vpc: 'third' },
  });
  expect(fleet.members).toMatchObject([
    { name: 'one', region: 'us-west-2', vpc: 'main' },
    { name: 'far', region: 'eu-west-1', vpc: 'other' },
  ]);
  expect(fleet.members).toHaveLength(2);
  expect(fleet.former).toMatchObject([{ name: 'self', cluster: 'demo-parent', region: 'us-west-2' }]);
  expect(requestOf(fleet)).toMatchObject({ id });
});

it('has the endpoints that it is given, or those that it had', () => {
  const backup = backupOf(JSON.stringify({ ...described, privateEndpoints: true, privateAccess: ['10.99.0.0/16'] }));
  expect(recoveredFleet(backup, {}).fleet).toMatchObject({ privateEndpoints: true, privateAccess: ['10.99.0.0/16'] });
  const other = recoveredFleet(backup, { privateAccess: ['10.98.0.0/16'] });
  expect(other.fleet).toMatchObject({ privateEndpoints: true, privateAccess: ['10.98.0.0/16'], publicAccess: [] });
  const open = recoveredFleet(backup, { publicAccess: ['203.0.113.0/24'] });
  expect(open.fleet).toMatchObject({ privateEndpoints: false, privateAccess: [], publicAccess: ['203.0.113.0/24'] });
});

it('makes its own VPC anew in another region, and knows the one that stays behind by its name', () => {
  const { vpc: _, ...others } = described;
  const members = [{ name: 'one', region: 'us-west-2' }];
  const backup = backupOf(JSON.stringify({ ...others, createVpc: '10.64.0.0/16', members }));
  const { fleet } = recoveredFleet(backup, { region: 'ap-south-1' });
  expect(requestOf(fleet)).toMatchObject({
    region: 'ap-south-1',
    createVpc: '10.64.0.0/16',
    members: [{ name: 'one', region: 'us-west-2', vpc: 'karmada-eks-demo' }],
  });
  const elsewhere = requestOf(recoveredFleet(backup, { vpc: 'main' }).fleet);
  expect([elsewhere.vpc, elsewhere.createVpc, elsewhere.members]).toMatchObject([
    'main',
    undefined,
    [{ name: 'one', vpc: 'karmada-eks-demo' }],
  ]);
  const same = requestOf(recoveredFleet(backup, {}).fleet);
  expect([same.createVpc, same.members]).toMatchObject(['10.64.0.0/16', [{ name: 'one' }]]);
});

it('keeps an id from before ids were random, which names the former region', () => {
  const { id: _, ...old } = described;
  const { fleet } = recoveredFleet(backupOf(JSON.stringify(old), { fleet: 'demo.us-west-2' }), {
    region: 'ap-south-1',
  });
  expect(requestOf(fleet)).toMatchObject({ id: 'demo.us-west-2', region: 'ap-south-1', vpc: 'main' });
});

it.each(['', '{', '{"fleet": 3}', JSON.stringify({ ...described, id: 'zzz.111122223333.us-west-2' })])(
  'refuses what does not describe that fleet: %s',
  (text) => {
    expect(() => recoveredFleet(backupOf(text), {})).toThrow(
      expect.objectContaining({
        code: 'backup-unreadable',
        message: '/home/you/karmada.tar does not describe its fleet; nothing was changed',
      }),
    );
  },
);

it('knows the members that Karmada had', () => {
  const { fleet } = recoveredFleet(backupOf(JSON.stringify(described)), {});
  const keys = ['/registry/cluster.karmada.io/clusters/far', '/registry/secrets/karmada-cluster/one'];
  expect(
    knownMembers(
      fleet.members,
      keys.map((key) => ({ key })),
    ).map(({ name }) => name),
  ).toEqual(['far']);
});
