/** The simulated eksctl 0.230.0: takes an argv apart and does what that command does. */
import { Problem } from '../../errors/problem.js';
import { settle } from '../account/settle.js';
import { durations } from '../durations.js';
import type { ToolSimulator } from '../simulation.js';
import { createAddon, deleteAddon, type Place } from './addons.js';
import { parseConfig } from './config.js';
import { createCluster } from './create-cluster.js';
import { deleteCluster } from './delete-cluster.js';
import { type CommandLine, checkFlags, parseFlags } from './flags.js';
import {
  associateOidcProvider,
  createAccessEntries,
  createServiceAccountRole,
  deleteServiceAccountRole,
} from './iam.js';
import { createIdentityMapping } from './identity-mapping.js';
import { createNodeGroups, deleteNodeGroups } from './node-groups.js';
import { activeCluster, EksctlFailure, type Run, runOf } from './run.js';
import { scaleNodeGroup } from './scale-nodegroup.js';

type Verb = (run: Run, line: CommandLine) => Promise<void>;

/** Every command that is modelled; their argv is written in tools/eksctl/commands.ts. */
const verbs: Readonly<Record<string, Verb>> = {
  'create cluster': (run, line) => {
    checkFlags(line, ['config-file'], ['write-kubeconfig', 'timeout']);
    return createCluster(run, configOf(run));
  },
  'create nodegroup': (run, line) => {
    checkFlags(line, ['config-file'], ['timeout']);
    return createNodeGroups(run, configOf(run));
  },
  'delete nodegroup': (run, line) => {
    checkFlags(line, ['config-file', 'approve', 'wait'], ['disable-eviction']);
    return deleteNodeGroups(run, configOf(run));
  },
  'scale nodegroup': (run, line) => {
    checkFlags(line, ['cluster', 'region', 'name', 'nodes', 'nodes-min', 'nodes-max'], ['wait']);
    const { cluster = '', region = '', name = '', wait } = line.flags;
    const number = (flag: string): number => Number(line.flags[flag]);
    const sizes = { nodes: number('nodes'), least: number('nodes-min'), most: number('nodes-max') };
    return scaleNodeGroup(run, { name: cluster, region, nodeGroup: name, ...sizes }, wait === 'true');
  },
  'create addon': createAddons,
  'delete addon': (run, line) => {
    checkFlags(line, ['cluster', 'region', 'name']);
    return deleteAddon(run, placeOf(run, line), line.flags['name'] ?? '');
  },
  'create accessentry': (run, line) => {
    checkFlags(line, ['config-file']);
    return createAccessEntries(run, configOf(run));
  },
  'create iamidentitymapping': async (run, line) => {
    checkFlags(line, ['cluster', 'region', 'arn', 'username', 'group', 'no-duplicate-arns']);
    const { arn = '', username = '', group = '' } = line.flags;
    createIdentityMapping(run, placeOf(run, line), { arn, username, group });
  },
  'utils associate-iam-oidc-provider': async (run, line) => {
    checkFlags(line, ['cluster', 'region', 'approve']);
    associateOidcProvider(run, placeOf(run, line));
  },
  'create iamserviceaccount': (run, line) => {
    const needed = ['cluster', 'region', 'name', 'namespace', 'attach-policy-arn', 'role-name', 'role-only', 'approve'];
    checkFlags(line, needed, ['tags']);
    const { name = '', namespace = '', 'role-name': roleName = '', tags = '' } = line.flags;
    const role = { account: name, namespace, roleName, tags: pairs(tags) };
    return createServiceAccountRole(run, placeOf(run, line), role);
  },
  'delete iamserviceaccount': (run, line) => {
    checkFlags(line, ['cluster', 'region', 'name', 'namespace', 'wait']);
    const { name = '', namespace = '' } = line.flags;
    return deleteServiceAccountRole(run, placeOf(run, line), { account: name, namespace });
  },
  'delete cluster': (run, line) => {
    checkFlags(line, ['name', 'region'], ['wait', 'disable-nodegroup-eviction', 'timeout']);
    const { name = '', region = '', wait } = line.flags;
    return deleteCluster(run, { name, region, tags: {} }, wait === 'true');
  },
};

/** From a config eksctl waits for add-ons; by flags it does not (observed). */
async function createAddons(run: Run, line: CommandLine): Promise<void> {
  if (line.flags['config-file'] !== undefined) {
    checkFlags(line, ['config-file'], ['force']);
    const config = configOf(run);
    for (const entry of config.addons) await createAddon(run, config, entry, { wait: true });
    return;
  }
  checkFlags(line, ['cluster', 'region', 'name'], ['service-account-role-arn', 'force']);
  const roleArn = line.flags['service-account-role-arn'];
  const options = roleArn === undefined ? { wait: false } : { wait: false, roleArn };
  await createAddon(
    run,
    placeOf(run, line),
    { name: line.flags['name'] ?? '', podIdentity: false, policies: false },
    options,
  );
}

/** `-f -`: the config comes on standard input. */
function configOf(run: Run) {
  return parseConfig(run.process.stdin);
}

/** The cluster that flags name, which must be there. */
function placeOf(run: Run, line: CommandLine): Place {
  const { cluster = '', region = '' } = line.flags;
  activeCluster(run, { name: cluster, region });
  return { name: cluster, region, tags: {} };
}

/** eksctl as a program. */
export const eksctlSimulator: ToolSimulator = async (process) => {
  const line = parseFlags(process.args);
  if (line.words === 'version') {
    process.out(JSON.stringify({ Version: '0.230.0', PreReleaseID: '', Metadata: { BuildDate: '', GitCommit: '' } }));
    return 0;
  }
  const verb = verbs[line.words];
  const config = line.flags['config-file'];
  if (verb === undefined || (config !== undefined && config !== '-')) {
    throw new Problem('rehearsal-unmodelled', {
      what: `the rehearsal does not know 'eksctl ${process.args.join(' ')}'`,
    });
  }
  try {
    await process.takes(durations.eksctlStart);
    settle(process.simulation);
    await verb(runOf(process), line);
    return 0;
  } catch (error) {
    if (!(error instanceof EksctlFailure)) throw error;
    process.err(`Error: ${error.message}`);
    return 1;
  }
};

/** `k1=v1,k2=v2`. */
function pairs(text: string): Record<string, string> {
  const parts = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}
