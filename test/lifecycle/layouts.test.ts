/** What eksctl is asked for in VPCs of several layouts: where nodes lie, which subnets are named, what is warned of. */
import { describe, expect, it } from 'vitest';
import { type Account, newAccount } from '../../src/rehearsal/account.js';
import { addNat, addRouteTable, addSubnet, addVpc, type MadeVpc, type VpcVariant } from '../../src/rehearsal/vpcs.js';
import type { ClusterConfig } from '../../src/tools/eksctl/cluster-config.js';
import { said } from '../cli/output.js';
import { cli } from './cli.js';
import { readyStatus, region, smallUp, succeed } from './fleet.js';

/** Of each cluster what matters here, as `plan -o json` shows the command's standard input. */
async function planned(account: Account, more = ''): Promise<{ configs: ClusterConfig[]; warnings: string }> {
  const words = smallUp.replace('up', 'plan').replace(' --yes', '');
  const { stdout, stderr } = await succeed(account, `${words} -o json${more}`);
  const { steps } = JSON.parse(stdout) as { steps: { commands: { args: string[]; stdin?: string }[] }[] };
  const creations = steps.flatMap(({ commands }) => commands).filter(({ args }) => args.includes('cluster'));
  return { configs: creations.map(({ stdin = '' }) => JSON.parse(stdin) as ClusterConfig), warnings: stderr };
}

function made(variant: VpcVariant): { account: Account; vpc: MadeVpc } {
  const account = newAccount();
  return { account, vpc: addVpc(account, { region, name: 'main', variant }) };
}

const byZone = (subnets: MadeVpc['publicSubnets']) => Object.fromEntries(subnets.map(({ zone, id }) => [zone, { id }]));

describe('a full VPC', () => {
  it('gives private nodes, and names one subnet a zone of each kind', async () => {
    const { account, vpc } = made('full');
    const { configs, warnings } = await planned(account);
    expect(configs.map(({ metadata }) => metadata.name)).toEqual(['karmada-parent', 'one', 'two']);
    for (const config of configs) {
      expect(config.vpc?.id).toBe(vpc.vpc.id);
      expect(config.vpc?.subnets).toEqual({
        public: byZone(vpc.publicSubnets),
        private: byZone(vpc.privateSubnets),
      });
      expect(config.managedNodeGroups?.[0]).toMatchObject({ privateNetworking: true, desiredCapacity: 3 });
      expect(config).toMatchObject({ autoModeConfig: { enabled: false }, iam: { withOIDC: true } });
    }
    expect(warnings).toBe('');
  });

  it('gives the EBS CSI driver to the parent alone', async () => {
    const { configs } = await planned(made('full').account);
    const drivers = configs.map(({ addons = [] }) => addons.some(({ name }) => name === 'aws-ebs-csi-driver'));
    expect(drivers).toEqual([true, false, false]);
  });
});

describe('a VPC that another account shares', () => {
  const shared = (): { account: Account; vpc: MadeVpc } => {
    const account = newAccount();
    return { account, vpc: addVpc(account, { region, name: 'main', ownerId: '999988887777' }) };
  };

  it('gives private nodes behind a NAT gateway that is not visible', async () => {
    const { account, vpc } = shared();
    const { configs, warnings } = await planned(account, ' --allow 192.0.2.0/24');
    for (const config of configs) {
      expect(config.vpc?.subnets).toMatchObject({ private: byZone(vpc.privateSubnets) });
      expect(config.managedNodeGroups?.[0]).toMatchObject({ privateNetworking: true });
    }
    expect(warnings).toBe('');
    const doctor = await cli(account, `doctor -v --region ${region} --vpc main --members 0`);
    const [nat] = account.region(region).natGateways;
    expect(doctor.stdout).toContain(
      `nodes are in private subnets behind ${nat?.id} of another account, whose addresses are unknown`,
    );
    expect(doctor.stdout).toContain('all default routes have a live target');
  });

  it('asks for the addresses of a pull member, which only the owner sees', async () => {
    const { account } = shared();
    const refused = await cli(account, smallUp);
    expect(said(refused)).toMatchInlineSnapshot(`
      "✖ pull member two is behind nat-0000000000000000b, a NAT gateway of another account that shares the VPC: its addresses are unknown
        next: 1. set sources=CIDR for two (join: --source CIDR), or --allow CIDR (repeatable)
              2. its owner knows them: aws ec2 describe-nat-gateways --nat-gateway-ids nat-0000000000000000b
              3. or join it in push mode: mode=push
        code: address-unknown
      exit 3"
    `);
    await succeed(account, smallUp.replace('mode=pull', 'mode=pull,sources=198.51.100.1/32'));
    await readyStatus(account);
  });
});

