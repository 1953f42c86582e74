/** Every option of the program: its flag, what its value is, where it is shown, and what it means. Add a flag here, and name it in the command. */
import { descriptionOptions, identityOptions } from './fleet-table.js';
import {
  choiceOption,
  durationOption,
  lossOption,
  numberOption,
  type Option,
  outputOption,
  textOption,
  textsOption,
  yesOption,
} from './option.js';

/** How every command is run. */
const commonOptions = {
  json: yesOption('--json', 'print one JSON object per line instead of text', { group: 'common' }),
  debug: yesOption('--debug', 'show stack traces', { group: 'common' }),
  rehearse: yesOption('--rehearse', 'run in a simulated account: no AWS, no tools, no network', { group: 'common' }),
  // Beyond 600 the time that this machine itself needs, multiplied, runs into time limits.
  speed: numberOption(
    '--speed <factor>',
    'rehearsal speed-up factor, 1 to 600 (default: 60)',
    { from: 1, to: 600, isWhole: false },
    60,
    { group: 'common', requires: 'rehearse' },
  ),
};

const runOptions = {
  profile: textOption('--profile <name>', 'AWS profile to use (default: AWS_PROFILE)', {
    group: 'fleet',
  }),
  yes: yesOption('--yes', 'do not ask for confirmation'),
  confirm: textOption('--confirm <fleet>', 'with --yes: the fleet’s name, instead of typing it at the prompt', {
    group: 'loss',
  }),
  config: textOption('--config <file>', 'read the fleet from a file; - is standard input', { group: 'fleet' }),
  useContext: yesOption('--use-context', 'switch kubectl’s current context to the Karmada API', { group: 'access' }),
  reconcile: lossOption(
    '--reconcile',
    'scale existing clusters to the requested number of nodes; interrupts pods on nodes that are removed',
  ),
  merge: yesOption('--merge', 'merge the contexts into your kubeconfig, as up does', { excludes: ['print', 'path'] }),
  print: yesOption('--print', 'print one kubeconfig with all contexts, including keys', {
    excludes: ['merge', 'path'],
  }),
  path: yesOption('--path', 'print the path of such a file, for KUBECONFIG (the default)', {
    excludes: ['merge', 'print'],
  }),
  switchContext: yesOption('--use-context', 'with --merge: switch kubectl’s current context to the Karmada API', {
    requires: 'merge',
  }),
  user: textOption('--user <name>', 'the person who gets access, e.g. alice@example.com', {
    group: 'access',
    onlyTyped: true,
  }),
  accessFor: durationOption(
    '--for <duration>',
    'how long the certificate is valid, 10m to 720h (default: 8h)',
    { text: '8h', ms: 8 * 3_600_000 },
    { group: 'access' },
  ),
  role: choiceOption('--role <role>', 'what they may do', ['view', 'edit', 'admin'], { group: 'access' }),
  accessNamespace: textOption('--namespace <name>', 'only in this namespace of Karmada (default: in all)', {
    group: 'access',
  }),
  pathTo: textOption('--path <file>', 'write the kubeconfig into this new file, 0600, instead of printing it', {
    group: 'access',
    onlyTyped: true,
  }),
  details: yesOption('--details', 'also show every step, its time, and each line of the cost', {
    excludes: ['iamPolicy', 'planOutput'],
  }),
  commands: yesOption('--commands', 'also show the exact commands'),
  iamPolicy: yesOption(
    '--iam-policy',
    'print only the least IAM policy for this plan; -o json: always as a list of documents',
    {
      excludes: ['commands'],
    },
  ),
  detailedExitcode: yesOption('--detailed-exitcode', 'exit with 9 if there is anything to do, with 0 if not'),
  output: outputOption('text', 'json'),
  verbose: yesOption('-v, --verbose', 'show every check, also those that are ok'),
  planOutput: outputOption('text', 'json', 'yaml', 'terraform', 'cloudformation'),
  statusOutput: outputOption('text', 'wide', 'json', 'yaml'),
  clustersOutput: outputOption('text', 'wide', 'json'),
  wait: yesOption('--wait', 'wait until the fleet is Ready'),
  timeout: durationOption(
    '--timeout <duration>',
    'with --wait: for how long, e.g. 90s, 10m, 1h30m (default: 10m)',
    {
      text: '10m',
      ms: 600_000,
    },
    { requires: 'wait' },
  ),
  watch: yesOption('--watch', 'refresh every few seconds until Ctrl-C'),
  weights: textOption('--weights <list>', 'weight per member, e.g. 1,1,2'),
  keep: yesOption('--keep', 'keep the workload running'),
  remove: yesOption('--remove', 'only delete what a demo left, and bring back a member that it left silent', {
    onlyTyped: true,
    excludes: ['showFailover', 'keep', 'weights'],
  }),
  showFailover: yesOption('--failover', 'also make a member silent, show its replicas move, and bring it back', {
    onlyTyped: true,
  }),
  silentMember: textOption('--member <name>', 'with --failover: which member (default: the last one)', {
    onlyTyped: true,
    requires: 'showFailover',
  }),
  concurrency: numberOption(
    '--concurrency <number>',
    'members processed in parallel per region (default: 20)',
    {
      from: 1,
      to: 100,
      isWhole: true,
    },
    undefined,
  ),
  cluster: textsOption(
    '--cluster <name>',
    'existing EKS cluster: NAME (in the parent’s region), REGION/NAME, or its ARN (repeatable)',
    { group: 'members' },
  ),
  context: textsOption('--context <name>', 'any context of your kubeconfig (repeatable)', { group: 'members' }),
  mode: textOption('--mode <mode>', 'push or pull, for --cluster and --context (default: push)', { group: 'members' }),
  name: textOption('--name <name>', 'the member’s name in Karmada, for a single --cluster or --context', {
    group: 'members',
  }),
  source: textsOption(
    '--source <cidr>',
    'with --mode pull: source address of the agent; IPv4 (repeatable; default: the NAT gateways of its VPC)',
    { group: 'members' },
  ),
  memberRole: textOption(
    '--role <role>',
    'with --cluster ARN of another account: role of that account, by name or ARN',
    {
      group: 'members',
      onlyTyped: true,
      requires: 'cluster',
    },
  ),
  externalId: textOption('--external-id <id>', 'with --role: external ID that its trust policy asks for', {
    group: 'members',
    onlyTyped: true,
    requires: 'memberRole',
  }),
  create: yesOption('--create', 'create the EKS cluster named by --cluster if it does not exist', { group: 'members' }),
  force: lossOption('--force', 'remove members that do not respond; what Karmada put into them stays there'),
  keepWorkloads: lossOption('--keep-workloads', 'keep what Karmada propagated running in clusters that are kept', [
    'removeWorkloads',
  ]),
  moveWorkloads: lossOption(
    '--move-workloads',
    'agree that Karmada moves what runs in a member that is silent, or is made silent, to the others',
  ),
  removeWorkloads: lossOption(
    '--remove-workloads',
    'agree to the deletion of what Karmada propagated to clusters that are kept',
    ['keepWorkloads'],
  ),
  deleteCluster: lossOption('--delete-cluster', 'also delete the EKS clusters that this fleet created'),
  removeLeftovers: lossOption(
    '--remove-leftovers',
    'delete leftovers of the fleet at the end, after listing them with their cost',
  ),
  reinstallKarmada: lossOption(
    '--reinstall-karmada',
    'remove an incomplete Karmada with all its data, and install it again',
  ),
  removeVolumes: lossOption(
    '--remove-volumes',
    'also delete volumes with users’ data that the clusters leave behind; retained volumes are kept',
  ),
  replaceNodes: lossOption(
    '--replace-nodes',
    'replace the nodes of unhealthy node groups even if some nodes are Ready; interrupts the pods on them',
  ),
  replaceAddons: lossOption(
    '--replace-addons',
    'remove and re-add unhealthy add-ons, and add those that have a substitute',
  ),
  replaceEtcdMember: lossOption(
    '--replace-etcd-member',
    'replace a member of etcd that has lost its volume; it copies its data from the other members',
  ),
  changeFleet: lossOption(
    '--change-fleet',
    'agree to change a fleet that this machine has no record of, or that others have changed',
  ),
  trustContext: textsOption(
    '--trust-context <name>',
    'use this context of your kubeconfig, which is named only by the description in the parent (repeatable)',
    { group: 'loss' },
  ),
  backupTo: textOption('--to <file>', 'target file, or s3://BUCKET/PREFIX (default: a file in the fleet’s folder)', {
    onlyTyped: true,
  }),
  keepBackups: numberOption(
    '--keep <number>',
    'then delete this fleet’s older backups in the same folder or prefix, except this many',
    { from: 1, to: 1000, isWhole: true },
    undefined,
    { onlyTyped: true },
  ),
  schedule: textOption(
    '--schedule <times>',
    'schedule backups in the parent: a cron expression in UTC, e.g. "0 3 * * *"; off removes the schedule',
    { onlyTyped: true },
  ),
  backupImage: textOption('--backup-image <image>', 'image with Node.js that runs scheduled backups', {
    onlyTyped: true,
    requires: 'schedule',
  }),
  scheduledBackups: yesOption('--scheduled-backups', 'with --iam-policy: also what backup --schedule needs', {
    onlyTyped: true,
    requires: 'iamPolicy',
  }),
  encryptTo: textsOption(
    '--encrypt-to <recipient>',
    'encrypt the backup for this age recipient or KMS key (repeatable)',
  ),
  identityFiles: textsOption(
    '--identity <file>',
    'decrypt with the age identities in this file (repeatable); KMS keys need none',
  ),
  noBackup: lossOption('--no-backup', 'do not back Karmada up first', ['backupInto']),
  backupInto: textOption('--backup-to <folder>', 'back Karmada up into this folder or s3://BUCKET/PREFIX first', {
    onlyTyped: true,
  }),
  forceRecover: lossOption('--force', 'even if the former parent still responds: its members move to the new one'),
  prune: lossOption('--prune', 'remove members that are no longer in the configuration'),
  into: textOption('--into <folder>', 'target folder (default: the folder that karmada-eks searches)'),
  from: textOption('--from <folder>', 'read the publishers’ files from this folder instead of the network'),
  only: textOption('--only <tools>', 'some of eksctl,kubectl,kubectl-karmada (default: all)'),
  eksctlVersion: textOption('--eksctl-version <version>', 'version of eksctl (default: 0.230.0)'),
  kubectlVersion: textOption('--kubectl-version <version>', 'version of kubectl (default: 1.35.0)'),
  kubectlKarmadaVersion: textOption(
    '--kubectl-karmada-version <version>',
    'version of kubectl-karmada (default: 1.18.2)',
  ),
};

