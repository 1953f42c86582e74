/** `kubectl karmada register` (1.18.2, register/register.go): puts an agent into a cluster, which makes it a pull member. */

import type { Arguments } from '../../arguments.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState } from '../../state.js';
import { type Access, openApi } from '../access/access.js';
import { ensureNamespace, findObject, upsert } from '../api-server/store.js';
import { agentCertificate } from '../controllers/agent-certificate.js';
import { componentReady, karmadaNamespace as namespace, parentOf } from '../controllers/control-plane.js';
import { settleApis } from '../settle.js';
import { agentSecret } from './agent-secret.js';
import type { Certified } from './certificate.js';
import { checkName, durationOf, listClusters } from './cluster-api.js';
import { discover } from './discovery.js';
import { failure, waitUntil } from './klog.js';
import { agentDeployment, removeKarmadaRbac, writeAgentRbac, writeKarmadaRbac } from './member-objects.js';

export async function runRegister(process: ToolProcess, args: Arguments): Promise<number> {
  const [endpoint = ''] = args.positional;
  const timeoutMs = durationOf(process, args, 'discovery-timeout', '300s');
  const name = args.value('cluster-name');
  checkName(name);
  const member = await openApi(process, args.value('kubeconfig'), args.value('context'));
  const blockers = preflight(member.api);
  if (blockers.length > 0) return reportBlockers(process, blockers);
  process.out('[karmada-agent-start] Waiting to perform the TLS Bootstrap');
  const pin = args.value('discovery-token-ca-cert-hash');
  const found = await discover(process, { endpoint, token: args.value('token'), pin, timeoutMs });
  await waitForCertificate(process, found.karmada, name, timeoutMs);
  process.out('[karmada-agent-start] Waiting to check cluster exists');
  if (listClusters(process, found.karmada).some((cluster) => cluster.metadata.name === name)) {
    throw failure(`failed to register as cluster with name ${name} already exists`);
  }
  process.out('[karmada-agent-start] Assign the necessary RBAC permissions to the agent');
  writeKarmadaRbac(found.karmada, name, process.simulation.now());
  const own = agentCertificate(
    parentOf({ simulation: process.simulation }, found.karmada),
    name,
    process.simulation.now(),
  );
  const failed = await startAgent(process, args, member, { endpoint, ca: found.ca, own, timeoutMs });
  if (failed !== undefined) {
    removeKarmadaRbac(found.karmada, name, process.simulation.now());
    throw failure(failed);
  }
  process.out(`cluster(${name}) is joined successfully`);
  return 0;
}

function preflight(member: ApiState): string[] {
  const checks = [
    ['secrets', 'karmada-kubeconfig', 'Secret'],
    ['serviceaccounts', 'karmada-agent-sa', 'ServiceAccount'],
    ['deployments', 'karmada-agent', 'Deployment'],
  ] as const;
  return checks.flatMap(([plural, name, kind]) =>
    findObject(member, plural, namespace, name) === undefined ? [] : [`${namespace}/${name} ${kind} already exists`],
  );
}

/** A failed preflight ends with status 0 (observed with 1.18.2, register). */
function reportBlockers(process: ToolProcess, blockers: readonly string[]): number {
  process.out('error execution phase preflight: [preflight] Some fatal errors occurred:');
  for (const blocker of blockers) process.out(`\t[ERROR]: ${blocker}`);
  return 0;
}

/** The agent's certificate is approved and signed by two controllers of the control plane; the request stays. */
async function waitForCertificate(
  process: ToolProcess,
  karmada: ApiState,
  name: string,
  timeoutMs: number,
): Promise<void> {
  await process.takes(2_000);
  const manifest = { metadata: { name: `${name}-${(karmada.nextUid % 0xfffff).toString(36).padStart(5, '0')}` } };
  upsert(karmada, 'certificatesigningrequests', manifest, process.simulation.now());
  const late = await waitUntil(process, timeoutMs, () => {
    const parent = parentOf(process, karmada);
    const signers = ['kube-controller-manager', 'karmada-controller-manager'];
    return signers.every((signer) => componentReady(parent, signer)) ? undefined : 'context deadline exceeded';
  });
  if (late !== undefined) throw failure(late);
}

/** Answers why the agent did not come up, or undefined; what was written into the member stays either way. */
async function startAgent(
  process: ToolProcess,
  args: Arguments,
  member: Access,
  agent: { readonly endpoint: string; readonly ca: string; readonly own: Certified; readonly timeoutMs: number },
): Promise<string | undefined> {
  const { simulation } = process;
  process.out('[karmada-agent-start] Waiting to construct karmada-agent kubeconfig');
  await process.takes(1_000);
  process.out('[karmada-agent-start] Waiting the necessary secret and RBAC');
  ensureNamespace(member.api, namespace, simulation.now());
  upsert(member.api, 'secrets', agentSecret(`https://${agent.endpoint}`, agent.ca, agent.own), simulation.now());
  await process.takes(300);
  writeAgentRbac(member.api, simulation.now());
  process.out('[karmada-agent-start] Waiting karmada-agent Deployment');
  await process.takes(300);
  const place = {
    provider: args.value('cluster-provider'),
    region: args.value('cluster-region'),
    zones: args.value('cluster-zones'),
  };
  const image = args.value('karmada-agent-image') || 'docker.io/karmada/karmada-agent:v1.18.2';
  const options = { name: args.value('cluster-name'), endpoint: member.server, image, ...place };
  const deployment = upsert(member.api, 'deployments', agentDeployment(options), simulation.now());
  settleApis(simulation);
  const rollout = await waitUntil(process, agent.timeoutMs, () => {
    const status = findObject(member.api, 'deployments', namespace, deployment.metadata.name)?.['status'];
    return JSON.stringify(status ?? {}).includes('"availableReplicas":1')
      ? undefined
      : 'expected 1 replicas, got 0 available replicas';
  });
  return rollout === undefined
    ? undefined
    : `wait for Deployment(${namespace}/karmada-agent) rollout: context deadline exceeded: ${rollout}`;
}
