/** The options that say how a verb is run, not what the fleet is; each but those that agree to a loss has an environment variable too. */
import { yesOrNo } from './yes-or-no.js';

/** What commander parsed: a text, all texts of an option that may be repeated, or true. */
export type Parsed = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

export interface RunOption {
  /** As commander wants it. */
  readonly flags: string;
  /** The name that commander gives the value. */
  readonly key: string;
  readonly env: string;
  /** False for what agrees to a loss: a variable may have been set by somebody else, or for another fleet, so it is refused. */
  readonly readsEnv: boolean;
  readonly help: string;
  /** Whether the flag takes a value. */
  readonly takesValue: boolean;
  /** Whether it may be said several times; in its variable the values are separated by commas. */
  readonly repeated: boolean;
}

const runOption = (
  flags: string,
  help: string,
  { repeated = false, env: readsEnv = true }: { readonly repeated?: boolean; readonly env?: boolean } = {},
): RunOption => {
  const long = /--([a-z-]+)/.exec(flags)?.[1] ?? '';
  const key = long.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const env = `KARMADA_EKS_${long.replaceAll('-', '_').toUpperCase()}`;
  return { flags, key, env, readsEnv, help, takesValue: flags.includes('<'), repeated };
};

export const runOptions = {
  yes: runOption('--yes', 'do not ask'),
  confirm: runOption('--confirm <fleet>', 'the fleet’s name, instead of typing it; with --yes', { env: false }),
  config: runOption('--config <file>', 'read the fleet from a file'),
  useContext: runOption('--use-context', 'switch kubectl to the Karmada API'),
  reconcile: runOption(
    '--reconcile',
    'bring clusters that exist to the number of nodes that is wanted; what runs on nodes that go is interrupted',
    { env: false },
  ),
  merge: runOption('--merge', 'add the contexts to your kubeconfig, as up does'),
  print: runOption('--print', 'print one kubeconfig with all contexts, keys too'),
  path: runOption(
    '--path',
    'print the path of such a file, to be put into KUBECONFIG (what is done when nothing is said)',
  ),
  commands: runOption('--commands', 'show the exact commands too'),
  iamPolicy: runOption('--iam-policy', 'print the least IAM policy for this plan, and nothing else'),
  planOutput: runOption('-o, --output <format>', 'text, json or yaml (text)'),
  output: runOption('-o, --output <format>', 'text or json (text)'),
  statusOutput: runOption('-o, --output <format>', 'text, wide, json or yaml (text)'),
  clustersOutput: runOption('-o, --output <format>', 'text, wide or json (text)'),
  wait: runOption('--wait', 'wait until the fleet is Ready'),
  timeout: runOption('--timeout <duration>', 'with --wait: how long, e.g. 90s, 10m, 1h30m (10m)'),
  watch: runOption('--watch', 'look every few seconds until Ctrl-C'),
  weights: runOption('--weights <list>', 'weight of each member, e.g. 1,1,2'),
  keep: runOption('--keep', 'leave the workload running'),
  concurrency: runOption('--concurrency <number>', 'members of one region worked on at a time (20)'),
  cluster: runOption(
    '--cluster <name>',
    'EKS cluster that exists: NAME (in the region of the parent), REGION/NAME, or its ARN (may be repeated)',
    { repeated: true },
  ),
  context: runOption('--context <name>', 'any context of your kubeconfig (may be repeated)', { repeated: true }),
  mode: runOption('--mode <mode>', 'push or pull, for --cluster and --context (push)'),
  name: runOption('--name <name>', 'name in Karmada of the one --cluster or --context'),
  source: runOption(
    '--source <cidr>',
    'with --mode pull: from where the agent calls (the NAT gateways of its VPC; may be repeated)',
    { repeated: true },
  ),
  create: runOption('--create', 'make the EKS cluster of --cluster when there is none'),
  force: runOption('--force', 'take out members that do not answer; what Karmada put into them stays there', {
    env: false,
  }),
  keepWorkloads: runOption('--keep-workloads', 'leave what Karmada propagated running in clusters that stay', {
    env: false,
  }),
  removeWorkloads: runOption(
    '--remove-workloads',
    'agree to the deletion of what Karmada propagated to clusters that stay',
    { env: false },
  ),
  deleteCluster: runOption('--delete-cluster', 'delete the EKS clusters too, where this fleet made them', {
    env: false,
  }),
  removeLeftovers: runOption(
    '--remove-leftovers',
    'remove what is left of the fleet at the end, after listing it with what it costs',
    { env: false },
  ),
  reinstallKarmada: runOption(
    '--reinstall-karmada',
    'remove a Karmada that is not whole, with all that it holds, and install it anew',
    { env: false },
  ),
  removeVolumes: runOption(
    '--remove-volumes',
    'delete the volumes with users’ data too that the clusters leave; what is retained stays',
    { env: false },
  ),
  replaceNodes: runOption(
    '--replace-nodes',
    'replace the nodes of node groups that EKS calls unhealthy although some are Ready; what runs on them is interrupted',
    { env: false },
  ),
  replaceAddons: runOption(
    '--replace-addons',
    'remove and add again the add-ons that EKS calls unhealthy, and add those that others stand in for',
    { env: false },
  ),
  changeFleet: runOption(
    '--change-fleet',
    'agree to change a fleet that this machine has no record of, and to what others changed since',
    {
      env: false,
    },
  ),
  trustContext: runOption(
    '--trust-context <name>',
    'use this context of your kubeconfig, which only the description in the parent names (may be repeated)',
    { repeated: true, env: false },
  ),
  prune: runOption('--prune', 'take members that are no longer asked for out of Karmada', { env: false }),
  into: runOption('--into <folder>', 'where the programs go (the folder that karmada-eks looks into)'),
  from: runOption('--from <folder>', 'take the publishers’ files from there instead of the network'),
  only: runOption('--only <tools>', 'some of eksctl,kubectl,kubectl-karmada (all)'),
  eksctlVersion: runOption('--eksctl-version <version>', 'of eksctl (0.230.0)'),
  kubectlVersion: runOption('--kubectl-version <version>', 'of kubectl (1.35.0)'),
  kubectlKarmadaVersion: runOption('--kubectl-karmada-version <version>', 'of kubectl-karmada (1.18.2)'),
} as const;

/** Options of every verb. */
export const commonOptions: readonly RunOption[] = [
  runOption('--json', 'one JSON object a line instead of text'),
  runOption('--debug', 'show where an error came from'),
  runOption('--rehearse', 'in a simulated account: no AWS, no tools, no network'),
  runOption('--speed <factor>', 'how much faster than life the rehearsal runs, 1 to 600 (60)'),
];

/** What was typed, and for what was not, what the environment says; `readWords` has checked it. */
export function withEnvironment(
  parsed: Parsed,
  options: readonly RunOption[],
  env: Readonly<Record<string, string | undefined>>,
): Parsed {
  const said = options.flatMap(({ key, env: variable, readsEnv, takesValue, repeated }): [string, Parsed[string]][] => {
    const text = readsEnv ? env[variable] : undefined;
    if (parsed[key] !== undefined || text === undefined || text === '') return [];
    if (repeated) return [[key, text.split(',').map((part) => part.trim())]];
    return [[key, takesValue ? text : yesOrNo(text)]];
  });
  return { ...parsed, ...Object.fromEntries(said) };
}
