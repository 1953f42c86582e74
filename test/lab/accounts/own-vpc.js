/** A VPC that the fleet makes for itself: clusters in it work, somebody else's interface keeps it, and nothing of it is left after that. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expectResources, ownAddress } from '../session.js';

const run = promisify(execFile);
const region = 'us-west-2';
const cidr = '10.80.0.0/16';
const tags = { team: 'lab', 'karmada-eks/name': 'lab' };

export async function ownVpc(session) {
  const { env, step, cli, run: once, expect, fleet, lab } = session;
  const aws = async (...words) =>
    JSON.parse((await run('aws', [...words, '--region', region, '--output', 'json'], { env })).stdout || '{}');
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  const before = lab.resources();
  const wanted = ['--create-vpc', cidr, '--tag', 'team=lab', '--crds', env.KARMADA_CRDS, '--allow', ownAddress];
  await step(`up --create-vpc ${cidr}, with a pull member`, async () => {
    const { stderr } = await cli(['up', ...wanted, '--member', 'name=lab-pull,mode=pull', '--yes']);
    for (const line of stderr.split('\n').filter((each) => each.includes(' done:'))) console.log(`       ${line}`);
  });
  let vpc;
  await step(
    'the VPC: DNS, subnets in three zones, one NAT gateway, whose address is let in, tags on all',
    async () => {
      [vpc] = (await aws('ec2', 'describe-vpcs', '--filters', `Name=cidr,Values=${cidr}`)).Vpcs;
      const inVpc = `Name=vpc-id,Values=${vpc.VpcId}`;
      const { Subnets } = await aws('ec2', 'describe-subnets', '--filters', inVpc);
      const { NatGateways } = await aws('ec2', 'describe-nat-gateways', '--filter', inVpc);
      const { RouteTables } = await aws('ec2', 'describe-route-tables', '--filters', inVpc);
      const zones = new Set(Subnets.map(({ AvailabilityZone }) => AvailabilityZone));
      expect(Subnets.length === 6 && zones.size === 3, `${Subnets.length} subnets in ${zones.size} zones`);
      expect(Subnets.filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch).length === 3, 'public subnets');
      expect(NatGateways.length === 1, `${NatGateways.length} NAT gateways`);
      const own = RouteTables.filter(({ Associations }) => Associations.every(({ Main }) => !Main));
      const addresses = (await aws('ec2', 'describe-addresses')).Addresses.filter(({ Tags }) =>
        Tags?.some(({ Value }) => Value.startsWith('karmada-eks-')),
      );
      expect(addresses.length === 1, `${addresses.length} addresses of the fleet`);
      for (const thing of [vpc, ...Subnets, ...NatGateways, ...own, ...addresses])
        for (const [key, value] of Object.entries(tags))
          expect(
            thing.Tags?.some((tag) => tag.Key === key && tag.Value === value),
            `without tag ${key}: ${JSON.stringify(thing)}`,
          );
      const { stdout } = await cli(['status', '-o', 'json']);
      const { ready, controlPlane } = JSON.parse(stdout);
      expect(ready === true, 'the fleet is not Ready');
      const [{ PublicIp }] = NatGateways[0].NatGatewayAddresses;
      expect(
        controlPlane.sourceRanges.includes(`${PublicIp}/32`),
        `${PublicIp} is not in ${controlPlane.sourceRanges}`,
      );
    },
  );
  await step('a second up, without the flag, changes nothing', async () => {
    const { stdout } = await cli(['up', '--yes']);
    expect(stdout.includes('nothing to do'), stdout);
  });
  const { Subnets } = await aws('ec2', 'describe-subnets', '--filters', `Name=vpc-id,Values=${vpc.VpcId}`);
  const place = ['--subnet-id', Subnets[0].SubnetId, '--description', 'of a database'];
  const { NetworkInterface: foreign } = await aws('ec2', 'create-network-interface', ...place);
  await step('down keeps the VPC while an interface of somebody else is in it', async () => {
    const { code, stdout, stderr } = await once(['down', '--yes', '--confirm', fleet, '--no-backup']);
    expect(code === 5, `ended with ${code}:\n${stdout}\n${stderr}`);
    console.log(
      `       ${stderr
        .split('\n')
        .filter((line) => line.includes(' is kept, '))
        .join('')}`,
    );
    expect(stderr.includes(foreign.NetworkInterfaceId), `the interface is not named:\n${stderr}`);
    const { NatGateways } = await aws('ec2', 'describe-nat-gateways', '--filter', `Name=vpc-id,Values=${vpc.VpcId}`);
    expect(
      NatGateways.some(({ State }) => State === 'available'),
      'the NAT gateway is gone',
    );
  });
  await step('down deletes the VPC once that is gone, and nothing is left', async () => {
    await run(
      'aws',
      ['ec2', 'delete-network-interface', '--network-interface-id', foreign.NetworkInterfaceId, '--region', region],
      { env },
    );
    await cli(['down', '--yes', '--confirm', fleet]);
    expectResources(before);
  });
}
