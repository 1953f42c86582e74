/** The IAM role of scheduled backups, which their service account alone can take (IRSA), as a stack of eksctl. */
import { createHash } from 'node:crypto';
import { readRole } from '../../../aws/iam/iam-roles.js';
import { tagsIn } from '../../../aws/tags.js';
import type { Step } from '../../../engine/step.js';
import { Problem } from '../../../errors/problem.js';
import { backupJob, backupRoleName, backupRoleStack } from '../../../fleet/backup-job.js';
import { fleetTag } from '../../../fleet/names.js';
import { roleArn } from '../../../fleet/role-name.js';
import { clusterOfStack } from '../../../ownership/cluster-ownership.js';
import { judge, type Verdict } from '../../../ownership/ownership.js';
import type { ServiceAccountConfig } from '../../../tools/eksctl/cluster-config.js';
import { eksctlCommands } from '../../../tools/eksctl/commands.js';
import type { Command } from '../../../world/exec.js';
import { type FleetContext, minutes } from '../../context.js';
import { isOwnParent } from '../../karmada/parent-parts.js';
import { rolePolicy } from './role-policy.js';
import type { WantedSchedule } from './wanted-schedule.js';

type Wanted = Pick<WantedSchedule, 'to' | 'encryptTo'>;

/** On the stack: a sum of the policy, which CloudFormation would have to be asked for. */
const policyTag = 'karmada-eks/policy';

export function backupRoleArn({ caller, fleet }: FleetContext): string {
  return roleArn(caller, backupRoleName(fleet.parent));
}

export function addBackupRole(context: FleetContext, wanted: Wanted): Step {
  const { eksctl } = context.clients;
  const ref = parentRef(context);
  return {
    id: 'add-backup-role',
    title: 'add the role of scheduled backups',
    scope: 'parent',
    expectedMs: minutes(1),
    preview: () => ({
      changes: [
        `IAM role ${backupRoleName(context.fleet.parent)}: write, list and delete this fleet’s backups in ${wanted.to}`,
      ],
      commands: creating(context, wanted),
    }),
    check: async () => {
      const found = await backupRole(context);
      if (found === undefined) return { state: 'absent' };
      if (found.verdict.whose !== 'ours') return { state: 'blocked', problem: foreignRole(context, found.verdict) };
      const missing = await missingOf(context, wanted, found);
      return missing.length === 0 ? { state: 'ready' } : { state: 'partial', missing };
    },
    apply: async (call) => {
      const found = await backupRole(context);
      if (found !== undefined && found.verdict.whose !== 'ours') throw foreignRole(context, found.verdict);
      // eksctl changes none that is there.
      if (found !== undefined)
        await eksctl.run(context.fleet.parent, eksctlCommands.deleteAccountRole(ref, backupJob), call);
      for (const command of creating(context, wanted)) await eksctl.run(context.fleet.parent, command, call);
    },
  };
}

/** Why it is made anew; empty: it is as wanted. */
async function missingOf(context: FleetContext, wanted: Wanted, found: FoundRole): Promise<readonly string[]> {
  const { clients, fleet } = context;
  const { cluster } = fleet.parent;
  const name = backupRoleName(fleet.parent);
  if (!found.isWhole) return [`IAM role ${name}, whose stack is not whole`];
  const [role, parent] = await Promise.all([
    readRole(clients.world.aws, fleet.parent, name),
    clients.eks(fleet.parent).cluster(cluster),
  ]);
  if (role === undefined) return [`IAM role ${name}, which is gone: its stack is made anew`];
  const issuer = parent?.identity?.oidc?.issuer?.replace('https://', '');
  const anew = 'it is made anew, and policies that name it as a principal must name it again';
  const { trust } = role;
  const isOld = trust !== '' && issuer !== undefined && !trust.includes(`${issuer}:`) && !trust.includes(`/${issuer}"`);
  return [
    ...(isOld ? [`IAM role ${name} trusts a cluster ${cluster} that was there before: ${anew}`] : []),
    ...(found.policy === sumOf(context, wanted)
      ? []
      : [`IAM role ${name} may use another bucket or other KMS keys than requested: ${anew}`]),
  ];
}

function creating(context: FleetContext, wanted: Wanted): readonly Command[] {
  const ref = parentRef(context);
  return [
    // One that existed before may have none; a second time nothing happens.
    ...(isOwnParent(context) ? [] : [eksctlCommands.associateOidcProvider(ref)]),
    eksctlCommands.createAccountRole(ref, accountOf(context, wanted)),
  ];
}

function accountOf(context: FleetContext, wanted: Wanted): ServiceAccountConfig {
  const { id, tags, permissionsBoundary, parent } = context.fleet;
  return {
    metadata: backupJob,
    attachPolicy: rolePolicy(context, wanted),
    roleName: backupRoleName(parent),
    roleOnly: true,
    tags: { ...tags, [fleetTag]: id, [policyTag]: sumOf(context, wanted) },
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
  };
}

function sumOf(context: FleetContext, wanted: Wanted): string {
  return createHash('sha256')
    .update(JSON.stringify(rolePolicy(context, wanted)))
    .digest('hex')
    .slice(0, 16);
}

function parentRef({ fleet }: FleetContext): { readonly name: string; readonly region: string } {
  return { name: fleet.parent.cluster, region: fleet.parent.region };
}

interface FoundRole {
  readonly verdict: Verdict;
  /** Not half made. */
  readonly isWhole: boolean;
  readonly policy: string | undefined;
}

/** By the fleet's tag on its stack, and that eksctl made that for this cluster. Undefined: there is none. */
async function backupRole({ clients, fleet }: FleetContext): Promise<FoundRole | undefined> {
  const { cluster } = fleet.parent;
  const stack = await clients.cloudformation(fleet.parent).stack(backupRoleStack(cluster));
  if (stack === undefined) return undefined;
  const tags = tagsIn(stack.Tags);
  const found = {
    tag: tags[fleetTag],
    clusters: [],
    marked: false,
    createdAt: undefined,
    existed: false,
    clusterIsOthers: false,
  };
  const verdict = judge(fleet.id, [], clusterOfStack(stack) === cluster ? { ...found, proof: 'stack' } : found);
  return { verdict, isWhole: stack.StackStatus === 'CREATE_COMPLETE', policy: tags[policyTag] };
}

/** Deletes the role if it is surely the fleet's. */
export async function removeBackupRole(context: FleetContext, call: Parameters<Step['apply']>[0]): Promise<void> {
  if ((await backupRole(context))?.verdict.whose !== 'ours') return;
  await context.clients.eksctl.run(
    context.fleet.parent,
    eksctlCommands.deleteAccountRole(parentRef(context), backupJob),
    call,
  );
}

export async function hasBackupRole(context: FleetContext): Promise<boolean> {
  return (await backupRole(context))?.verdict.whose === 'ours';
}

/** For previews. */
export function roleRemoval(context: FleetContext): Command {
  return eksctlCommands.deleteAccountRole(parentRef(context), backupJob);
}

function foreignRole({ fleet }: FleetContext, { evidence }: Verdict): Problem {
  const stack = backupRoleStack(fleet.parent.cluster);
  return new Problem('backup-schedule-foreign', {
    what: `stack ${stack} has a role for scheduled backups that is not known to be this fleet’s; nothing was changed`,
    why: evidence,
    next: [
      `if nothing uses it, delete it: aws cloudformation delete-stack --stack-name ${stack} --region ${fleet.parent.region}`,
    ],
  });
}
