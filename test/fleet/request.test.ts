/** What a user may say, and how what is wrong is named. */
import { expect, it } from 'vitest';
import { Problem } from '../../src/errors/problem.js';
import { checkRequest, mergeRequests } from '../../src/fleet/request.js';
import { storedRequestSchema } from '../../src/fleet/schema.js';

const nameOf = (path: string): string => `--${path}`;

function wrong(raw: unknown): readonly string[] {
  try {
    checkRequest(raw, nameOf);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Problem);
    const problem = thrown as Problem;
    expect([problem.code, ...problem.parts.map(({ code }) => code)]).toContain('invalid-value');
    return problem.parts.length > 0 ? problem.parts.map(({ message }) => message) : [problem.message];
  }
  return [];
}

it('takes everything that makes sense, unchanged', () => {
  const raw = {
    fleet: 'shop',
    region: 'eu-west-1',
    vpc: 'Main VPC*',
    members: [{ name: 'a' }, { name: 'b', cluster: 'EKS_b', region: 'us-gov-west-1', vpc: 'vpc-0abc', mode: 'pull' }],
    nodes: 3,
    instanceType: 'm7i-flex.large',
    kubernetesVersion: '1.35',
    karmadaVersion: '1.18.2',
    crds: './crds.tar.gz',
    allow: ['203.0.113.7/32', '198.51.100.0/24'],
    admins: ['arn:aws-us-gov:iam::123456789012:role/path/to/admin'],
    useExisting: true,
  };
  expect(checkRequest(raw, nameOf)).toEqual(raw);
  expect(checkRequest({}, nameOf)).toEqual({});
  expect(checkRequest({ members: 0 }, nameOf)).toEqual({ members: 0 });
});

it.each(['eu-west-1', 'ap-southeast-4', 'us-gov-east-1', 'us-iso-east-1', 'cn-northwest-1', 'eusc-de-east-1'])(
  'knows %s for a region',
  (region) => {
    expect(wrong({ region })).toEqual([]);
  },
);

