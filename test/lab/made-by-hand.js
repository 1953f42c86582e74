/** An EKS cluster made with the AWS CLI alone, as by hand: unlike eksctl it waits for nothing but the cluster, so it is there in half a minute. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const accountRole = 'arn:aws:iam::123456789012:role';

/** With three nodes, a driver for volumes, and a context in the user's kubeconfig. `owner` begins the names of its roles. */
export async function makeByHand({ env, vpc, cluster: { name, region }, owner }) {
  const aws = cliIn(env, region);
  const roles = rolesOf(owner);
  for (const role of roles)
    await aws(['iam', 'create-role', '--role-name', role, '--assume-role-policy-document', '{}']);
  const [ofCluster, ofNodes, ofVolumes] = roles.map((role) => `${accountRole}/${role}`);
  const network = `subnetIds=${[...vpc.private, ...vpc.public].join()}`;
  const version = ['--kubernetes-version', '1.34'];
  await aws([
    'eks',
    'create-cluster',
    '--name',
    name,
    '--role-arn',
    ofCluster,
    '--resources-vpc-config',
    network,
    ...version,
  ]);
  await aws(['eks', 'wait', 'cluster-active', '--name', name]);
  const of = ['--cluster-name', name];
  const group = [...of, '--nodegroup-name', 'own'];
  const size = 'minSize=3,maxSize=3,desiredSize=3';
  const places = ['--subnets', ...vpc.private, '--node-role', ofNodes];
  await aws(['eks', 'create-nodegroup', ...group, ...places, '--scaling-config', size]);
  const driver = [...of, '--addon-name', 'aws-ebs-csi-driver'];
  await aws(['eks', 'create-addon', ...driver, '--service-account-role-arn', ofVolumes]);
  await aws(['eks', 'wait', 'nodegroup-active', ...group]);
  await aws(['eks', 'update-kubeconfig', '--name', name]);
}

/** All that `makeByHand` made. */
export async function removeByHand({ env, cluster: { name, region }, owner }) {
  const aws = cliIn(env, region);
  const group = ['--cluster-name', name, '--nodegroup-name', 'own'];
  await aws(['eks', 'delete-nodegroup', ...group]);
  await untilGone(() => aws(['eks', 'describe-nodegroup', ...group]));
  await aws(['eks', 'delete-cluster', '--name', name]);
  await untilGone(() => aws(['eks', 'describe-cluster', '--name', name]));
  for (const role of rolesOf(owner)) await aws(['iam', 'delete-role', '--role-name', role]);
}

/** `aws eks wait` asks every 30 s. */
async function untilGone(describe) {
  for (let looks = 0; looks < 60; looks += 1) {
    const found = await describe().catch((thrown) => {
      if (!String(thrown).includes('ResourceNotFoundException')) throw thrown;
    });
    if (found === undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('it is still there after 60 looks');
}

function rolesOf(owner) {
  return ['cluster', 'nodes', 'volumes'].map((use) => `${owner}-${use}`);
}

function cliIn(env, region) {
  return async (args) => await run('aws', [...args, '--region', region, '--output', 'text'], { env, maxBuffer: 1e8 });
}
