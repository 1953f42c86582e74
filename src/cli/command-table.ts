/** The commands of the command line; the code of a command is loaded when it runs. */

import type { Handler } from '../commands/shared/session.js';
import {
  type CommonOptionName,
  commonNames,
  descriptionNames,
  type FleetOptionName,
  fleetNames,
  identityNames,
  type OptionName,
  redoingNames,
} from '../options/table.js';

/** What is looked up for a shell that completes an argument. */
export type SearchedArgument = 'members' | 'push-members';

export interface CommandEntry<Flag extends OptionName = OptionName> {
  /** Two words for a command of a group, e.g. `tools install`. */
  readonly name: string;
  readonly summary: string;
  /** A command that is about a fleet has the flags that say which, and reads all variables that describe one. */
  readonly about: 'fleet' | 'tools';
  /** Its flags beside those that say which fleet, and those of every command. */
  readonly flags: readonly Flag[];
  /** What is given without a flag, as commander wants it. */
  readonly argument?: { readonly flags: string; readonly help: string; readonly completed?: SearchedArgument };
  /** It changes nothing, not even on this machine but for what it remembers. */
  readonly readsOnly?: boolean;
  /** Lines to paste; a remark, with `#`, has a line of its own: zsh takes no comments after a command. */
  readonly examples: readonly string[];
  /** Reads no other options than it has. */
  readonly load: () => Promise<Handler<Flag | FleetOptionName | CommonOptionName>>;
}

function command<Flag extends OptionName>(entry: CommandEntry<Flag>): CommandEntry {
  return entry;
}

