/** The kubeconfigs that the product writes for itself. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type KubeEndpoint, kubeconfigText } from '../../../src/tools/kubectl/kubeconfig.js';

const eks: KubeEndpoint = {
  context: 'demo-parent',
  server: 'https://abc.eks.amazonaws.com',
  caData: 'Q0E=',
  user: { kind: 'eks', cluster: 'demo-parent', region: 'eu-west-1', profile: 'work' },
};

it('hold one context, which is current, and ask the AWS CLI for tokens', () => {
  const text = kubeconfigText(eks);
  expect(parse(text)).toEqual(JSON.parse(text));
  expect(JSON.parse(text)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo-parent',
    clusters: [
      {
        name: 'demo-parent',
        cluster: { server: 'https://abc.eks.amazonaws.com', 'certificate-authority-data': 'Q0E=' },
      },
    ],
    contexts: [{ name: 'demo-parent', context: { cluster: 'demo-parent', user: 'demo-parent-aws' } }],
    users: [
      {
        name: 'demo-parent-aws',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1beta1',
            command: 'aws',
            args: ['eks', 'get-token', '--output', 'json', '--cluster-name', 'demo-parent', '--region', 'eu-west-1'],
            env: [{ name: 'AWS_PROFILE', value: 'work' }],
            interactiveMode: 'IfAvailable',
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
});

it('name no profile when none is in use', () => {
  const text = kubeconfigText({ ...eks, user: { kind: 'eks', cluster: 'x', region: 'y', profile: undefined } });
  expect(JSON.parse(text)).toMatchObject({ users: [{ user: { exec: { env: null } } }] });
});

it('hold a client certificate for Karmada', () => {
  const user = { kind: 'certificate', certificateData: 'Q0VSVA==', keyData: 'S0VZ' } as const;
  expect(JSON.parse(kubeconfigText({ ...eks, context: 'karmada-apiserver', user }))).toMatchObject({
    contexts: [{ context: { user: 'karmada-apiserver-admin' } }],
    users: [
      { name: 'karmada-apiserver-admin', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } },
    ],
  });
});
