/** AWS's own cloud controller in a cluster of somebody else's: a load balancer before there are nodes, and more ranges than EC2 takes. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { adminKubeconfig, kubernetesApi } from './kubernetes-api.js';
import { addNodes, makeWithoutNodes, removeByHand } from './made-by-hand.js';
import { folderOf, ownAddress } from './session.js';

const run = promisify(execFile);
const cluster = { name: 'Balanced', region: 'us-west-2' };
const owner = 'balanced';
const prefix = 'kubernetes.io/rule/nlb';

/** EC2's default for a security group is 60 rules; the controller needs two for each range, and one for each subnet. */
const tooMany = Array.from({ length: 60 }, (_, index) => `198.51.100.${index}/32`);

const service = (name, annotations, more) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', annotations },
  spec: { type: 'LoadBalancer', ports: [{ port: 443 }], selector: { app: name }, ...more },
});
const network = { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' };

/** Makes the cluster, and takes it away. */
export async function cloudController({ env, vpcs, step, expect, lab }) {
  const made = { env, vpc: vpcs[cluster.region], cluster, owner };
  const api = kubernetesApi(env, adminKubeconfig(env, cluster));
  const look = (what) => api.kubectl(['get', ...what, '--ignore-not-found']);
  const open = (ranges) => api.apply(service('open', network, { loadBalancerSourceRanges: ranges }));
  const hostOf = (name) => look(['service', name, '-o', 'jsonpath={.status.loadBalancer.ingress[0].hostname}']);
  let rules = async () => [];
  await step('in parallel, a cluster without nodes: its Service gets a load balancer', async () => {
    await makeWithoutNodes(made);
    const query = ['--query', 'cluster.resourcesVpcConfig.clusterSecurityGroupId'];
    const group = await aws(env, ['eks', 'describe-cluster', '--name', cluster.name, ...query]);
    rules = () => controllersRules(env, group);
    await open([ownAddress]);
    await until(
      () => hostOf('open'),
      (host) => /\.elb\.us-west-2\.amazonaws\.com$/.test(host),
    );
    const found = await rules();
    expect(found.length === 0, `there are rules without nodes: ${found.join(', ')}`);
  });
  const admitted = ['client', 'health', 'health', 'health', 'mtu'].join();
  await step('in parallel, its nodes come: rules for clients, health checks and path MTU', async () => {
    await addNodes(made);
    await until(rules, (found) => found.join() === admitted);
  });
  await step('in parallel, 60 ranges: EC2 refuses them, nobody gets in, and an event tells it', async () => {
    await open(tooMany);
    const events = ['events', '--field-selector', 'type=Warning,reason=SyncLoadBalancerFailed'];
    const messages = [...events, '-o', 'jsonpath={.items[*].message}'];
    await until(
      () => look(messages),
      (text) => text.includes('RulesPerSecurityGroupLimitExceeded'),
    );
    const found = await rules();
    expect(!found.includes('client'), `somebody gets in: ${found.join(', ')}`);
    await open([ownAddress]);
    await until(rules, (again) => again.join() === admitted);
  });
  await step('in parallel, a Service without the annotation: a Classic load balancer', async () => {
    await api.apply(service('classic', {}));
    await until(
      () => hostOf('classic'),
      (host) => /\.us-west-2\.elb\.amazonaws\.com$/.test(host),
    );
  });
  await step('in parallel, its Services are deleted: nothing is left of them, and the cluster is deleted', async () => {
    await api.kubectl(['delete', 'service', 'open', 'classic', '--timeout=60s']);
    const things = [...lab.detailedResources()].filter(([, details]) => /default\/(?:open|classic)/.test(details));
    const left = [...(await rules()), ...things.map(([line]) => line)];
    expect(left.length === 0, `left: ${left.join(', ')}`);
    await removeByHand(made);
  });
}

/** Load balancers of the lab let in whom the security group lets in; the cloud controller does not look after its rules by itself. */
export async function closedByRules({ env, fleet, home, step, cli, expect }) {
  const api = kubernetesApi(env, join(folderOf({ home, fleet }), 'kubeconfigs/karmada-apiserver.json'));
  const answers = () => api.kubectl(['get', '--raw', '/readyz', '--request-timeout=5s']).catch(() => '');
  await step('a lost rule of the security group closes the Karmada API; up has it made again', async () => {
    const query = ['--query', 'cluster.resourcesVpcConfig.clusterSecurityGroupId'];
    const group = await aws(env, ['eks', 'describe-cluster', '--name', `${fleet}-parent`, ...query]);
    const filters = ['--filters', `Name=group-id,Values=${group}`];
    const client = `SecurityGroupRules[?CidrIpv4 == '${ownAddress}' && starts_with(Description, '${prefix}/client=')]`;
    const text = await aws(env, ['ec2', 'describe-security-group-rules', ...filters, '--query', client], 'json');
    const [{ SecurityGroupRuleId: id }] = JSON.parse(text);
    expect((await answers()) === 'ok', 'it does not answer');
    await aws(env, ['ec2', 'revoke-security-group-ingress', '--group-id', group, '--security-group-rule-ids', id]);
    await until(answers, (answer) => answer === '');
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes(`security group rule for ${ownAddress}`), `the rule is not named: ${stdout}`);
    await until(answers, (answer) => answer === 'ok');
  });
}

/** What each rule of the controller is for, sorted. */
async function controllersRules(env, group) {
  const of = ['--filters', `Name=group-id,Values=${group}`, '--query', 'SecurityGroupRules[].Description'];
  const found = JSON.parse(await aws(env, ['ec2', 'describe-security-group-rules', ...of], 'json'));
  const uses = found.flatMap((text) => RegExp(`^${prefix}/(\\w+)`).exec(text)?.[1] ?? []);
  return uses.sort();
}

async function until(look, fits) {
  let found;
  for (let looks = 0; looks < 60; looks += 1) {
    found = await look();
    if (fits(found)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`after 60 looks there is still ${found}`);
}

async function aws(env, args, output = 'text') {
  const all = [...args, '--region', cluster.region, '--output', output];
  return (await run('aws', all, { env, maxBuffer: 1e8 })).stdout.trim();
}
