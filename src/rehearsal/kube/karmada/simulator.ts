/** The simulated kubectl-karmada 1.18.2: what each subcommand is given, by the product's argv. */

import { type Arguments, type Expected, readArguments, unmodelled } from '../../arguments.js';
import type { ToolProcess, ToolSimulator } from '../../simulation.js';
import { againstApis } from '../against-apis.js';
import { runDeinit } from './deinit.js';
import { runInit } from './init.js';
import { runJoin } from './join.js';
import { runRegister } from './register.js';
import { runToken } from './token.js';
import { runUnjoin, runUnregister } from './unjoin.js';

interface Subcommand extends Expected {
  readonly act: (process: ToolProcess, args: Arguments) => Promise<number>;
}

const initFlags = [
  'kubeconfig context karmada-apiserver-advertise-address cert-external-ip cert-external-dns karmada-pki crds',
  'karmada-apiserver-replicas etcd-replicas etcd-storage-mode storage-classes-name wait-component-ready-timeout cert-validity-period',
  'karmada-aggregated-apiserver-replicas karmada-kube-controller-manager-replicas karmada-scheduler-replicas',
  'karmada-controller-manager-replicas karmada-webhook-replicas',
  'private-image-registry kube-image-mirror-country image-pull-secrets',
].join(' ');
const place = 'cluster-provider cluster-region cluster-zones';
const member = 'karmada-context cluster-kubeconfig cluster-context';

const subcommands: Readonly<Record<string, Subcommand>> = {
  version: { words: [0], act: printVersion },
  init: { words: [0], values: initFlags, needed: 'karmada-data', act: runInit },
  deinit: { words: [0], values: 'kubeconfig context', switches: 'force purge-namespace', act: runDeinit },
  join: { words: [1], values: `kubeconfig ${member} ${place}`, act: runJoin },
  unjoin: { words: [1], values: `kubeconfig ${member} wait`, switches: 'force', act: runUnjoin },
  token: {
    words: [1, 2],
    values: 'ttl description kubeconfig karmada-context',
    switches: 'print-register-command',
    act: runToken,
  },
  register: {
    words: [1],
    values: `discovery-token-ca-cert-hash kubeconfig context ${place} discovery-timeout karmada-agent-image`,
    needed: 'cluster-name token',
    switches: 'enable-cert-rotation',
    act: runRegister,
  },
  unregister: { words: [1], values: `${member} wait`, needed: 'karmada-config', act: runUnregister },
};

export const karmadaSimulator: ToolSimulator = async (process) => {
  const [name = '', ...args] = process.args;
  const command = subcommands[name];
  if (command === undefined) throw unmodelled('kubectl-karmada', process);
  const read = readArguments('kubectl-karmada', process, args, command);
  return await againstApis(process, () => command.act(process, read));
};

async function printVersion(process: ToolProcess): Promise<number> {
  await process.takes(50);
  process.out(
    'kubectl karmada version: version.Info{GitVersion:"v1.18.2", GitCommit:"", GitShortCommit:"", GitTreeState:"clean", ' +
      'BuildDate:"", GoVersion:"", Compiler:"gc", Platform:"linux/amd64"}',
  );
  return 0;
}