export const commandTable: readonly CommandEntry[] = [
  command({
    name: 'up',
    summary: 'create the fleet, or resume',
    about: 'fleet',
    flags: [
      ...descriptionNames,
      'yes',
      'config',
      'useContext',
      ...redoingNames,
      'noBackup',
      'backupInto',
      'encryptTo',
      'prune',
      'moveWorkloads',
      'keepWorkloads',
      'removeWorkloads',
      'changeFleet',
      'trustContext',
      'concurrency',
    ],
    examples: [
      '# on a terminal, prompts for what is needed',
      'karmada-eks up',
      'karmada-eks up --region eu-west-1 --vpc my-vpc',
      'karmada-eks up --member name=eu,mode=push --member name=us,region=us-east-1,mode=pull',
    ],
    load: async () => (await import('../commands/up/up.js')).up,
  }),
  command({
    name: 'plan',
    summary: "show what 'up' would do; changes nothing",
    about: 'fleet',
    flags: [
      ...descriptionNames,
      'config',
      ...redoingNames,
      'noBackup',
      'backupInto',
      'encryptTo',
      'trustContext',
      'details',
      'commands',
      'iamPolicy',
      'scheduledBackups',
      'detailedExitcode',
      'planOutput',
      'concurrency',
    ],
    readsOnly: true,
    examples: [
      'karmada-eks plan --region eu-west-1 --vpc my-vpc',
      'karmada-eks plan --details',
      'karmada-eks plan --commands',
      'karmada-eks plan --iam-policy > policy.json',
    ],
    load: async () => (await import('../commands/plan/plan.js')).plan,
  }),
  command({
    name: 'doctor',
    summary: "check everything 'up' needs; changes nothing",
    about: 'fleet',
    flags: [...descriptionNames, 'config', 'output', 'verbose'],
    readsOnly: true,
    examples: [
      'karmada-eks doctor --region eu-west-1',
      'karmada-eks doctor --region eu-west-1 --vpc my-vpc -v',
      'karmada-eks doctor -o json',
    ],
    load: async () => (await import('../commands/doctor/doctor.js')).doctor,
  }),
  command({
    name: 'status',
    summary: 'show the current state of the fleet',
    about: 'fleet',
    flags: ['statusOutput', 'wait', 'timeout', 'watch', 'trustContext'],
    readsOnly: true,
    examples: [
      'karmada-eks status',
      'karmada-eks status --wait --timeout 30m',
      'karmada-eks status --watch',
      'karmada-eks status -o json',
    ],
    load: async () => (await import('../commands/status/status.js')).status,
  }),
  command({
    name: 'join',
    summary: 'add members: new or existing EKS clusters, or other clusters',
    about: 'fleet',
    flags: [
      'member',
      'cluster',
      'context',
      'mode',
      'name',
      'source',
      'memberRole',
      'externalId',
      'create',
      'config',
      'yes',
      'changeFleet',
      'useContext',
      'concurrency',
    ],
    examples: [
      'karmada-eks join --cluster shop --cluster eu-west-1/shop-eu',
      'karmada-eks join --context kind-edge --mode pull --source 198.51.100.7/32',
      '# creates the cluster',
      'karmada-eks join --member name=asia,region=ap-southeast-1,vpc=main',
      'karmada-eks join --config fleet.yaml',
    ],
    load: async () => (await import('../commands/join/join.js')).join,
  }),
  command({
    name: 'clusters',
    summary: 'list the members as Karmada sees them',
    about: 'fleet',
    flags: ['clustersOutput'],
    readsOnly: true,
    examples: ['karmada-eks clusters', 'karmada-eks clusters -o wide', 'karmada-eks clusters -o json'],
    load: async () => (await import('../commands/clusters/clusters.js')).clusters,
  }),
  command({
    name: 'kubeconfig',
    summary: 'get kubeconfig access, rebuilt from AWS and the parent',
    about: 'fleet',
    flags: ['merge', 'print', 'path', 'switchContext', 'trustContext'],
    examples: [
      'karmada-eks kubeconfig --merge',
      'karmada-eks kubeconfig --print > fleet.json',
      'export KUBECONFIG=$(karmada-eks kubeconfig)',
    ],
    load: async () => (await import('../commands/kubeconfig/kubeconfig.js')).kubeconfig,
  }),
  command({
    name: 'access kubeconfig',
    summary: 'create a kubeconfig for a person, with their own rights, which expires',
    about: 'fleet',
    flags: ['user', 'accessFor', 'role', 'accessNamespace', 'pathTo'],
    examples: [
      'karmada-eks access kubeconfig --user alice --for 8h --role edit --namespace shop --path alice.json',
      'karmada-eks access kubeconfig --user bob@example.com --path bob.json',
    ],
    load: async () => (await import('../commands/access/access-kubeconfig.js')).accessKubeconfig,
  }),
  command({
    name: 'access list',
    summary: 'list who has access, with which role and until when',
    about: 'fleet',
    flags: ['output'],
    readsOnly: true,
    examples: ['karmada-eks access list', 'karmada-eks access list -o json'],
    load: async () => (await import('../commands/access/access-list.js')).accessList,
  }),
  command({
    name: 'access revoke',
    summary: 'revoke the access of a person',
    about: 'fleet',
    flags: ['yes'],
    argument: { flags: '<name...>', help: 'the people, as access list shows them' },
    examples: ['karmada-eks access revoke alice'],
    load: async () => (await import('../commands/access/access-revoke.js')).accessRevoke,
  }),
  command({
    name: 'certs check',
    summary: 'list the certificates of Karmada and when they expire',
    about: 'fleet',
    flags: ['output', 'trustContext'],
    readsOnly: true,
    examples: ['karmada-eks certs check', 'karmada-eks certs check -o json'],
    load: async () => (await import('../commands/certs/check.js')).certsCheck,
  }),
  command({
    name: 'certs renew',
    summary: 'renew the certificates of Karmada, also expired ones',
    about: 'fleet',
    flags: ['yes', 'certValidity', 'moveWorkloads', 'trustContext', 'concurrency'],
    examples: ['karmada-eks certs renew', 'karmada-eks certs renew --cert-validity 8760h --yes'],
    load: async () => (await import('../commands/certs/renew.js')).certsRenew,
  }),
  command({
    name: 'backup',
    summary: 'back up Karmada into a file or S3, once or on a schedule',
    about: 'fleet',
    flags: ['backupTo', 'encryptTo', 'keepBackups', 'schedule', 'backupImage', 'yes'],
    examples: [
      'karmada-eks backup',
      'karmada-eks backup --to ./karmada.tar',
      'karmada-eks backup --to s3://my-backups/karmada --keep 7 --yes',
      'karmada-eks backup --schedule "0 3 * * *" --to s3://my-backups/karmada --encrypt-to arn:aws:kms:us-west-2:111122223333:alias/backups --keep 7',
    ],
    load: async () => (await import('../commands/backups/backup/backup.js')).backup,
  }),
  command({
    name: 'backup list',
    summary: 'list backups: the fleet’s on this machine, or those in a folder or in S3',
    about: 'fleet',
    flags: ['identityFiles', 'output'],
    argument: { flags: '[folder]', help: 'a folder, or s3://BUCKET/PREFIX (default: the fleet’s folder)' },
    readsOnly: true,
    examples: ['karmada-eks backup list', 'karmada-eks backup list s3://my-backups/karmada -o json'],
    load: async () => (await import('../commands/backups/backup/backup-list.js')).backupList,
  }),
  command({
    name: 'backup verify',
    summary: 'read a whole backup and compare it with its checksums',
    about: 'tools',
    flags: ['profile', 'identityFiles', 'output'],
    argument: { flags: '<file>', help: 'the backup: a file, or s3://BUCKET/KEY' },
    readsOnly: true,
    examples: ['karmada-eks backup verify demo-20261128T030000Z.tar'],
    load: async () => (await import('../commands/backups/backup/backup-verify.js')).backupVerify,
  }),
  command({
    name: 'restore',
    summary: 'restore Karmada from a backup; members keep what runs in them',
    about: 'fleet',
    flags: ['identityFiles', 'noBackup', 'backupInto', 'encryptTo', 'confirm', 'yes', 'trustContext'],
    argument: { flags: '<file>', help: 'the backup: a file, or s3://BUCKET/KEY' },
    examples: [
      'karmada-eks restore demo-20261128T030000Z.tar',
      'karmada-eks restore demo-20261128T030000Z.tar --yes --confirm demo',
    ],
    load: async () => (await import('../commands/backups/restore/restore.js')).restore,
  }),
  command({
    name: 'recover',
    summary: 'recover a fleet from a backup into a new parent, once the old one is gone',
    about: 'fleet',
    flags: [
      'vpc',
      'publicAccessCidr',
      'privateEndpoints',
      'privateAccessCidr',
      'imagePullSecret',
      'identityFiles',
      'forceRecover',
      'yes',
      'moveWorkloads',
      'trustContext',
      'concurrency',
    ],
    argument: { flags: '<file>', help: 'the backup: a file, or s3://BUCKET/KEY' },
    examples: [
      'karmada-eks recover demo-20261128T030000Z.tar',
      '# elsewhere',
      'karmada-eks recover demo-20261128T030000Z.tar --region us-west-2 --vpc other-vpc',
    ],
    load: async () => (await import('../commands/backups/recover/recover.js')).recover,
  }),
  command({
    name: 'demo',
    summary: 'run nginx in all members, show the division, delete it',
    about: 'fleet',
    flags: ['weights', 'keep', 'showFailover', 'silentMember', 'moveWorkloads', 'remove', 'trustContext'],
    examples: [
      'karmada-eks demo',
      'karmada-eks demo --weights 1,3 --keep',
      '# makes the member silent for a while',
      'karmada-eks demo --failover --member eu',
      '# after a demo that was kept or interrupted',
      'karmada-eks demo --remove',
    ],
    load: async () => (await import('../commands/demo/demo.js')).demo,
  }),
  command({
    name: 'members rotate-token',
    summary: 'issue new tokens for push members and revoke the old ones',
    about: 'fleet',
    flags: ['yes', 'moveWorkloads', 'trustContext', 'concurrency'],
    argument: { flags: '[member...]', help: 'names of push members (default: all)', completed: 'push-members' },
    examples: ['karmada-eks members rotate-token', 'karmada-eks members rotate-token eu us --yes'],
    load: async () => (await import('../commands/members/rotate-token.js')).rotateToken,
  }),
  command({
    name: 'unjoin',
    summary: 'remove members from the fleet; keeps their clusters',
    about: 'fleet',
    flags: [
      'yes',
      'force',
      'keepWorkloads',
      'removeWorkloads',
      'deleteCluster',
      'removeVolumes',
      'trustContext',
      'concurrency',
    ],
    argument: { flags: '<member...>', help: 'names of the members in Karmada', completed: 'members' },
    examples: [
      'karmada-eks unjoin eu us',
      'karmada-eks unjoin eu --delete-cluster',
      '# a member whose cluster does not respond',
      'karmada-eks unjoin eu --force',
    ],
    load: async () => (await import('../commands/unjoin/unjoin.js')).unjoin,
  }),
  command({
    name: 'down',
    summary: 'delete the fleet',
    about: 'fleet',
    flags: [
      'yes',
      'confirm',
      'keepWorkloads',
      'removeWorkloads',
      'removeLeftovers',
      'removeVolumes',
      'noBackup',
      'backupInto',
      'encryptTo',
      'trustContext',
      'concurrency',
    ],
    examples: [
      'karmada-eks down',
      'karmada-eks down --fleet demo --yes --confirm demo',
      '# also deletes the leftovers that it lists',
      'karmada-eks down --remove-leftovers',
    ],
    load: async () => (await import('../commands/down/down.js')).down,
  }),
  command({
    name: 'support-bundle',
    summary: 'collect diagnostics of the fleet in one file, without secrets',
    about: 'fleet',
    flags: [],
    examples: ['karmada-eks support-bundle', 'karmada-eks support-bundle --fleet demo --region eu-west-1'],
    load: async () => (await import('../commands/support-bundle/support-bundle.js')).supportBundle,
  }),
  command({
    name: 'tools install',
    summary: 'download, verify and install eksctl, kubectl and kubectl-karmada into your own folder',
    about: 'tools',
    flags: ['into', 'from', 'only', 'eksctlVersion', 'kubectlVersion', 'kubectlKarmadaVersion'],
    examples: [
      'karmada-eks tools install',
      'karmada-eks tools install --only kubectl --kubectl-version 1.34.4',
      'karmada-eks tools install --from ./usb',
    ],
    load: async () => (await import('../commands/tools-install/tools-install.js')).toolsInstall,
  }),
];

/** The options of a command that are shown as its flags. */
export function flagsOf({ about, flags }: CommandEntry): readonly OptionName[] {
  return [...(about === 'fleet' ? [...identityNames, 'profile' as const] : []), ...flags, ...commonNames];
}

/** The options of a command, and those whose variables it reads: all that describe a fleet, where it is about one. */
export function optionsOf(entry: CommandEntry): readonly OptionName[] {
  return [...new Set([...flagsOf(entry), ...(entry.about === 'fleet' ? fleetNames : [])])];
}
