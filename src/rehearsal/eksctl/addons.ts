/** `eksctl create addon` and `delete addon` (0.230.0). */
import { iamArn } from '../account/arns.js';
import { findStack } from '../account/stacks.js';
import { durations } from '../durations.js';
import type { AddonState, ClusterState, StackState } from '../state.js';
import type { AddonEntry, Config } from './config.js';
import {
  activeCluster,
  boundedBy,
  deleteStacks,
  deploy,
  EksctlFailure,
  type Run,
  roleNamed,
  stackExists,
  waitForStack,
} from './run.js';
import { addonTags, stackTags } from './tags.js';

/** Where a cluster is: what every add-on command needs. */
export type Place = Pick<Config, 'name' | 'region' | 'tags'>;

/** Add-ons whose pods call AWS, with the service account that does. */
const needPermissions: Readonly<Record<string, string>> = {
  'aws-ebs-csi-driver': 'ebs-csi-controller-sa',
  'vpc-cni': 'aws-node',
};

/** How an add-on is made. */
interface AddonOptions {
  /** Waits until it is ACTIVE; eksctl does so for a config file and not for flags (observed). */
  readonly wait: boolean;
  /** A role made before, given by flag. */
  readonly roleArn?: string;
  /** What somebody else installed is not overwritten: EKS then refuses to make the add-on. */
  readonly keepsOthers?: boolean;
}

/** Makes an add-on; one that exists, unless CREATE_FAILED, is left alone. Fails when it does not become ACTIVE. */
export async function createAddon(run: Run, place: Place, entry: AddonEntry, options: AddonOptions): Promise<void> {
  const { simulation, log } = run;
  const cluster = activeCluster(run, place);
  const present = cluster.addons[entry.name];
  if (present !== undefined && present.status !== 'CREATE_FAILED') return;
  const addon: AddonState = { name: entry.name, status: 'CREATING', settlesAt: 0, issues: [], tags: { ...entry.tags } };
  await givePermissions(run, place, entry, addon, options.roleArn ?? entry.roleArn);
  log.info(`creating addon: ${entry.name}`);
  addon.settlesAt = simulation.now() + durations.addon;
  if (options.keepsOthers === true) addon.keepsOthers = true;
  cluster.addons[entry.name] = addon;
  if (options.wait) await waitForAddon(run, cluster, addon);
}

async function waitForAddon({ process }: Run, cluster: ClusterState, addon: AddonState): Promise<void> {
  while (addon.status === 'CREATING') await process.takes(durations.eksctlNextPoll);
  const now = cluster.addons[addon.name]?.status;
  if (now !== 'ACTIVE') throw new EksctlFailure(`addon status transitioned to "${now}"`);
}

/** Without a role, Pod Identity and an OIDC provider eksctl only warns, and the add-on gets no permissions. */
async function givePermissions(
  run: Run,
  place: Place,
  entry: AddonEntry,
  addon: AddonState,
  roleArn: string | undefined,
): Promise<void> {
  const account = needPermissions[entry.name];
  if (account === undefined) return;
  if (entry.podIdentity) {
    const name = `eksctl-${place.name}-addon-${entry.name}-podidentityrole-${account}`;
    addon.podIdentityRoleArn = await createRoleStack(run, place, { name });
    return;
  }
  const issuer = activeCluster(run, place).oidcIssuer.replace('https://', '');
  const hasProvider = run.simulation.state.oidcProviders.some((arn) => arn.endsWith(issuer));
  if (roleArn === undefined && !hasProvider) return;
  if (roleArn === undefined) {
    run.log.info(`creating role using provided policies for "${entry.name}" addon`);
  }
  addon.serviceAccountRoleArn = roleArn ?? (await createAddonRole(run, place, entry));
}

/** What `create cluster` does once there is an OIDC provider: "update VPC CNI to use IRSA if required". */
export async function giveNetworkRole(run: Run, config: Config): Promise<void> {
  const addon = activeCluster(run, config).addons['vpc-cni'];
  const entry = config.addons.find(({ name }) => name === 'vpc-cni') ?? { name: 'vpc-cni' };
  if (addon !== undefined) addon.serviceAccountRoleArn = await createAddonRole(run, config, entry);
}

function createAddonRole(
  run: Run,
  place: Place,
  { name: addon, boundary }: Pick<AddonEntry, 'name' | 'boundary'>,
): Promise<string> {
  const name = `eksctl-${place.name}-addon-${addon}`;
  return createRoleStack(run, place, { name, tags: addonTags(place, addon), boundary });
}

/** A stack with one role. */
interface RoleStack {
  readonly name: string;
  /** Those of every stack when not given. */
  readonly tags?: Readonly<Record<string, string>>;
  /** CloudFormation finds one when not given. */
  readonly roleName?: string;
  readonly boundary?: string | undefined;
  readonly keys?: readonly string[];
  readonly policy?: unknown;
  /** Issuer, without `https://`. */
  readonly trusts?: string;
}

/** Makes the stack and answers the role's ARN; a stack that is there already is an error. */
export async function createRoleStack(run: Run, place: Place, wanted: RoleStack): Promise<string> {
  const { name, tags = stackTags(place), roleName, boundary, keys = [], policy, trusts } = wanted;
  const { simulation } = run;
  if (findStack(simulation, place.region, name) !== undefined) throw stackExists(name);
  const role = roleName ?? roleNamed(run, `${name}-Role1`);
  const makes = {
    kind: 'role' as const,
    name,
    roles: [role],
    ...boundedBy(boundary),
    keys: [...keys],
    policy,
    ...(trusts === undefined ? {} : { trusts }),
  };
  await waitForStack(run, deploy(run, place, makes, { name, tags, duration: durations.smallStack }));
  return iamArn(place.region, simulation.state.accountId, `role/${role}`);
}

/** Deletes an add-on and the stacks of its roles; fails when there is neither. With `preserve` neither objects nor stacks go, and nothing fails. */
export async function deleteAddon(
  run: Run,
  place: Place,
  name: string,
  { preserve }: { readonly preserve: boolean },
): Promise<void> {
  const { simulation, log } = run;
  const addon = activeCluster(run, place).addons[name];
  if (addon !== undefined) {
    addon.deletesObjects = preserve ? 'none' : addon.status === 'CREATE_FAILED' ? 'all' : 'own';
    addon.status = 'DELETING';
    addon.settlesAt = simulation.now() + durations.addonDelete;
    log.info(`deleted addon: ${name}`);
  }
  if (preserve) return;
  const stacks = addonStacks(run, place, name);
  if (stacks.length === 0 && addon === undefined) {
    throw new EksctlFailure('could not find addon or associated IAM stack(s) to delete');
  }
  if (stacks.length > 0) await deleteStacks(run, place.region, stacks);
}

/** The stacks that hold roles of an add-on or of service accounts; of all when no add-on is named. */
export function addonStacks({ simulation }: Run, place: Place, addon = ''): readonly StackState[] {
  const start = `eksctl-${place.name}-addon-${addon}`;
  const mine = simulation.region(place.region).stacks.filter((stack) => stack.makes.cluster === place.name);
  return mine.filter((stack) => stack.name.startsWith(start) && stack.status !== 'DELETE_COMPLETE');
}