it.each([
  [{ fleet: 'Shop' }, '--fleet: invalid name: use up to 30 lowercase'],
  [{ fleet: '1shop' }, '--fleet: invalid name'],
  [{ fleet: 'a'.repeat(31) }, '--fleet: invalid name'],
  [{ fleet: 'shop-' }, '--fleet: invalid name'],
  [{ region: 'Ireland' }, '--region: expected a region such as eu-west-1'],
  [{ region: 'eu-west-1\n' }, '--region: expected a region'],
  [{ region: 'eu-west-1a' }, '--region: expected a region'],
  [{ vpc: '' }, '--vpc: expected a VPC ID'],
  [{ members: -1 }, '--members: '],
  [{ members: 101 }, '--members: '],
  [{ members: 1.5 }, '--members: expected a number from 0 to 100 or a list'],
  [{ members: 'two' }, '--members: expected a number from 0 to 100 or a list'],
  [{ members: [{ name: 'a-impersonator' }] }, '--members.0.name: invalid name: must not end in -impersonator'],
  [{ members: [{ name: 'Upper' }] }, '--members.0.name: invalid name: use up to 48'],
  [{ members: [{ name: 'a' }, { name: 'a'.repeat(49) }] }, '--members.1.name: invalid name: use up to 48'],
  [{ members: [{}] }, '--members.0.name: '],
  [{ members: [{ name: 'a', mode: 'pul' }] }, '--members.0.mode: '],
  [{ members: [{ name: 'a', cluster: 'x y' }] }, '--members.0.cluster: expected the name of an EKS cluster'],
  [{ members: [{ name: 'a', region: 'mars' }] }, '--members.0.region: expected a region'],
  [{ members: [{ name: 'a', regoin: 'eu-west-1' }] }, '--members.0: unknown field "regoin"; did you mean region?'],
  [{ nodes: 2 }, '--nodes: expected at least 3 nodes'],
  [{ nodes: 101 }, '--nodes: '],
  [{ nodes: '3' }, '--nodes: '],
  [{ instanceType: 'large' }, '--instanceType: expected an instance type such as m5.large'],
  [{ kubernetesVersion: 'v2.35' }, '--kubernetesVersion: expected a version such as 1.35'],
  [{ kubernetesVersion: '1.35.2' }, '--kubernetesVersion: expected a version such as 1.35'],
  [{ karmadaVersion: '1.18' }, '--karmadaVersion: expected a version such as 1.18.2'],
  [{ crds: '' }, '--crds: '],
  [{ allow: ['203.0.113.7'] }, '--allow.0: expected a CIDR such as 203.0.113.7/32'],
  [
    { allow: ['2001:db8::/32'] },
    '--allow.0: the load balancer of the Karmada API takes IPv4 only: expected a CIDR such as 203.0.113.7/32 (got "2001:db8::/32")',
  ],
  [
    { members: [{ name: 'a', mode: 'pull', sources: ['::/0'] }] },
    '--members.0.sources.0: the load balancer of the Karmada API takes IPv4 only',
  ],
  [
    { allow: ['203.0.113.7/24'] },
    '--allow.0: expected the first address of a network; did you mean 203.0.113.0/24 or 203.0.113.7/32?',
  ],
  [{ publicAccess: ['203.0.113.7/24'] }, '--publicAccess.0: expected the first address of a network; did you mean 203'],
  [{ members: [{ name: 'a', mode: 'pull', sources: ['203.0.113.7/0'] }] }, 'did you mean 0.0.0.0/0 or 203.0.113.7/32?'],
  [{ allow: ['0.0.0.0/0', '300.0.0.0/8'] }, '--allow.1: expected a CIDR'],
  [{ admins: ['arn:aws:sts::123456789012:assumed-role/a/b'] }, '--admins.0: expected the ARN of an IAM user or role'],
  [{ admins: ['arn:aws:iam::123:role/a'] }, '--admins.0: expected the ARN'],
  [{ tags: { 'aws:x': 'y' } }, '--tags: aws:x: the key is reserved for AWS, Kubernetes, eksctl or karmada-eks'],
  [{ tags: ['team=shop'] }, '--tags: expected tags such as team: shop'],
  [{ tags: { team: 7 } }, '--tags.team: expected text; a number needs quotes'],
  [
    { instanceType: ['m5.large', 'large'] },
    '--instanceType.1: expected an instance type such as m5.large (got "large")',
  ],
  [{ instanceType: [] }, '--instanceType: expected an instance type such as m5.large'],
  [{ spot: 'sometimes' }, '--spot: expected true or false'],
  [{ volumeSize: 8 }, '--volumeSize: expected at least 20 GiB, as the image has (got 8)'],
  [{ volumeSize: '100Gi' }, '--volumeSize: expected GiB from 20 to 16384 (got "100Gi")'],
  [
    { amiFamily: 'bottlerocket' },
    '--amiFamily: expected AmazonLinux2023, Bottlerocket, BottlerocketFips or Ubuntu2404',
  ],
  [
    { members: [{ name: 'a', context: 'kind', volumeSize: 100 }] },
    'context cannot be combined with cluster, region, vpc, zones, subnets, volumeSize, amiFamily, spot, clusterConfigPatch, account, role, externalId or existing',
  ],
  [{ kmsKeys: ['alias/ebs'] }, '--kmsKeys.0: expected the ARN of a KMS key'],
  [
    { kmsKeys: ['arn:aws:kms:eu-west-1:111122223333:key/a', 'arn:aws:kms:eu-west-1:111122223333:key/b'] },
    '--kmsKeys: expected one key for each region',
  ],
  [{ permissionsBoundary: 'boundary' }, '--permissionsBoundary: expected the ARN of an IAM policy'],
  [{ imageRegistry: 'https://registry.example.com' }, '--imageRegistry: expected a registry such as'],
  [{ imageRegistry: 'acme/karmada' }, '--imageRegistry: expected a registry such as'],
  [{ imageRegistry: 'registry.example.com/karmada:v1.18.2' }, '--imageRegistry: expected a registry such as'],
  [{ imageRegistry: 'registry.example.com/' }, '--imageRegistry: expected a registry such as'],
  [{ imageMirrorCountry: 'de' }, '--imageMirrorCountry: expected cn or none'],
  [{ zones: ['eu-west-1', 'eu-west-1b'] }, '--zones.0: expected a zone such as eu-west-1a'],
  [{ subnets: ['subnet-1', 'vpc-1'] }, '--subnets.1: expected the ID of a subnet'],
  [{ useExisting: 'yes' }, '--useExisting: '],
  [{ flete: 'shop' }, 'unknown field "flete"; did you mean fleet?'],
  [null, 'got nothing'],
  ['fleet: shop', 'expected fields such as region'],
])('refuses %j and says where', (raw, message) => {
  expect(wrong(raw)).toEqual([expect.stringContaining(message)]);
});

