/** A whole fleet out of what was said. */
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { clustersOf } from '../../src/fleet/fleet.js';
import { checkRequest } from '../../src/fleet/request.js';
import { requestOf, resolveFleet, withRevision } from '../../src/fleet/resolve.js';
import type { FleetRequest } from '../../src/fleet/schema.js';
import { nodeFormOf } from '../../src/fleet/settings/node-form.js';

const least = { region: 'eu-west-1', vpc: 'main' };

function refused(request: FleetRequest): Problem {
  try {
    resolveFleet(request);
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown;
  }
  return expect.unreachable('the request should be refused');
}

/** What a member is that says nothing but its name. */
const plain = { kind: 'eks', mode: 'push', sources: [], existing: false };

it('is the fleet of the guidance when only the region and the VPC are said', () => {
  const place = { region: 'eu-west-1', vpc: 'main' };
  expect(resolveFleet(least)).toEqual({
    name: 'karmada',
    id: 'karmada.eu-west-1',
    parent: { cluster: 'karmada-parent', ...place },
    members: [
      { ...plain, name: 'karmada-member-1', cluster: 'karmada-member-1', ...place },
      { ...plain, name: 'karmada-member-2', cluster: 'karmada-member-2', ...place },
    ],
    revision: 1,
    former: [],
    nodes: 3,
    instanceTypes: ['m5.large'],
    kubernetesVersion: undefined,
    karmadaVersion: undefined,
    crds: undefined,
    imageRegistry: undefined,
    imageMirrorCountry: undefined,
    pullsWithSecret: false,
    imagePullSecret: undefined,
    allow: [],
    internal: false,
    apiName: undefined,
    formerApiNames: [],
    publicAccess: [],
    privateEndpoints: false,
    privateAccess: [],
    controlPlaneLogs: [],
    tags: {},
    permissionsBoundary: undefined,
    kmsKeys: [],
    admins: [],
    useExisting: false,
  });
});

it('names so many members after the fleet', () => {
  const { members } = resolveFleet({ ...least, fleet: 'shop', members: 12 });
  expect(members.map(({ name }) => name)).toEqual(Array.from({ length: 12 }, (_, index) => `shop-member-${index + 1}`));
  expect(resolveFleet({ ...least, members: 0 }).members).toEqual([]);
});

it('fills in what a member leaves out, and keeps what it says', () => {
  const said = { name: 'b', cluster: 'old', region: 'us-east-1', vpc: 'vpc-1', mode: 'pull' } as const;
  expect(resolveFleet({ ...least, members: [{ name: 'a' }, said] }).members).toEqual([
    { ...plain, name: 'a', cluster: 'a', region: 'eu-west-1', vpc: 'main' },
    { ...plain, ...said },
  ]);
});

it('takes one instance type or several, each once, and writes one as earlier versions read it', () => {
  const [one, two] = ['m5.large', ['m5.large', 'm6i.large', 'm5.large']].map((instanceType) =>
    resolveFleet({ ...least, instanceType }),
  );
  expect([one?.instanceTypes, two?.instanceTypes]).toEqual([['m5.large'], ['m5.large', 'm6i.large']]);
  expect([one, two].map((fleet) => fleet && requestOf(fleet).instanceType)).toEqual([
    'm5.large',
    ['m5.large', 'm6i.large'],
  ]);
});

it('makes no node of the parent a Spot Instance', () => {
  const fleet = resolveFleet({ ...least, spot: true, members: [{ name: 'a' }, { name: 'b', spot: false }] });
  const onSpot = clustersOf(fleet).filter((each) => nodeFormOf(fleet, each).spot);
  expect(onSpot.map(({ scope }) => scope)).toEqual(['a']);
  expect(resolveFleet(requestOf(fleet))).toEqual(fleet);
  const parent = { name: 'p', cluster: 'karmada-parent', spot: true };
  expect(() => resolveFleet({ ...least, members: [parent] })).toThrow(
    'member p is the parent, whose nodes are never Spot Instances',
  );
});

it('keeps each address and administrator once', () => {
  const admin = 'arn:aws:iam::123456789012:role/a';
  const fleet = resolveFleet({ ...least, allow: ['10.0.0.0/8', '10.0.0.0/8'], admins: [admin, admin] });
  expect([fleet.allow, fleet.admins]).toEqual([['10.0.0.0/8'], [admin]]);
});

it.each([
  [{ vpc: 'main' }, '--region', 'KARMADA_EKS_REGION'],
  [{ region: 'eu-west-1' }, '--vpc', 'KARMADA_EKS_VPC'],
  [{}, '--region', 'KARMADA_EKS_REGION'],
])('misses what has no default: %j', (request, flag, variable) => {
  const problem = refused(request);
  expect(problem).toMatchObject({ code: 'missing-value', message: `${flag} is required` });
  expect(problem.next.join()).toContain(variable);
});

