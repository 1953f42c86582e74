/** Flags, environment and file say the same; a flag goes over the environment, and that over the file. */
import { expect, it } from 'vitest';
import { newMachine, otherRegion, region, succeed } from '../../lifecycle/fleet.js';

const flags = [
  '--fleet=demo',
  `--region=${region}`,
  '--vpc=main',
  '--member=name=one',
  `--member=name=two,mode=pull,region=${otherRegion}`,
  '--nodes=4',
  '--instance-type=m5.large',
  '--kubernetes-version=1.34',
  '--allow=203.0.113.7/32',
  '--allow=198.51.100.0/24',
  '--admin=arn:aws:iam::111122223333:role/Ops',
];

const vars = {
  KARMADA_EKS_FLEET: 'demo',
  KARMADA_EKS_REGION: region,
  KARMADA_EKS_VPC: 'main',
  KARMADA_EKS_MEMBER: `name=one;name=two,mode=pull,region=${otherRegion}`,
  KARMADA_EKS_NODES: '4',
  KARMADA_EKS_INSTANCE_TYPE: 'm5.large',
  KARMADA_EKS_KUBERNETES_VERSION: '1.34',
  KARMADA_EKS_ALLOW: '203.0.113.7/32,198.51.100.0/24',
  KARMADA_EKS_ADMIN: 'arn:aws:iam::111122223333:role/Ops',
};

const file = `
fleet: demo
region: ${region}
vpc: main
members:
  - name: one
  - name: two
    mode: pull
    region: ${otherRegion}
nodes: 4
instanceType: m5.large
kubernetesVersion: "1.34"
allow:
  - 203.0.113.7/32
  - 198.51.100.0/24
admins:
  - arn:aws:iam::111122223333:role/Ops
`;

async function plan(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const account = newMachine();
  account.state.files['/home/you/fleet.yaml'] = file;
  const { stdout } = await succeed(account, ['plan', '-o', 'json', ...words], { vars: env });
  // Each fleet that is not there yet would get an id of its own.
  return JSON.parse(stdout.replaceAll(/[0-9a-f]{12}(?=\.111122223333)/g, 'id'));
}

it('gives the same plan by flags, by environment and by file', async () => {
  const byFlags = await plan(flags);
  expect(byFlags).toMatchObject({
    fleet: {
      id: `id.111122223333.${region}`,
      nodes: 4,
      allow: ['203.0.113.7/32', '198.51.100.0/24'],
      members: [{ name: 'one' }, { name: 'two', mode: 'pull', region: otherRegion }],
    },
  });
  expect(await plan([], vars)).toEqual(byFlags);
  expect(await plan(['--config=fleet.yaml'])).toEqual(byFlags);
  expect(await plan([], { KARMADA_EKS_CONFIG: '/home/you/fleet.yaml' })).toEqual(byFlags);
});

it('takes the flag before the environment, and the environment before the file', async () => {
  expect(await plan(['--config=fleet.yaml', '--nodes=6'], { KARMADA_EKS_NODES: '5' })).toMatchObject({
    fleet: { nodes: 6 },
  });
  expect(await plan(['--config=fleet.yaml'], { KARMADA_EKS_NODES: '5' })).toMatchObject({ fleet: { nodes: 5 } });
});

it('takes the region from AWS_REGION when nothing else names one', async () => {
  const env = { AWS_REGION: otherRegion, KARMADA_EKS_VPC: 'main' };
  expect(await plan([], env)).toMatchObject({ fleet: { parent: { region: otherRegion } } });
  expect(await plan([`--region=${region}`], env)).toMatchObject({ fleet: { parent: { region } } });
});

it('takes the region where this machine knows the fleet over AWS_REGION, for up, plan and doctor', async () => {
  const account = newMachine();
  await succeed(account, ['up', `--region=${region}`, '--vpc=main', '--members=0', '--yes']);
  const env = { vars: { AWS_REGION: otherRegion } };
  expect((await succeed(account, ['plan'], env)).stdout).toContain('fleet karmada: nothing to do');
  expect((await succeed(account, ['up', '--yes'], env)).stdout).toContain('fleet karmada is up to date');
  expect(JSON.parse((await succeed(account, ['doctor', '-o', 'json'], env)).stdout)).toMatchObject({ region });
});
