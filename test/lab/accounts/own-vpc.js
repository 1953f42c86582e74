/** A VPC that the fleet makes for itself: clusters in it work, somebody else's interface keeps it, and nothing of it is left after that. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { expectResources, ownAddress } from '../session.js';
import { fleetLife } from './fleet-life.js';

const run = promisify(execFile);
const region = 'us-west-2';
const cidr = '10.80.0.0/16';

export async function inOwnVpc(session, scenes) {
  const { env } = session;
  mkdirSync(dirname(env.KUBECONFIG), { recursive: true });
  const words = ['--create-vpc', cidr, '--member', 'name=lab-pull,mode=pull', '--allow', ownAddress];
  const parts = scenes.map((scene) => scene(session));
  await fleetLife(session, [...parts, leavesNothing(session)], [...words, '--crds', env.KARMADA_CRDS]);
}

function leavesNothing({ step }) {
  return { afterDown: (before) => step('nothing is left', () => expectResources(before)) };
}

export function ownVpc(session) {
  const { env, step, cli, run: once, expect, fleet } = session;
  const aws = async (...words) =>
    JSON.parse((await run('aws', [...words, '--region', region, '--output', 'json'], { env })).stdout || '{}');
  const inVpc = (id) => `Name=vpc-id,Values=${id}`;
  const vpcOf = async () => (await aws('ec2', 'describe-vpcs', '--filters', `Name=cidr,Values=${cidr}`)).Vpcs[0];
  const natsOf = async (id) => (await aws('ec2', 'describe-nat-gateways', '--filter', inVpc(id))).NatGateways;
  const subnetsOf = async (id) => (await aws('ec2', 'describe-subnets', '--filters', inVpc(id))).Subnets;
  let foreign = '';
  return {
    whileUp: () =>
      step('the VPC: subnets in three zones, one NAT gateway, whose address is let in', async () => {
        const { VpcId: vpc } = await vpcOf();
        const subnets = await subnetsOf(vpc);
        const nats = await natsOf(vpc);
        const zones = new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone));
        expect(subnets.length === 6 && zones.size === 3, `${subnets.length} subnets in ${zones.size} zones`);
        expect(subnets.filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch).length === 3, 'public subnets');
        expect(nats.length === 1, `${nats.length} NAT gateways`);
        const { stdout } = await cli(['status', '-o', 'json']);
        const { ready, controlPlane } = JSON.parse(stdout);
        expect(ready === true, 'the fleet is not Ready');
        const [{ PublicIp }] = nats[0].NatGatewayAddresses;
        expect(
          controlPlane.sourceRanges.includes(`${PublicIp}/32`),
          `${PublicIp} is not in ${controlPlane.sourceRanges}`,
        );
      }),
    beforeDown: async () => {
      const { VpcId: vpc } = await vpcOf();
      const [{ SubnetId }] = await subnetsOf(vpc);
      const place = ['--subnet-id', SubnetId, '--description', 'of a database'];
      foreign = (await aws('ec2', 'create-network-interface', ...place)).NetworkInterface.NetworkInterfaceId;
      await step('down keeps the VPC while an interface of somebody else is in it', async () => {
        const { code, stdout, stderr } = await once(['down', '--yes', '--confirm', fleet, '--no-backup']);
        expect(code === 5, `ended with ${code}:\n${stdout}\n${stderr}`);
        const told = stderr.split('\n').filter((line) => line.includes(' is kept, '));
        console.log(`       ${told.join('')}`);
        expect(stderr.includes(foreign), `the interface is not named:\n${stderr}`);
        const nats = await natsOf(vpc);
        expect(
          nats.some(({ State }) => State === 'available'),
          'the NAT gateway is gone',
        );
      });
      await step('that interface goes', async () => {
        const words = ['ec2', 'delete-network-interface', '--network-interface-id', foreign, '--region', region];
        await run('aws', words, { env });
      });
    },
  };
}
