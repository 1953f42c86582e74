/** Every option of the program: its flag, what its value is, where it is shown, and what it means. Add a flag here, and name it in the command. */
import { descriptionOptions, identityOptions } from './fleet-table.js';
import {
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
  json: yesOption('--json', 'one JSON object a line instead of text', { group: 'common' }),
  debug: yesOption('--debug', 'show where an error came from', { group: 'common' }),
  rehearse: yesOption('--rehearse', 'in a simulated account: no AWS, no tools, no network', { group: 'common' }),
  // Beyond 600 the time that this machine itself needs, multiplied, runs into time limits.
  speed: numberOption(
    '--speed <factor>',
    'how much faster than life the rehearsal runs, 1 to 600 (60)',
    { from: 1, to: 600, isWhole: false },
    60,
    { group: 'common' },
  ),
};

const runOptions = {
  yes: yesOption('--yes', 'do not ask'),
  confirm: textOption('--confirm <fleet>', 'the fleet’s name, instead of typing it; with --yes', { group: 'loss' }),
  config: textOption('--config <file>', 'read the fleet from a file'),
  useContext: yesOption('--use-context', 'switch kubectl to the Karmada API'),
  reconcile: lossOption(
    '--reconcile',
    'bring clusters that exist to the number of nodes that is wanted; what runs on nodes that go is interrupted',
  ),
  merge: yesOption('--merge', 'add the contexts to your kubeconfig, as up does', { excludes: ['print', 'path'] }),
  print: yesOption('--print', 'print one kubeconfig with all contexts, keys too', { excludes: ['merge', 'path'] }),
  path: yesOption(
    '--path',
    'print the path of such a file, to be put into KUBECONFIG (what is done when nothing is said)',
    { excludes: ['merge', 'print'] },
  ),
  commands: yesOption('--commands', 'show the exact commands too'),
  iamPolicy: yesOption('--iam-policy', 'print the least IAM policy for this plan, and nothing else'),
  output: outputOption('text', 'json'),
  planOutput: outputOption('text', 'json', 'yaml'),
  statusOutput: outputOption('text', 'wide', 'json', 'yaml'),
  clustersOutput: outputOption('text', 'wide', 'json'),
  wait: yesOption('--wait', 'wait until the fleet is Ready'),
  timeout: durationOption('--timeout <duration>', 'with --wait: how long, e.g. 90s, 10m, 1h30m (10m)', {
    text: '10m',
    ms: 600_000,
  }),
  watch: yesOption('--watch', 'look every few seconds until Ctrl-C'),
  weights: textOption('--weights <list>', 'weight of each member, e.g. 1,1,2'),
  keep: yesOption('--keep', 'leave the workload running'),
  concurrency: numberOption(
    '--concurrency <number>',
    'members of one region worked on at a time (20)',
    {
      from: 1,
      to: 100,
      isWhole: true,
    },
    undefined,
  ),
  cluster: textsOption(
    '--cluster <name>',
    'EKS cluster that exists: NAME (in the region of the parent), REGION/NAME, or its ARN (may be repeated)',
  ),
  context: textsOption('--context <name>', 'any context of your kubeconfig (may be repeated)'),
  mode: textOption('--mode <mode>', 'push or pull, for --cluster and --context (push)'),
  name: textOption('--name <name>', 'name in Karmada of the one --cluster or --context'),
  source: textsOption(
    '--source <cidr>',
    'with --mode pull: from where the agent calls (the NAT gateways of its VPC; may be repeated)',
  ),
  create: yesOption('--create', 'make the EKS cluster of --cluster when there is none'),
  force: lossOption('--force', 'take out members that do not answer; what Karmada put into them stays there'),
  keepWorkloads: lossOption('--keep-workloads', 'leave what Karmada propagated running in clusters that stay', [
    'removeWorkloads',
  ]),
  removeWorkloads: lossOption(
    '--remove-workloads',
    'agree to the deletion of what Karmada propagated to clusters that stay',
    ['keepWorkloads'],
  ),
  deleteCluster: lossOption('--delete-cluster', 'delete the EKS clusters too, where this fleet made them'),
  removeLeftovers: lossOption(
    '--remove-leftovers',
    'remove what is left of the fleet at the end, after listing it with what it costs',
  ),
  reinstallKarmada: lossOption(
    '--reinstall-karmada',
    'remove a Karmada that is not whole, with all that it holds, and install it anew',
  ),
  removeVolumes: lossOption(
    '--remove-volumes',
    'delete the volumes with users’ data too that the clusters leave; what is retained stays',
  ),
  replaceNodes: lossOption(
    '--replace-nodes',
    'replace the nodes of node groups that EKS calls unhealthy although some are Ready; what runs on them is interrupted',
  ),
  replaceAddons: lossOption(
    '--replace-addons',
    'remove and add again the add-ons that EKS calls unhealthy, and add those that others stand in for',
  ),
  changeFleet: lossOption(
    '--change-fleet',
    'agree to change a fleet that this machine has no record of, and to what others changed since',
  ),
  trustContext: textsOption(
    '--trust-context <name>',
    'use this context of your kubeconfig, which only the description in the parent names (may be repeated)',
    { group: 'loss' },
  ),
  prune: lossOption('--prune', 'take members that are no longer asked for out of Karmada'),
  into: textOption('--into <folder>', 'where the programs go (the folder that karmada-eks looks into)'),
  from: textOption('--from <folder>', 'take the publishers’ files from there instead of the network'),
  only: textOption('--only <tools>', 'some of eksctl,kubectl,kubectl-karmada (all)'),
  eksctlVersion: textOption('--eksctl-version <version>', 'of eksctl (0.230.0)'),
  kubectlVersion: textOption('--kubectl-version <version>', 'of kubectl (1.35.0)'),
  kubectlKarmadaVersion: textOption('--kubectl-karmada-version <version>', 'of kubectl-karmada (1.18.2)'),
};

export const optionTable = { ...identityOptions, ...descriptionOptions, ...runOptions, ...commonOptions };

type Table = typeof optionTable;
export type OptionName = keyof Table;
export type FleetOptionName = keyof typeof identityOptions | keyof typeof descriptionOptions;
export type CommonOptionName = keyof typeof commonOptions;

/** The values of these options, by name. */
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
