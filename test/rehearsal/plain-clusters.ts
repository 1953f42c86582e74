/** Puts clusters that have nothing to do with EKS next to the account, and tells how a kubeconfig names them. */
import { createApi, setNodes } from '../../src/rehearsal/kube/api.js';
import type { Simulation } from '../../src/rehearsal/simulation.js';
import type { ApiState, PlainState } from '../../src/rehearsal/state.js';

/** A cluster outside of EKS, such as one of kind or of another cloud. */
export interface PlainCluster {
  readonly name: string;
  /** `https://HOST:PORT`, of no other cluster. */
  readonly server: string;
  /** What its nodes' providerID begins with, e.g. `kind` or `gce`; without it they have none. */
  readonly provider?: string;
  /** Label of its nodes; without it they have none. */
  readonly region?: string;
  /** Labels of its nodes, in turn; without any they have none. */
  readonly zones?: readonly string[];
  /** 2 when not given. */
  readonly nodes?: number;
  /** Kubernetes version; 1.34.4 when not given. */
  readonly version?: string;
}

/** Makes it, with its nodes Ready. Its API admits one client certificate and one token. */
export function addPlainCluster(simulation: Simulation, request: PlainCluster): ApiState {
  const { name, server } = request;
  const key = `plain/${name}`;
  const secret = (what: string): string => Buffer.from(`${what} of ${name}`).toString('base64');
  const plain: PlainState = {
    server,
    version: request.version ?? '1.34.4',
    ca: secret('certificate authority'),
    certificate: secret('client certificate'),
    token: `token-of-${name}`,
  };
  const api = createApi(simulation, { key, kind: 'plain', region: '', cluster: name, plain });
  setNodes(simulation, key, nodesOf(request));
  return api;
}

function nodesOf({ name, provider, region = '', zones = [], nodes = 2 }: PlainCluster) {
  return Array.from({ length: nodes }, (_, index) => {
    const zone = zones[index % zones.length] ?? '';
    const node = `${name}-node-${index + 1}`;
    return {
      name: node,
      zone,
      region,
      ready: true,
      internalIp: `172.18.0.${index + 2}`,
      ...(provider === undefined ? {} : { providerId: providerId(provider, { cluster: name, zone, node }) }),
    };
  });
}

/** kind: `kind://docker/<cluster>/<node>`; Google: `gce://<project>/<zone>/<node>`; others after the same fashion. */
function providerId(provider: string, at: { cluster: string; zone: string; node: string }): string {
  if (provider === 'kind') return `kind://docker/${at.cluster}/${at.node}`;
  return `${provider}://${at.cluster}/${at.zone}/${at.node}`;
}

/** The text of a kubeconfig with one context that opens this cluster, by its certificate or by its token. */
export function plainKubeconfig(api: ApiState, context: string, by: 'certificate' | 'token' = 'certificate'): string {
  const { server, ca, certificate, token } = api.plain ?? { server: '', ca: '', certificate: '', token: '' };
  const user = by === 'token' ? { token } : { 'client-certificate-data': certificate, 'client-key-data': certificate };
  return kubeconfigText(context, { server, 'certificate-authority-data': ca }, user);
}

/** The same for an EKS cluster, as `aws eks update-kubeconfig` and eksctl write it. */
export function eksKubeconfig(
  simulation: Simulation,
  cluster: { readonly region: string; readonly name: string },
  context: string,
): string {
  const { region, name } = cluster;
  const found = simulation.region(region).clusters[name];
  const ca = Buffer.from(`certificate authority of ${found?.arn ?? ''}`).toString('base64');
  const args = ['eks', 'get-token', '--output', 'json', '--cluster-name', name, '--region', region];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args };
  return kubeconfigText(context, { server: found?.endpoint ?? '', 'certificate-authority-data': ca }, { exec });
}

function kubeconfigText(context: string, cluster: object, user: object): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    users: [{ name: context, user }],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
