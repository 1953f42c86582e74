/** Kubeconfigs that the product writes itself: one context each, as JSON, which every client reads as YAML. */

/** A Kubernetes API and how to authenticate to it. */
export interface KubeEndpoint {
  /** Name of the context, the cluster and (with the context's name) the user. */
  readonly context: string;
  readonly server: string;
  /** Base64 of the PEM of the CA. */
  readonly caData: string;
  readonly user: EksUser | CertificateUser;
}

/** Authenticates with a token that the AWS CLI makes from the credentials in use. */
export interface EksUser {
  readonly kind: 'eks';
  readonly cluster: string;
  readonly region: string;
  /** Written into the kubeconfig so that it works in a shell that does not set it. */
  readonly profile: string | undefined;
}

/** Authenticates with a client certificate; both are base64 of PEM. The key is a secret. */
export interface CertificateUser {
  readonly kind: 'certificate';
  readonly certificateData: string;
  readonly keyData: string;
}

/** The text of a kubeconfig with one context, which is also the current one. */
export function kubeconfigText(endpoint: KubeEndpoint): string {
  const { context, server, caData } = endpoint;
  const user = userName(endpoint);
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: context, cluster: { server, 'certificate-authority-data': caData } }],
      contexts: [{ name: context, context: { cluster: context, user } }],
      'current-context': context,
      users: [{ name: user, user: credentials(endpoint.user) }],
    },
    undefined,
    2,
  )}\n`;
}

function userName({ context, user }: KubeEndpoint): string {
  return user.kind === 'eks' ? `${context}-aws` : `${context}-admin`;
}

function credentials(user: EksUser | CertificateUser): object {
  if (user.kind === 'certificate') {
    return { 'client-certificate-data': user.certificateData, 'client-key-data': user.keyData };
  }
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: ['eks', 'get-token', '--output', 'json', '--cluster-name', user.cluster, '--region', user.region],
      env: user.profile === undefined ? null : [{ name: 'AWS_PROFILE', value: user.profile }],
      interactiveMode: 'IfAvailable',
      provideClusterInfo: false,
    },
  };
}
