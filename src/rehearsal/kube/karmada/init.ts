/**
 * `kubectl karmada init` (1.18.2): the order of its steps, what it refuses, and what it fails at (the recorded runs,
 * init).
 */

import { type Arguments, unmodelled, wordsIn } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import { openApi } from '../access/access.js';
import { nodePortServiceHolds } from '../api-server/service-defaults.js';
import { durationOf } from './cluster-api.js';
import { adminKubeconfig } from './components.js';
import { initImages } from './init-images.js';
import { type Install, installComponents, installControlPlane, installResources } from './install.js';
import { failure, klog } from './klog.js';
import { makePki } from './pki.js';

const nodePort = 32_443;

export async function runInit(process: ToolProcess, args: Arguments): Promise<number> {
  const refusal = validate(process, args);
  if (refusal !== undefined) throw failure(refusal);
  const parent = await openApi(process, args.value('kubeconfig'), args.value('context'));
  if (nodePortServiceHolds(parent.api, nodePort)) {
    throw failure(`nodePort of karmada apiserver ${nodePort} already exist`);
  }
  const dataDir = args.value('karmada-data');
  process.removeFolder(dataDir);
  const address = args.value('karmada-apiserver-advertise-address');
  const pki = await writePki(process, args, address);
  const crdError = await prepareCrds(process, args.value('crds'), dataDir);
  if (crdError !== undefined) throw failure(`prepare karmada failed.${crdError}`);
  const server = `https://${address}:${nodePort}`;
  process.writeFile(`${dataDir}/karmada-apiserver.config`, adminKubeconfig(server, pki));
  const install: Install = {
    process,
    parent: parent.api,
    pki,
    server,
    nodePort,
    etcdReplicas: Number(args.value('etcd-replicas') || 1),
    apiServerReplicas: Number(args.value('karmada-apiserver-replicas') || 1),
    replicasOf: (component) => Number(args.value(`karmada-${component.replace(/^karmada-/, '')}-replicas`) || 1),
    storageClass: args.value('storage-classes-name'),
    images: initImages(args),
    timeoutMs: Number(args.value('wait-component-ready-timeout') || 120) * 1_000,
  };
  const error = await installControlPlane(install);
  if (error !== undefined) throw failure(error);
  const fatal = await installResources(install);
  if (fatal !== undefined) {
    klog(process, 'F', fatal);
    return 1;
  }
  await installComponents(install);
  process.writeFile(`${dataDir}/karmada-agent.yaml`, '# how to deploy an agent by hand\n');
  process.writeFile(`${dataDir}/karmada-scheduler-estimator.yaml`, '# how to deploy an estimator by hand\n');
  process.out('Karmada is installed successfully.');
  return 0;
}

/** Checks before anything is touched, in init's own order and words. */
function validate(process: ToolProcess, args: Arguments): string | undefined {
  const address = args.value('karmada-apiserver-advertise-address');
  const mode = args.value('etcd-storage-mode');
  if (address === '') throw unmodelled('kubectl-karmada', process);
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) return 'karmada apiserver advertise address is not valid';
  if (mode === 'hostPath' && Number(args.value('etcd-replicas') || 1) !== 1) {
    return 'for data security,when etcd storage mode is hostPath,etcd-replicas can only be 1';
  }
  if (mode !== 'PVC') throw unmodelled('kubectl-karmada', process, `etcd storage mode ${mode || 'hostPath'}`);
  if (args.value('storage-classes-name') !== '') return undefined;
  return "when etcd storage mode is PVC, storageClassesName is not empty. See 'kubectl karmada init --help'";
}

async function writePki(process: ToolProcess, args: Arguments, address: string) {
  const { simulation } = process;
  await process.takes(2_000);
  const list = (flag: string) => wordsIn(args.value(flag), ',');
  const pki = makePki({
    seed: simulation.id('pki'),
    now: simulation.now(),
    dnsNames: list('cert-external-dns'),
    addresses: [...list('cert-external-ip'), address],
    validityMs: durationOf(process, args, 'cert-validity-period', '8760h'),
  });
  for (const [name, text] of Object.entries(pki)) process.writeFile(`${args.value('karmada-pki')}/${name}`, text);
  return pki;
}

/** Unpacks the CRDs, from the release by default; a local archive must be there. */
async function prepareCrds(process: ToolProcess, crds: string, dataDir: string): Promise<string | undefined> {
  if (crds === '' || crds.startsWith('http')) await process.takes(3_000);
  else if (process.readFile(crds) === undefined) return `inValid crd tar, err: open ${crds}: no such file or directory`;
  for (const folder of ['bases', 'patches'])
    process.writeFile(`${dataDir}/crds/${folder}/README`, `the CRDs' ${folder}\n`);
  return undefined;
}
