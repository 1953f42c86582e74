/**
 * IAM roles with the fleet's tag, which CloudFormation passes on, and OpenID Connect providers of clusters that are
 * gone.
 */
import pMap from 'p-map';
import type { Cluster } from '../aws/eks.js';
import { oidcProvider, oidcProviders } from '../aws/iam/iam.js';
import { rolesNamed } from '../aws/iam/iam-roles.js';
import type { Tags } from '../aws/tags.js';
import { fleetTag } from '../fleet/names.js';
import { ownersIn } from '../ownership/cluster-tags.js';
import type { Verdict } from '../ownership/ownership.js';
import type { FoundThing, Leftover } from './leftover.js';
import { judgeThing, type LeftoverScope, leftoverOf } from './scope.js';

/** How many tags of IAM are read at once: its rate is low. */
const concurrency = 5;

/** `scopes` are those of all regions of the fleet: what is deleted with a stack of any of them is omitted. */
export async function findRolesLeft(scopes: readonly LeftoverScope[]): Promise<readonly FoundThing[]> {
  const [first] = scopes;
  if (first === undefined) return [];
  // Only eksctl makes roles for a fleet, and all of its names begin so; the tag decides.
  const roles = await rolesNamed(first.clients.world.aws, first, 'eksctl-');
  return roles.flatMap(({ name, tags, createdAt }) => {
    if (tags[fleetTag] !== first.fleet.id || isOfStack(scopes, tags)) return [];
    const verdict = best(knowing(scopes, tags).map((scope) => judgeThing(scope, { tags, createdAt })));
    if (verdict === undefined) return [];
    return [{ kind: 'IAM role' as const, id: name, name, region: 'global', detail: '', usdPerHour: 0, ...verdict }];
  });
}

/**
 * The provider of an existing cluster is deleted with it. eksctl gives the others its own tags alone, not those of the
 * cluster (0.230.0, pkg/eks/eks.go, `sharedTags`).
 */
export async function findProvidersLeft(scopes: readonly LeftoverScope[]): Promise<readonly FoundThing[]> {
  const [first] = scopes;
  if (first === undefined) return [];
  const { aws } = first.clients.world;
  const used = new Set(scopes.flatMap(({ clusters }) => [...clusters.values()].map(issuerOf)));
  const arns = (await oidcProviders(aws, first)).filter((arn) => !used.has(nameOf(arn)));
  const read = async (arn: string) => ({ arn, ...(await oidcProvider(aws, first, arn)) });
  return (await pMap(arns, read, { concurrency })).flatMap(({ arn, tags, createdAt }) => {
    const near = scopes.filter((scope) => isIn(scope, arn));
    const verdict = best(near.map((scope) => judgeThing(scope, { tags, createdAt })));
    const name = nameOf(arn);
    if (verdict === undefined) return [];
    return [{ kind: 'OIDC provider' as const, id: arn, name, region: 'global', detail: '', usdPerHour: 0, ...verdict }];
  });
}

/** IAM is one for all regions: what is the fleet's in one is the fleet's. */
function best(verdicts: readonly Verdict[]): Pick<Leftover, 'whose' | 'evidence'> | undefined {
  const found = verdicts.find(({ whose }) => whose === 'ours') ?? verdicts.find(({ whose }) => whose === 'perhaps');
  return found === undefined ? undefined : leftoverOf(found);
}

/**
 * A role has no region: the regions in which the fleet had a cluster named by the tags decide, or all if there is none.
 */
function knowing(scopes: readonly LeftoverScope[], tags: Tags): readonly LeftoverScope[] {
  const owners = ownersIn(tags);
  const near = scopes.filter(({ lives }) => lives.some(({ cluster }) => owners.includes(cluster)));
  return near.length === 0 ? scopes : near;
}

/** IAM knows no regions, but EKS's issuers are named after theirs: `oidc.eks.<region>.amazonaws.com/id/…`. */
function isIn({ region }: LeftoverScope, arn: string): boolean {
  const named = /\/oidc\.eks\.([\w-]+)\./.exec(arn)?.[1];
  return named === undefined || named === region;
}

function issuerOf({ identity }: Cluster): string {
  return identity?.oidc?.issuer?.replace('https://', '') ?? '';
}

/** What follows `oidc-provider/`: the issuer without its scheme. */
function nameOf(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

function isOfStack(scopes: readonly LeftoverScope[], tags: Readonly<Record<string, string>>): boolean {
  const stack = tags['aws:cloudformation:stack-name'];
  return stack !== undefined && scopes.some(({ stacks }) => stacks.has(stack));
}
