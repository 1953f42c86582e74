/** What an organisation asks of its account: each thing that a fleet makes there has its tags, each role its boundary, each volume its key. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const region = 'us-west-2';
const tags = { team: 'lab', 'cost-center': '42 / EU' };
const bucket = 'lab-backups';
const admin = 'arn:aws:iam::123456789012:role/admins';

/** What has no tags of its own in AWS, or is the lab's. */
const tagless = /^(security-group-rule|lab-cluster) /;

/** What is made without the tags, and why it cannot have them. One that is not met fails, too. */
const untagged = [
  [/^oidc-provider /, 'eksctl gives it its own tags only (0.230.0, pkg/eks/eks.go, sharedTags)'],
  [
    /^security-group \S+ eks-cluster-sg-/,
    'EKS makes it, with tags of its own (EKS User Guide, security group requirements)',
  ],
  [
    /^access-entry \S+ \S+(\/eksctl-\S+-NodeInstanceRole-\w+|:user\/moto) /,
    'EKS makes those of nodes and of who made the cluster',
  ],
  [
    /^network-interface \S+ (ELB net\/|Interface for NAT Gateway )/,
    'AWS makes those of load balancers and NAT gateways',
  ],
  [/^route-table \S+ main$/, 'EC2 makes it with the VPC'],
  [/^security-group \S+ default /, 'EC2 makes it with the VPC'],
];

export function organisation({ env, step, cli, expect, lab }) {
  const aws = async (...words) =>
    JSON.parse((await run('aws', [...words, '--region', region, '--output', 'json'], { env })).stdout || '{}');
  const words = Object.entries(tags).flatMap(([key, value]) => ['--tag', `${key}=${value}`]);
  words.push('--admin', admin);
  let [boundary, key, before] = ['', '', new Map()];
  return {
    words,
    before: () =>
      step('a policy that bounds roles, a KMS key, and a bucket', async () => {
        const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
        const policy = ['--policy-name', 'boundary', '--policy-document', JSON.stringify(document)];
        boundary = (await aws('iam', 'create-policy', ...policy)).Policy.Arn;
        key = (await aws('kms', 'create-key')).KeyMetadata.Arn;
        await aws(
          's3api',
          'create-bucket',
          '--bucket',
          bucket,
          '--create-bucket-configuration',
          `LocationConstraint=${region}`,
        );
        words.push('--permissions-boundary', boundary, '--kms-key', key);
        before = lab.detailedResources();
      }),
    whileUp: async () => {
      await step('backups are scheduled', () =>
        cli(['backup', '--schedule', '0 3 1 1 *', '--to', `s3://${bucket}/lab`, '--encrypt-to', key, '--yes']),
      );
      await step('all that was made has the tags, each role the boundary, each volume the key', () => {
        const made = [...lab.detailedResources()].filter(([line]) => !before.has(line));
        const things = made.map(([line, details]) => thingOf(line, JSON.parse(details)));
        const wrong = things.flatMap((thing) => [...wrongTags(thing), ...wrongElse(thing)]);
        console.log(`       ${countsOf(things)}`);
        const notMet = untagged.filter(([match]) => !things.some(({ name }) => match.test(name)));
        const stale = notMet.map(([match]) => `${match}: no such thing was made`);
        expect(wrong.length + stale.length === 0, [...wrong, ...stale].join('\n'));
      });
    },
  };

  function wrongElse({ name, boundary: has, encrypted, kms_key_id: with_ }) {
    if (name.startsWith('role ') && has !== boundary) return [`${name}: boundary ${has}`];
    if (name.startsWith('volume ') && !(encrypted && with_ === key))
      return [`${name}: encrypted ${encrypted}, key ${with_}`];
    return [];
  }
}

/** `name`: its kind, and what it is called. */
function thingOf(line, details) {
  return { ...details, name: `${line.replace(/^\S+ /, '')} ${details.main === true ? 'main' : ''}` };
}

/** moto keeps those of some things as a list. */
function tagsIn(found = {}) {
  return Array.isArray(found) ? Object.fromEntries(found.map(({ Key, Value }) => [Key, Value])) : found;
}

function wrongTags({ name, tags: found }) {
  if (tagless.test(name) || untagged.some(([match]) => match.test(name))) return [];
  const has = tagsIn(found);
  const lacking = Object.entries(tags).filter(([key, value]) => (has[key]?.Value ?? has[key]) !== value);
  return lacking.length === 0 ? [] : [`${name}: ${JSON.stringify(has)}`];
}

/** How many there are of each kind. */
function countsOf(things) {
  const kinds = new Map();
  for (const [kind] of things.map(({ name }) => name.split(' '))) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
