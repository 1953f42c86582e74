/** `eksctl create cluster` from a ClusterConfig (0.230.0). */
import { beginCluster } from '../account/clusters.js';
import { takeCondition } from '../account/conditions.js';
import { findStack } from '../account/stacks.js';
import { durations } from '../durations.js';
import type { StackState, SubnetState } from '../state.js';
import { createAddon, giveNetworkRole } from './addons.js';
import { controlPlaneRefusal, importSubnets, resolveVersion } from './checks.js';
import type { AddonEntry, Config } from './config.js';
import { addOidcProvider, createAccessEntries, createServiceAccountRoles } from './iam.js';
import { makeNodeGroups, reportNodes } from './node-groups.js';
import {
  boundedBy,
  deploy,
  EksctlFailure,
  type Run,
  roleNamed,
  stackExists,
  unansweredCall,
  waitForCreation,
} from './run.js';
import { clusterTags, madeTags, stackTags } from './tags.js';

/** `ErrClusterEndpointPrivateOnly` (pkg/apis/eksctl.io/v1alpha5/validation.go). */
const privateOnly =
  'warning, having public access disallowed will subsequently interfere with some features of eksctl. This will require running subsequent eksctl (and Kubernetes) commands/API calls from within the VPC.  Running these in the VPC requires making updates to some AWS resources.  See: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html for more details';

/** Made before the nodes, whether the config names them or not. */
const beforeNodes: readonly string[] = ['vpc-cni', 'kube-proxy', 'coredns'];
/** Made without being named, after the nodes. */
const afterNodes: readonly string[] = ['metrics-server'];

/**
 * Makes a cluster: control plane, add-ons, OIDC provider, access entries, the role of vpc-cni, nodes, the rest of the add-ons.
 * It never resumes: while the stack of a first try is there, it fails.
 */
export async function createCluster(run: Run, config: Config): Promise<void> {
  const { log, process } = run;
  log.info('eksctl version 0.230.0');
  if (!config.publicAccess) log.warning(privateOnly);
  const version = resolveVersion(run, config);
  const subnets = importSubnets(run, config);
  try {
    await makeControlPlane(run, config, version, subnets);
    await makeAddons(run, config, addonsOf(config, beforeNodes), false);
    await process.takes(durations.eksctlOwnWaits);
    // It goes on all the same, and finds out again when it waits for nodes (pkg/eks/tasks.go).
    if ((await unansweredCall(run, config, '/api?timeout=32s')) !== undefined) log.warning('API server is unreachable');
    if (config.withOIDC) addOidcProvider(run, config);
    if (config.withOIDC) await createServiceAccountRoles(run, config);
    await createAccessEntries(run, config);
    if (config.withOIDC) await giveNetworkRole(run, config);
    await makeNodeGroups(run, config, config.nodeGroups);
  } catch (error) {
    if (!(error instanceof EksctlFailure)) throw error;
    log.critical(error.message);
    throw new EksctlFailure(`failed to create cluster "${config.name}"`);
  }
  await reportNodes(run, config, config.nodeGroups);
  await makeAddons(run, config, lateAddons(config), true);
  log.success(`EKS cluster "${config.name}" in "${config.region}" region is ready`);
}

/** What is refused before anything is made is refused in a dry run too, which prints the config. */
export async function tryCluster(run: Run, config: Config): Promise<void> {
  resolveVersion(run, config);
  importSubnets(run, config);
  await run.process.takes(durations.eksctlOwnWaits / 30);
  run.process.out(run.process.stdin);
}

async function makeControlPlane(
  run: Run,
  config: Config,
  version: string,
  subnets: readonly SubnetState[],
): Promise<void> {
  const { simulation, log } = run;
  const name = `eksctl-${config.name}-cluster`;
  log.info(`building cluster stack "${name}"`);
  if (findStack(simulation, config.region, name) !== undefined) throw stackExists(name);
  const stack = beginClusterStack(run, config, name, version, subnets);
  await waitForCreation(run, stack, 'waiter state transitioned to Failure');
}

