/** An EKS cluster made with the AWS CLI alone, as by hand: unlike eksctl it waits for nothing but the cluster, so it is there in half a minute. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const accountRole = 'arn:aws:iam::123456789012:role';

/** With three nodes, a driver for volumes, and a context in the user's kubeconfig. `owner` begins the names of its roles. */
export async function makeByHand({ env, vpc, cluster, owner }) {
  const { name, region } = cluster;
  await makeWithoutNodes({ env, vpc, cluster, owner });
  const aws = cliIn(env, region);
  const [, , ofVolumes] = rolesOf(owner);
  const driver = ['--cluster-name', name, '--addon-name', 'aws-ebs-csi-driver'];
  await aws(['eks', 'create-addon', ...driver, '--service-account-role-arn', `${accountRole}/${ofVolumes}`]);
  await addNodes({ env, vpc, cluster, owner });
  await aws(['eks', 'update-kubeconfig', '--name', name]);
}

/** Its control plane and its roles. */
export async function makeWithoutNodes({ env, vpc, cluster: { name, region }, owner }) {
  const aws = cliIn(env, region);
  for (const role of rolesOf(owner))
    await aws(['iam', 'create-role', '--role-name', role, '--assume-role-policy-document', '{}']);
  const [ofCluster] = rolesOf(owner);
  const network = ['--resources-vpc-config', `subnetIds=${[...vpc.private, ...vpc.public].join()}`];
  const version = ['--kubernetes-version', '1.34', '--role-arn', `${accountRole}/${ofCluster}`];
  await aws(['eks', 'create-cluster', '--name', name, ...network, ...version]);
  await aws(['eks', 'wait', 'cluster-active', '--name', name]);
}

/** Three, in a node group. */
export async function addNodes({ env, vpc, cluster: { name, region }, owner }) {
  const aws = cliIn(env, region);
  const [, ofNodes] = rolesOf(owner);
  const group = ['--cluster-name', name, '--nodegroup-name', 'own'];
  const size = ['--scaling-config', 'minSize=3,maxSize=3,desiredSize=3'];
  const places = ['--subnets', ...vpc.private, '--node-role', `${accountRole}/${ofNodes}`];
  await aws(['eks', 'create-nodegroup', ...group, ...places, ...size]);
  await aws(['eks', 'wait', 'nodegroup-active', ...group]);
}

/** All of it. */
export async function removeByHand({ env, cluster, owner }) {
  const { name, region } = cluster;
  const aws = cliIn(env, region);
  const group = ['--cluster-name', name, '--nodegroup-name', 'own'];
  await aws(['eks', 'delete-nodegroup', ...group]);
  await untilGone(() => aws(['eks', 'describe-nodegroup', ...group]));
  await removeWithoutNodes({ env, cluster, owner });
}

/** One that has no nodes. */
export async function removeWithoutNodes({ env, cluster: { name, region }, owner }) {
  const aws = cliIn(env, region);
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