describe('a VPC without NAT', () => {
  it('gives public nodes; a pull member calls from addresses that have to be said', async () => {
    const { account, vpc } = made('no-nat');
    const { configs, warnings } = await planned(account, ' --allow 192.0.2.0/24');
    expect(warnings).toContain(
      `warning: nodes in VPC ${vpc.vpc.id} (main) will be in public subnets, each with its own public address\n`,
    );
    for (const config of configs) {
      expect(config.vpc?.subnets).toEqual({ public: byZone(vpc.publicSubnets) });
      expect(config.managedNodeGroups?.[0]).toMatchObject({ privateNetworking: false });
    }
    await succeed(account, `${smallUp} --allow 0.0.0.0/0`);
    await readyStatus(account);
  });
});

describe('a VPC whose public subnets do not assign addresses', () => {
  it('gives private nodes', async () => {
    const { account, vpc } = made('no-auto-assign');
    const { configs } = await planned(account);
    expect(configs[0]?.managedNodeGroups?.[0]).toMatchObject({ privateNetworking: true });
    expect(configs[0]?.vpc?.subnets?.private).toEqual(byZone(vpc.privateSubnets));
    await succeed(account, smallUp);
    await readyStatus(account);
  });
});

describe('a VPC in two zones', () => {
  it('is used, with a warning', async () => {
    const { account, vpc } = made('two-azs');
    const { configs, warnings } = await planned(account);
    expect(configs[0]?.vpc?.subnets?.private).toEqual(byZone(vpc.privateSubnets));
    expect(warnings).toBe(
      `warning: VPC ${vpc.vpc.id} (main) has subnets for nodes in 2 zones only; losing one may stop Karmada’s etcd\n`,
    );
    await succeed(account, smallUp);
    await readyStatus(account);
  });
});

describe('a VPC with several subnets in a zone', () => {
  it('gives the one with most free addresses', async () => {
    const { account, vpc } = made('full');
    const zone = vpc.privateSubnets[0]?.zone ?? '';
    const larger = addSubnet(account, region, vpc.vpc, { zone, third: 150, freeAddresses: 4000 });
    const smaller = addSubnet(account, region, vpc.vpc, { zone, third: 151, freeAddresses: 10 });
    vpc.privateTable.subnetIds.push(larger.id, smaller.id);
    const { configs } = await planned(account);
    expect(configs[0]?.vpc?.subnets?.private?.[zone]).toEqual({ id: larger.id });
    await succeed(account, smallUp);
    await readyStatus(account);
  });
});

describe('a VPC whose second private subnet has lost its way out', () => {
  it('leaves that subnet out', async () => {
    const { account, vpc } = made('full');
    const [, lost] = vpc.privateSubnets;
    vpc.privateTable.subnetIds = vpc.privateTable.subnetIds.filter((id) => id !== lost?.id);
    const target = addNat(account, region, vpc.publicSubnets[1] ?? vpc.publicSubnets[0] ?? neverThere());
    addRouteTable(account, region, vpc.vpc.id, {
      subnetIds: [lost?.id ?? ''],
      defaultTarget: target,
      blackhole: true,
    });
    const { configs, warnings } = await planned(account);
    const used = Object.values(configs[0]?.vpc?.subnets?.private ?? {}).map(({ id }) => id);
    expect(used).toEqual(vpc.privateSubnets.filter((subnet) => subnet !== lost).map(({ id }) => id));
    expect(warnings).toContain('in 2 zones only');
  });
});

function neverThere(): never {
  throw new TypeError('a full VPC has public subnets');
}