it('names all that is wrong at once, inside members too', () => {
  const raw = { region: 'mars', nodes: 1, members: [{ name: 'a', mode: 'x' }, { name: 3 }], allow: ['x'] };
  expect(wrong(raw).map((message) => message.split(':')[0])).toEqual([
    '--region',
    '--members.0.mode',
    '--members.1.name',
    '--nodes',
    '--allow.0',
  ]);
});

it.each(['fleet', 'region', 'vpc', 'instanceType', 'kubernetesVersion', 'karmadaVersion'] as const)(
  'lets no %s pass for a flag',
  (key) => {
    for (const value of ['-x', '--kubeconfig=/tmp/x', '-', '\n-x', ' -x'])
      expect(wrong({ [key]: value })).toHaveLength(1);
  },
);

it.each(['name', 'cluster', 'region', 'vpc'])('lets no %s of a member pass for a flag', (key) => {
  for (const value of ['-x', '--force', '-']) expect(wrong({ members: [{ name: 'a', [key]: value }] })).toHaveLength(1);
});

it.each(['10.0.0.0/8', '127.0.0.1/32', '172.16.0.0/12', '192.168.1.0/24', '169.254.0.0/16'])(
  'does not take %s for who may reach an EKS endpoint, which EKS would refuse after all questions',
  (cidr) => {
    expect(wrong({ publicAccess: ['203.0.113.0/24', cidr] })).toEqual([
      `--publicAccess: expected public addresses, got "${cidr}"`,
    ]);
    expect(checkRequest({ allow: [cidr] }, nameOf)).toEqual({ allow: [cidr] });
    expect(checkRequest({ publicAccess: ['0.0.0.0/0', '172.32.0.0/16'] }, nameOf).publicAccess).toHaveLength(2);
  },
);

it('lets the first request win, part by part, and lists win whole', () => {
  const first = { region: 'eu-west-1', members: [{ name: 'a' }], useExisting: false };
  const second = { region: 'us-east-1', vpc: 'main', members: 3, useExisting: true, nodes: 5 };
  expect(mergeRequests(first, second)).toEqual({ ...first, vpc: 'main', nodes: 5 });
});

it.each([
  [{ privateEndpoints: true }, { publicAccess: ['192.0.2.0/24'], nodes: 5 }, { privateEndpoints: true, nodes: 5 }],
  [
    { publicAccess: ['192.0.2.0/24'] },
    { privateEndpoints: true, privateAccess: ['10.0.0.0/8'] },
    { publicAccess: ['192.0.2.0/24'] },
  ],
  [{ privateEndpoints: false }, { privateEndpoints: true, privateAccess: ['10.0.0.0/8'] }, { privateEndpoints: false }],
  [
    { nodes: 5 },
    { privateEndpoints: true, privateAccess: [] },
    { nodes: 5, privateEndpoints: true, privateAccess: [] },
  ],
])('forgets endpoints of the other kind: %j over %j', (first, second, merged) => {
  expect(mergeRequests(first, second)).toEqual(merged);
});

it('does not take undefined for something that was said', () => {
  const unsaid = { region: undefined, members: undefined };
  expect(mergeRequests(checkRequest(unsaid, nameOf), { region: 'eu-west-1', members: 2 })).toEqual({
    region: 'eu-west-1',
    members: 2,
  });
});

it('reads what an earlier version stored without the IPv6 ranges that it took, and with the networks that others stood for', () => {
  const stored = {
    fleet: 'shop',
    allow: ['203.0.113.7/32', '2001:db8::/32', '198.51.100.7/24'],
    publicAccess: ['192.0.2.77/24'],
    members: [{ name: 'a', sources: ['::/0'] }],
  };
  expect(storedRequestSchema.parse(stored)).toEqual({
    fleet: 'shop',
    allow: ['203.0.113.7/32', '198.51.100.0/24'],
    publicAccess: ['192.0.2.0/24'],
    members: [{ name: 'a', sources: [] }],
  });
  expect(storedRequestSchema.safeParse({ ...stored, allow: ['x'] }).success).toBe(false);
});