/** A name that is taken by a cluster of somebody else's fails inside the stack, as in CloudFormation. */
function beginClusterStack(
  run: Run,
  config: Config,
  name: string,
  version: string,
  subnets: readonly SubnetState[],
): StackState {
  const { simulation } = run;
  const taken = simulation.region(config.region).clusters[config.name] !== undefined;
  const reason =
    controlPlaneRefusal(run, config, subnets) ??
    (taken ? `Resource of type 'AWS::EKS::Cluster' with identifier '${config.name}' already exists.` : undefined) ??
    takeCondition(simulation.state, 'control-plane-fails', (condition) => condition.cluster === config.name)?.reason;
  const role = roleNamed(run, `${name}-ServiceRole`);
  const tags = clusterTags(config);
  if (!taken) {
    beginCluster(simulation, {
      region: config.region,
      name: config.name,
      version,
      vpcId: subnets[0]?.vpcId ?? '',
      subnetIds: subnets.map((subnet) => subnet.id),
      tags,
      settlesAt: simulation.now() + durations.controlPlane,
      roleName: role,
      supportType: config.supportType,
      creatorIsAdmin: config.creatorIsAdmin,
      ...endpointsOf(config),
      logs: [...config.logs],
      secretsKey: config.secretsKey,
    });
    addStackGroups(simulation, config, name, subnets[0]?.vpcId ?? '');
    addLogGroup(simulation, config);
  }
  // A stack that never made the cluster must not take it away when it is rolled back.
  const kind = taken ? 'role' : 'cluster';
  const stack = deploy(
    run,
    config,
    { kind, name: config.name, roles: [role], ...boundedBy(config.boundary) },
    {
      name,
      tags,
      duration: reason === undefined ? durations.controlPlane : durations.smallStack,
      ...(reason === undefined ? {} : { failure: { resource: 'ControlPlane', type: 'AWS::EKS::Cluster', reason } }),
    },
  );
  const made = simulation.region(config.region).clusters[config.name];
  if (made !== undefined && !taken) made.tags = { ...madeTags(stack, 'ControlPlane'), Name: `${name}/ControlPlane` };
  return stack;
}

function endpointsOf({ publicAccess, publicAccessCidrs, privateAccess, extraCidrs }: Config) {
  return {
    ...(publicAccess ? {} : { privateOnly: true }),
    ...(publicAccessCidrs.length === 0 ? {} : { publicAccessCidrs: [...publicAccessCidrs] }),
    ...(privateAccess ? { privateAccessCidrs: [...extraCidrs] } : {}),
  };
}

/** EKS makes it, and leaves it behind (EKS User Guide, control plane logs). */
function addLogGroup(simulation: Run['simulation'], { region, name, logs }: Config): void {
  const { logGroups } = simulation.region(region);
  const path = `/aws/eks/${name}/cluster`;
  if (logs.length === 0 || logGroups.some((group) => group.name === path)) return;
  logGroups.push({ name: path, createdAt: simulation.now(), storedBytes: 0 });
}

/** The two security groups of eksctl's cluster stack; who has the second one reaches the nodes (`pkg/cfn/builder/vpc.go`). */
function addStackGroups(simulation: Run['simulation'], config: Config, stack: string, vpcId: string): void {
  const { securityGroups } = simulation.region(config.region);
  const groups = ['ControlPlaneSecurityGroup', 'ClusterSharedNodeSecurityGroup'].map((logical) => ({
    id: simulation.id('sg'),
    vpcId,
    name: `${stack}-${logical}-${simulation.state.nextId}`,
    tags: { ...stackTags(config), 'aws:cloudformation:stack-name': stack },
  }));
  securityGroups.push(...groups);
  const nodes = securityGroups.find(({ tags }) => tags['aws:eks:cluster-name'] === config.name);
  const [, { id: source = '' } = {}] = groups;
  const description = 'Allow unmanaged nodes to communicate with control plane (all ports)';
  nodes?.rules?.push({ id: `sgr-shared-${nodes.id}`, description, source, port: 'all' });
}

function addonsOf(config: Config, names: readonly string[]): readonly AddonEntry[] {
  return names.map((name) => config.addons.find((addon) => addon.name === name) ?? { name, podIdentity: false });
}

function lateAddons(config: Config): readonly AddonEntry[] {
  const named = config.addons.filter((addon) => ![...beforeNodes, ...afterNodes].includes(addon.name));
  return [...named, ...addonsOf(config, afterNodes)];
}

async function makeAddons(run: Run, config: Config, entries: readonly AddonEntry[], wait: boolean): Promise<void> {
  for (const entry of entries) await createAddon(run, config, entry, { wait });
}