export const optionTable = { ...identityOptions, ...descriptionOptions, ...runOptions, ...commonOptions };

type Table = typeof optionTable;
export type OptionName = keyof Table;
export type FleetOptionName = keyof typeof identityOptions | keyof typeof descriptionOptions;
export type CommonOptionName = keyof typeof commonOptions;

export type OptionsOf<Name extends OptionName> = {
  readonly [Each in Name]: Table[Each] extends Option<infer Value> ? Value : never;
};

/** What was given beside the values. */
export interface Given {
  /** Arguments that stand without a flag. */
  readonly names: readonly string[];
  /** The options that were given as flags, and not only by their variables. */
  readonly typed: ReadonlySet<OptionName>;
}

/** Everything that was given; what is not an option of the command has its fallback. */
export type Options = OptionsOf<OptionName> & Given;

function namesIn<Name extends OptionName>(part: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(part) as Name[];
}

export const optionNames = namesIn<OptionName>(optionTable);
export const identityNames = namesIn(identityOptions);
export const descriptionNames = namesIn(descriptionOptions);
export const fleetNames: readonly FleetOptionName[] = [...identityNames, ...descriptionNames];
export const commonNames = namesIn(commonOptions);
/** What `up` does anew or differently in what is there; `plan` shows what that would be. */
export const redoingNames = [
  'reconcile',
  'reinstallKarmada',
  'replaceNodes',
  'replaceAddons',
  'replaceEtcdMember',
] as const satisfies readonly OptionName[];

/** The option, as one of any. */
export function optionOf(name: OptionName): Option {
  return optionTable[name];
}

/** `--vpc`, without its value and its short form. */
export function flagOf(name: OptionName): string {
  return /--[a-z-]+/.exec(optionTable[name].flags)?.[0] ?? '';
}

/** The variable that stands for the flag. */
export function variableOf(name: OptionName): string {
  return `KARMADA_EKS_${flagOf(name).slice(2).replaceAll('-', '_').toUpperCase()}`;
}