const a = { name: 'a' };
it.each([
  ['two members of one name', [a, { ...a, cluster: 'b', region: 'us-east-1' }], ['two members are named a']],
  [
    'a member with the parent’s name',
    [{ name: 'karmada-parent' }],
    ['member karmada-parent has the same name as the parent'],
  ],
  [
    'the parent as a pull member',
    [{ ...a, cluster: 'karmada-parent', mode: 'pull' as const }],
    ['member a is the parent, which can only be a push member'],
  ],
  ['one cluster under two names', [a, { name: 'b', cluster: 'a' }], ['EKS cluster a in eu-west-1 is listed twice']],
  ['the name of the Karmada context', [{ name: 'karmada-apiserver' }], ['a member cannot be named karmada-apiserver']],
  ['the name of the parent’s lane', [{ name: 'parent' }], ['a member cannot be named parent']],
  [
    'all of it',
    [a, a, { name: 'fleet' }],
    ['two members are named a', 'a member cannot be named fleet', 'EKS cluster a in eu-west-1 is listed twice'],
  ],
])('refuses %s', (_, members, messages) => {
  const problem = refused({ ...least, members });
  expect(problem.code).toBe('invalid-value');
  expect(problem.parts.length > 0 ? problem.parts.map(({ message }) => message) : [problem.message]).toEqual(messages);
});

it('lets clusters of one name be in two regions', () => {
  const members = [
    { name: 'here', cluster: 'shop' },
    { name: 'there', cluster: 'shop', region: 'us-east-1' },
  ];
  expect(resolveFleet({ ...least, members }).members).toMatchObject([{ cluster: 'shop' }, { cluster: 'shop' }]);
});

it.each([
  least,
  {
    ...least,
    fleet: 'shop',
    members: [{ name: 'b', mode: 'pull' as const, region: 'us-east-1' }],
    nodes: 5,
    kubernetesVersion: '1.34',
    karmadaVersion: '1.18.2',
    crds: '/tmp/crds.tar.gz',
    allow: ['0.0.0.0/0'],
    internal: true,
    apiName: 'karmada.example.com',
    formerApiNames: ['api.example.com'],
    publicAccess: ['203.0.113.0/24', '198.51.100.7/32'],
    admins: ['arn:aws:iam::123456789012:user/me'],
    useExisting: true,
  },
])('can be written down as a request and read again: %j', (request) => {
  const fleet = resolveFleet(request);
  const written: unknown = JSON.parse(JSON.stringify(requestOf(fleet)));
  expect(resolveFleet(checkRequest(written, (path) => path))).toEqual(fleet);
});

it('lists the clusters parent first, each in a scope of its own', () => {
  const scopes = clustersOf(resolveFleet({ ...least, members: [a] })).map(({ scope, role, cluster }) => [
    scope,
    role,
    cluster,
  ]);
  expect(scopes).toEqual([
    ['parent', 'parent', 'karmada-parent'],
    ['a', 'member', 'a'],
  ]);
});

it.each([
  [
    { name: 'desk', context: 'kind-desk' },
    { kind: 'context', name: 'desk', mode: 'push', sources: [], context: 'kind-desk' },
  ],
  [
    { name: 'shop', existing: true, sources: ['192.0.2.0/24'] },
    {
      ...plain,
      name: 'shop',
      cluster: 'shop',
      region: 'eu-west-1',
      vpc: 'main',
      existing: true,
      sources: ['192.0.2.0/24'],
    },
  ],
])('knows members of every kind: %o', (said, member) => {
  const fleet = resolveFleet({ ...least, members: [said] });
  expect(fleet.members).toEqual([member]);
  expect(resolveFleet(requestOf(fleet)).members).toEqual([member]);
});

it('lets the parent be a push member of itself', () => {
  const fleet = resolveFleet({ ...least, members: [{ name: 'home', cluster: 'karmada-parent' }] });
  expect(clustersOf(fleet).map(({ cluster }) => cluster)).toEqual(['karmada-parent']);
});

describe('the number of a description', () => {
  const recorded = { ...requestOf(resolveFleet(least)), revision: 7 };

  it('stays while nothing changes', () => {
    expect(withRevision(resolveFleet(least), recorded).revision).toBe(7);
  });

  it('is the next one when something does', () => {
    expect(withRevision(resolveFleet({ ...least, nodes: 5 }), recorded).revision).toBe(8);
  });

  it('is the first one when there was none', () => {
    expect(withRevision(resolveFleet(least), undefined).revision).toBe(1);
  });
});
