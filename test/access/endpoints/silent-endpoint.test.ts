/** Which endpoints are tried before they are called, and what is told of one that does not answer. */
import { expect, it } from 'vitest';
import { silentEndpoint } from '../../../src/access/endpoints/silent-endpoint.js';
import type { Cluster } from '../../../src/aws/eks.js';

const cluster = { cluster: 'shop', region: 'eu-west-1', account: undefined };
const config = { vpcId: 'vpc-1', endpointPublicAccess: false, endpointPrivateAccess: true, securityGroupIds: ['sg-1'] };

/** What is told, and how often the endpoint was tried. */
async function told(found: Partial<Cluster>, vars: Record<string, string> = {}, reason?: string) {
  const tried: string[] = [];
  const world = {
    environment: { vars } as never,
    ownInterfaces: () => [{ address: '192.168.1.20', mac: '0a:00:00:00:00:01' }],
    presentedBy: async (host: string, port: number) => {
      tried.push(`${host}:${port}`);
      return reason === undefined
        ? ({ kind: 'presented', certificate: 'x' } as const)
        : ({ kind: 'failed', reason } as const);
    },
  };
  const whole = { name: 'shop', status: 'ACTIVE', endpoint: 'https://ABC.eks.amazonaws.com', ...found } as Cluster;
  const problem = await silentEndpoint(world, cluster, whole);
  return { tried, text: problem && [problem.what, problem.why, ...problem.next].join('\n') };
}

it.each<[string, Partial<Cluster>, Record<string, string>?]>([
  ['everybody reaches', { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } }],
  ['does not serve yet', { resourcesVpcConfig: config, status: 'CREATING' }],
  ['is asked through a proxy', { resourcesVpcConfig: config }, { HTTPS_PROXY: 'http://proxy.example:3128' }],
  ['is asked through a proxy of lower case', { resourcesVpcConfig: config }, { all_proxy: 'socks5://proxy.example' }],
])('one that %s is not tried', async (_what, found, vars) => {
  expect(await told(found, vars, 'no answer')).toEqual({ tried: [], text: undefined });
});

it('one that answers is all right', async () => {
  expect(await told({ resourcesVpcConfig: config })).toEqual({ tried: ['abc.eks.amazonaws.com:443'], text: undefined });
});

it('tells of a private one where it is reached, and how to be let in', async () => {
  const { text } = await told({ resourcesVpcConfig: config }, {}, 'no answer from 10.0.1.7 within 10 s');
  expect(text).toMatchInlineSnapshot(`
    "EKS cluster shop in eu-west-1 does not respond to this machine (192.168.1.20)
    its API endpoint is private: only its own network reaches it (abc.eks.amazonaws.com, port 443: no answer from 10.0.1.7 within 10 s)
    run the command on a machine in its VPC vpc-1, or in a network that is connected to it, whose address its security group sg-1 admits
    or let this machine in for as long as you need it, by the public address that it has: aws eks update-cluster-config --name shop --region eu-west-1 --resources-vpc-config endpointPublicAccess=true,publicAccessCidrs=ADDRESS/32
    until then nothing in the cluster can be seen from here, so nothing of it is changed or deleted"
  `);
});

it('tells of a limited one whom it admits, and keeps them', async () => {
  const limited = { endpointPublicAccess: true, publicAccessCidrs: ['203.0.113.0/24'] };
  const { text } = await told({ resourcesVpcConfig: limited }, {}, 'no answer');
  expect(text).toContain('its public endpoint admits only 203.0.113.0/24 (abc.eks.amazonaws.com, port 443: no answer)');
  expect(text).toContain('endpointPublicAccess=true,publicAccessCidrs=203.0.113.0/24,ADDRESS/32');
});
