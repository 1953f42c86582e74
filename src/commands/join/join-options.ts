/** The arguments of `join`: clusters, contexts and described members, validated before anything is read. */

import { Problem } from '../../errors/problem.js';
import type { EksCluster, Fleet } from '../../fleet/fleet.js';
import { checkRequest } from '../../fleet/request.js';
import type { MemberRequest } from '../../fleet/schema.js';
import { accountRoleOf } from '../../fleet/settings/account-role.js';
import type { OptionsOf } from '../../options/table.js';
import type { Claimant } from '../../ownership/cluster-ownership.js';
import { type Asked, findJoining } from '../../preflight/joining.js';
import { ownRegion } from '../../world/place.js';
import { configName } from '../shared/config-file-request.js';
import { explicitRequest, type RequestOptions } from '../shared/resolve-request.js';
import { callOf, type Session } from '../shared/session.js';

export type JoinFlags = RequestOptions &
  OptionsOf<
    | 'cluster'
    | 'context'
    | 'mode'
    | 'name'
    | 'source'
    | 'memberRole'
    | 'externalId'
    | 'create'
    | 'yes'
    | 'changeFleet'
    | 'useContext'
  >;

/**
 * The members that are to join, as specified.
 * @throws Problem `missing-value` when nothing was specified, `invalid-value`, `cluster-absent`, `context-unknown`
 */
export async function joinOptions(
  session: Session,
  options: JoinFlags,
  claimant: Claimant,
  account: string,
): Promise<readonly MemberRequest[]> {
  const { fleet } = claimant;
  const asked = askedFor(options, fleet, account);
  for (const context of asked.contexts) session.clients.agreed.add(context);
  const described = await describedMembers(session, options, fleet);
  if (asked.clusters.length + asked.contexts.length + described.length === 0) throw nothingSaid(options);
  return [...(await findJoining(session.clients, claimant, asked, callOf(session))), ...described];
}

/** Of a file or a variable, which may describe the whole fleet, the members that are new. */
async function describedMembers(
  session: Session,
  options: JoinFlags,
  { members: known }: Fleet,
): Promise<readonly MemberRequest[]> {
  const { members } = await explicitRequest(session, options);
  if (!Array.isArray(members)) return [];
  const names = new Set(known.map(({ name }) => name));
  return !options.typed.has('member') ? members.filter(({ name }) => !names.has(name)) : members;
}

function askedFor(options: JoinFlags, fleet: Fleet, account: string): Asked {
  const clusters = options.cluster.map((text) => clusterRef(text, fleet, account, options));
  const contexts = options.context;
  const { name, mode, sources = [] } = checkedHow(options, clusters);
  refuseMisuse(options, clusters.length + contexts.length);
  return {
    clusters,
    contexts,
    mode,
    name: options.name === undefined ? undefined : name,
    sources,
    create: options.create,
  };
}

/** The schema of members defines what is allowed. */
function checkedHow(options: JoinFlags, clusters: readonly EksCluster[]): MemberRequest {
  const { name = 'x', mode } = options;
  const how = { name, ...(mode === undefined ? {} : { mode }), sources: options.source };
  // The maximum is checked once the number of existing members is known.
  for (const { cluster, region } of clusters) checkedMember({ name: 'x', cluster, region });
  return checkedMember(how);
}

function checkedMember(raw: Readonly<Record<string, unknown>>): MemberRequest {
  const flags: Readonly<Record<string, string>> = { sources: '--source', region: '--cluster' };
  const { members } = checkRequest({ members: [raw] }, (path) => {
    const [, , field = ''] = path.split('.');
    return flags[field] ?? `--${field}`;
  });
  const [checked] = Array.isArray(members) ? members : [];
  return checked ?? { name: '' };
}

function isGiven(value: string | readonly string[] | boolean | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function refuseMisuse(options: JoinFlags, count: number): void {
  const alone = (['name', 'mode', 'source', 'create'] as const).find((key) => isGiven(options[key]));
  if (count === 0 && alone !== undefined) {
    throw new Problem('invalid-value', {
      what: `--${alone} only applies to --cluster or --context`,
      next: [
        'specify a cluster: --cluster NAME or --context NAME',
        'with --member it is a field: --member name=…,mode=…',
      ],
    });
  }
  if (count > 1 && options.name !== undefined) {
    throw new Problem('invalid-value', {
      what: `--name applies to one cluster, but ${count} were given`,
      next: ['join them one at a time', 'or describe each: --member name=…,cluster=…,existing=true'],
    });
  }
  if (options.source.length > 0 && options.mode !== 'pull') {
    throw new Problem('invalid-value', {
      what: '--source only applies to pull members; a push member has no agent',
      next: ['add --mode pull, or omit --source'],
    });
  }
}

/** `NAME` in the parent's region, `REGION/NAME`, or an ARN, which may be of another account: then a role of that is needed. */
function clusterRef(
  text: string,
  { name: fleet, parent }: Fleet,
  own: string,
  { memberRole: role, externalId }: JoinFlags,
): EksCluster {
  const arn = /^arn:[\w-]+:eks:([\w-]+):(\d{12}):cluster\/(.+)$/.exec(text);
  if (arn === null) {
    if (role !== undefined) throw roleIsOfOther(text);
    const slash = text.indexOf('/');
    const region = slash === -1 ? parent.region : text.slice(0, slash);
    return { cluster: text.slice(slash + 1), ...ownRegion(region) };
  }
  const [, region = '', account = '', cluster = ''] = arn;
  if (account === own && role !== undefined) throw roleIsOfOther(text);
  if (account === own) return { cluster, ...ownRegion(region) };
  if (role === undefined) throw withoutRole(text, account, own);
  checkedMember({ name: 'x', cluster, region, account, role, externalId, existing: true });
  return { cluster, region, account: accountRoleOf({ account, role, externalId }, { region, fleet }) };
}

function roleIsOfOther(text: string): Problem {
  return new Problem('invalid-value', {
    what: `--role is for a cluster of another account, and ${text} is in the fleet’s own`,
    next: ['omit --role', 'or name the cluster by its ARN, which has its account in it'],
  });
}

function withoutRole(text: string, account: string, own: string): Problem {
  return new Problem('invalid-value', {
    what: `--cluster: ${text} is in account ${account}, but the credentials are for account ${own}`,
    next: [
      'name a role of that account that may be assumed: --role NAME, or its ARN',
      'or join it through a context of your kubeconfig that reaches it: --context NAME',
    ],
  });
}

function nothingSaid(options: JoinFlags): Problem {
  const what =
    options.config === undefined
      ? 'nothing to join: specify at least one cluster'
      : `nothing to join: the fleet already has every member in ${configName(options.config)}`;
  return new Problem('missing-value', {
    what,
    next: [
      `an existing EKS cluster: --cluster ${'NAME'}, --cluster eu-west-1/NAME, or its ARN`,
      'any context of your kubeconfig: --context NAME',
      `a new cluster: --member name=NAME,region=eu-west-1,vpc=…`,
      'or a file that lists them under `members`: --config FILE',
    ],
  });
}
