/** The typed clients over a `send` that answers what a test says. */

import { expect, it } from 'vitest';
import { makeCloudFormation } from '../../src/aws/cloudformation.js';
import { makeEc2 } from '../../src/aws/ec2/ec2.js';
import { makeEks } from '../../src/aws/eks.js';
import { loadBalancersOf } from '../../src/aws/elb/load-balancers.js';
import { dnsSuffixOf, readCaller } from '../../src/aws/sts.js';
import type { AwsClients } from '../../src/world/aws.js';
import { ownRegion } from '../../src/world/place.js';

type Input = Readonly<Record<string, unknown>>;
type Answer = (input: Input, nth: number) => object | Error;

/** Answers by the command's name; an Error is thrown; `sent` keeps what was asked. */
function awsThatSays(answers: Readonly<Record<string, Answer>>) {
  const sent: (readonly [string, Input])[] = [];
  const send = (command: {
    readonly constructor: { readonly name: string };
    readonly input: Input;
  }): Promise<object> => {
    const name = command.constructor.name.replace(/Command$/, '');
    const nth = sent.filter(([other]) => other === name).length;
    sent.push([name, command.input]);
    const answer = answers[name]?.(command.input, nth) ?? new Error(`nobody answers ${name}`);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const client = () => ({ send });
  const aws = { ec2: client, eks: client, sts: client, cloudformation: client, elbv2: client } as unknown as AwsClients;
  return { aws, sent };
}

const named = (name: string, message = ''): Error => Object.assign(new Error(message), { name });

it.each([
  ['vpc-0abc12', { Name: 'vpc-id', Values: ['vpc-0abc12'] }],
  ['vpc-*', { Name: 'tag:Name', Values: ['vpc-*'] }],
  ['Main*', { Name: 'tag:Name', Values: ['Main*'] }],
])('finds the VPC %s by what it looks like, through all pages', async (selector, filter) => {
  const pages: Answer = ({ NextToken }) =>
    NextToken === undefined ? { Vpcs: [{ VpcId: '1' }], NextToken: 't' } : { Vpcs: [{ VpcId: '2' }] };
  const { aws, sent } = awsThatSays({ DescribeVpcs: pages });
  expect(await makeEc2(aws, 'eu-west-1').vpcs(selector)).toEqual([{ VpcId: '1' }, { VpcId: '2' }]);
  expect(sent.map(([, input]) => input)).toEqual([{ Filters: [filter] }, { Filters: [filter], NextToken: 't' }]);
});

it('reads both DNS attributes of a VPC, which EC2 answers one at a time', async () => {
  const { aws } = awsThatSays({
    DescribeVpcAttribute: ({ Attribute }) =>
      Attribute === 'enableDnsSupport'
        ? { EnableDnsSupport: { Value: true } }
        : { EnableDnsHostnames: { Value: false } },
  });
  expect(await makeEc2(aws, 'eu-west-1').vpcHasDns('vpc-1')).toEqual({ support: true, hostnames: false });
});

it('names the region and the act in an error', async () => {
  const { aws } = awsThatSays({ DescribeSubnets: () => named('UnauthorizedOperation', 'not you') });
  await expect(makeEc2(aws, 'eu-west-1').subnets('vpc-1')).rejects.toMatchObject({
    code: 'access-denied',
    message: 'listing subnets in eu-west-1 failed',
    why: 'UnauthorizedOperation: not you',
  });
});

it('answers undefined for an EKS cluster or add-on that is not there', async () => {
  const missing = (): Error => named('ResourceNotFoundException');
  const { aws } = awsThatSays({ DescribeCluster: missing, DescribeAddon: missing, ListNodegroups: missing });
  const eks = makeEks(aws, 'eu-west-1');
  expect([await eks.cluster('x'), await eks.addon('x', 'y'), await eks.nodeGroups('x')]).toEqual([
    undefined,
    undefined,
    [],
  ]);
});

it('describes every node group, and leaves out one that goes meanwhile', async () => {
  const { aws } = awsThatSays({
    ListNodegroups: () => ({ nodegroups: ['a', 'b'] }),
    DescribeNodegroup: ({ nodegroupName }) =>
      nodegroupName === 'a' ? named('ResourceNotFoundException') : { nodegroup: { nodegroupName } },
  });
  expect(await makeEks(aws, 'eu-west-1').nodeGroups('x')).toEqual([{ nodegroupName: 'b' }]);
});

it('knows no access entries where the cluster only has aws-auth, and reads all pages where it has', async () => {
  const old = awsThatSays({
    ListAccessEntries: () => named('InvalidRequestException', 'authentication mode CONFIG_MAP'),
  });
  expect(await makeEks(old.aws, 'eu-west-1').accessEntries('x')).toBeUndefined();
  const { aws, sent } = awsThatSays({
    ListAccessEntries: (_, nth) => (nth === 0 ? { accessEntries: ['a'], nextToken: 't' } : { accessEntries: ['b'] }),
  });
  expect(await makeEks(aws, 'eu-west-1').accessEntries('x')).toEqual(['a', 'b']);
  expect(sent).toHaveLength(2);
});

it('finds no stack where there is none, or only a deleted one', async () => {
  const none = awsThatSays({ DescribeStacks: () => named('ValidationError', 'Stack with id x does not exist') });
  expect(await makeCloudFormation(none.aws, 'eu-west-1').stack('x')).toBeUndefined();
  const gone = awsThatSays({
    DescribeStacks: () => ({ Stacks: [{ StackName: 'x', StackStatus: 'DELETE_COMPLETE' }] }),
  });
  expect(await makeCloudFormation(gone.aws, 'eu-west-1').stack('x')).toBeUndefined();
  expect(await makeCloudFormation(gone.aws, 'eu-west-1').stacks()).toEqual([]);
});

it('reports why a stack failed, without what was only cancelled', async () => {
  const event = (LogicalResourceId: string, ResourceStatus: string, ResourceStatusReason?: string) => ({
    LogicalResourceId,
    ResourceStatus,
    ResourceStatusReason,
  });
  const StackEvents = [
    event('x', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed'),
    event('Policy', 'CREATE_FAILED', 'Resource creation cancelled'),
    event('Role', 'CREATE_FAILED'),
    event('ControlPlane', 'CREATE_FAILED', 'no capacity'),
    event('VPC', 'CREATE_COMPLETE'),
  ];
  const { aws } = awsThatSays({ DescribeStackEvents: () => ({ StackEvents }) });
  expect(await makeCloudFormation(aws, 'eu-west-1').failures('x')).toEqual([
    'Role: no reason given',
    'ControlPlane: no capacity',
  ]);
});

it('turns termination protection off before it deletes a stack, and is content when the stack is gone', async () => {
  const { aws, sent } = awsThatSays({ UpdateTerminationProtection: () => ({ StackId: '1' }), DeleteStack: () => ({}) });
  await makeCloudFormation(aws, 'eu-west-1').deleteStack('x');
  expect(sent).toEqual([
    ['UpdateTerminationProtection', { StackName: 'x', EnableTerminationProtection: false }],
    ['DeleteStack', { StackName: 'x' }],
  ]);
  const gone = awsThatSays({ UpdateTerminationProtection: () => named('ValidationError', 'Stack [x] does not exist') });
  await makeCloudFormation(gone.aws, 'eu-west-1').deleteStack('x');
  expect(gone.sent).toHaveLength(1);
});

it('asks for the tags of twenty load balancers at a time', async () => {
  const arns = Array.from({ length: 45 }, (_, index) => `arn-${index}`);
  const { aws, sent } = awsThatSays({
    DescribeLoadBalancers: () => ({
      LoadBalancers: arns.map((LoadBalancerArn) => ({ LoadBalancerArn, VpcId: 'vpc-1' })),
    }),
    DescribeTags: ({ ResourceArns }) => ({
      TagDescriptions: (ResourceArns as string[]).map((ResourceArn) => ({
        ResourceArn,
        Tags: [{ Key: 'k', Value: ResourceArn }],
      })),
    }),
  });
  const found = await loadBalancersOf(aws, ownRegion('eu-west-1'));
  expect(found.map(({ arn, tags }) => tags['k'] === arn)).toEqual(arns.map(() => true));
  expect(
    sent.filter(([name]) => name === 'DescribeTags').map(([, input]) => (input['ResourceArns'] as string[]).length),
  ).toEqual([20, 20, 5]);
});

it('asks for no tags when there is no load balancer', async () => {
  const { aws, sent } = awsThatSays({ DescribeLoadBalancers: () => ({}) });
  expect([await loadBalancersOf(aws, ownRegion('eu-west-1')), sent.length]).toEqual([[], 1]);
});

it('says who calls, and refuses an answer that does not', async () => {
  const arn = 'arn:aws-us-gov:iam::123456789012:user/me';
  const { aws } = awsThatSays({ GetCallerIdentity: () => ({ Account: '123456789012', Arn: arn }) });
  expect(await readCaller(aws, 'us-gov-west-1')).toEqual({ account: '123456789012', arn, partition: 'aws-us-gov' });
  const mute = awsThatSays({ GetCallerIdentity: () => ({}) });
  await expect(readCaller(mute.aws, 'eu-west-1')).rejects.toMatchObject({ code: 'aws-failed' });
});

it.each([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
])('host names of partition %s end in %s', (partition, suffix) => {
  expect(dnsSuffixOf(partition)).toBe(suffix);
});
