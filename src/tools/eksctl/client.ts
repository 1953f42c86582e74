/** eksctl as the product uses it: each operation with its time limit, its progress lines and what its failures mean. */
import { z } from 'zod';
import { Problem } from '../../errors/problem.js';
import type { Command, Exec, OutputLine } from '../../world/exec.js';
import { type Call, commandSummary, type Ended, lastLines, run, toolFailed, versionPattern } from '../run.js';
import type { ClusterConfig } from './cluster-config.js';
import { type EbsRole, eksctlCommands, type NodeGroupRef } from './commands.js';
import { meaningOf, reasonIn } from './output.js';

interface ClusterRef {
  readonly name: string;
  readonly region: string;
}

const minute = 60_000;

/** eksctl's limit is 40 minutes per operation; `delete` has none (eksctl, pkg/ctl/delete/cluster.go). */
const limits = { create: 90 * minute, delete: 60 * minute, small: 15 * minute, version: minute } as const;

const versionSchema = z.looseObject({ Version: z.string().regex(versionPattern) });

/** The operations; each rejects with a Problem when eksctl ends with an error. */
export interface Eksctl {
  readonly version: (call: Call) => Promise<string>;
  readonly createCluster: (config: ClusterConfig, call: Call) => Promise<void>;
  readonly createNodegroup: (config: ClusterConfig, call: Call) => Promise<void>;
  readonly deleteNodegroup: (config: ClusterConfig, call: Call) => Promise<void>;
  readonly createAddon: (config: ClusterConfig, call: Call) => Promise<void>;
  readonly deleteAddon: (cluster: ClusterRef, addon: string, call: Call) => Promise<void>;
  readonly createAccessEntries: (config: ClusterConfig, call: Call) => Promise<void>;
  readonly createIdentityMapping: (cluster: ClusterRef, arn: string, call: Call) => Promise<void>;
  readonly associateOidcProvider: (cluster: ClusterRef, call: Call) => Promise<void>;
  readonly createEbsRole: (cluster: ClusterRef, role: EbsRole, call: Call) => Promise<void>;
  readonly deleteEbsRole: (cluster: ClusterRef, call: Call) => Promise<void>;
  readonly createEbsAddon: (cluster: ClusterRef, roleArn: string, call: Call) => Promise<void>;
  readonly scaleNodegroup: (group: NodeGroupRef, nodes: number, call: Call) => Promise<void>;
  readonly deleteCluster: (cluster: ClusterRef, call: Call) => Promise<void>;
}

export function makeEksctl(exec: Exec): Eksctl {
  const operate = async (command: Command, limitMs: number, call: Call): Promise<Ended> => {
    const say = (line: OutputLine): void => {
      const meaning = meaningOf(line.text);
      if (meaning !== undefined) call.say?.(meaning);
    };
    const ended = await run(exec, command, limitMs, call, say);
    if (ended.code !== 0) throw failed(command, ended);
    return ended;
  };
  const commands = eksctlCommands;
  const small = async (command: Command, call: Call): Promise<void> => {
    await operate(command, limits.small, call);
  };
  return {
    version: async (call) => versionIn(await operate(commands.version(), limits.version, call)),
    createCluster: async (config, call) => {
      await operate(commands.createCluster(config), limits.create, call);
    },
    createNodegroup: async (config, call) => {
      await operate(commands.createNodegroup(config), limits.create, call);
    },
    deleteNodegroup: async (config, call) => {
      await operate(commands.deleteNodegroup(config), limits.delete, call);
    },
    createAddon: async (config, call) => {
      await operate(commands.createAddon(config), limits.create, call);
    },
    deleteAddon: (cluster, addon, call) => small(commands.deleteAddon(cluster, addon), call),
    createAccessEntries: (config, call) => small(commands.createAccessEntries(config), call),
    createIdentityMapping: (cluster, arn, call) => small(commands.createIdentityMapping(cluster, arn), call),
    associateOidcProvider: (cluster, call) => small(commands.associateOidcProvider(cluster), call),
    createEbsRole: (cluster, role, call) => small(commands.createEbsRole(cluster, role), call),
    deleteEbsRole: (cluster, call) => small(commands.deleteEbsRole(cluster), call),
    createEbsAddon: (cluster, roleArn, call) => small(commands.createEbsAddon(cluster, roleArn), call),
    scaleNodegroup: async (group, nodes, call) => {
      await operate(commands.scaleNodegroup(group, nodes), limits.create, call);
    },
    deleteCluster: async (cluster, call) => {
      await operate(commands.deleteCluster(cluster), limits.delete, call);
    },
  };
}

function versionIn(ended: Ended): string {
  try {
    return versionSchema.parse(JSON.parse(ended.stdout)).Version;
  } catch (cause) {
    throw new Problem('tool-output', {
      what: 'eksctl version printed unexpected output',
      why: lastLines(ended.stdout),
      next: ['install another version of eksctl: karmada-eks tools install --only eksctl'],
      cause,
    });
  }
}

function failed(command: Command, ended: Ended): Problem {
  const why = reasonIn(`${ended.stdout}\n${ended.stderr}`);
  if (why === undefined) return toolFailed(command, ended);
  return new Problem('tool-failed', {
    what: `${commandSummary(command)} failed with exit status ${ended.code}`,
    why,
    next: ['run the same command again; it continues from where it stopped'],
  });
}
