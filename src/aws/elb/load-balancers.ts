/** The load balancers of a region and their target groups, with tags; and their deletion: Elastic Load Balancing v2. */
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type LoadBalancer as SdkLoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOf, answerOrMissing } from '../call.js';
import { allPages } from '../pages.js';
import type { Tags } from '../tags.js';
import { elbTags } from './elb-tags.js';

/** The fields of a load balancer that the search for leftovers needs. */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  /** `network`, `application` or `gateway`. */
  readonly type: string;
  readonly vpcId: string;
  readonly createdAt: Date | undefined;
  readonly tags: Tags;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
}

/** All load balancers of a region with their tags. */
export async function loadBalancersOf(aws: AwsClients, place: AwsPlace): Promise<readonly LoadBalancer[]> {
  const found = await allBalancers(aws, place);
  const tags = await elbTags(
    aws,
    place,
    found.flatMap((each) => each.LoadBalancerArn ?? []),
  );
  return found.map((each) => ({
    arn: each.LoadBalancerArn ?? '',
    name: each.LoadBalancerName ?? '',
    type: each.Type ?? '',
    vpcId: each.VpcId ?? '',
    createdAt: each.CreatedTime,
    tags: tags.get(each.LoadBalancerArn ?? '') ?? {},
  }));
}

/** All target groups of a region; the cloud controller copies the tags of their load balancer to them. */
export async function targetGroupsOf(aws: AwsClients, place: AwsPlace): Promise<readonly TargetGroup[]> {
  const found = await allPages(async (Marker) => {
    const command = new DescribeTargetGroupsCommand({ Marker });
    const page = await answerOf(`listing target groups in ${placeName(place)}`, aws.elbv2(place).send(command));
    return { items: page.TargetGroups ?? [], next: page.NextMarker };
  });
  const arns = found.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []);
  const tags = await elbTags(aws, place, arns);
  return found.map(({ TargetGroupArn: arn = '', TargetGroupName: name = '' }) => ({
    arn,
    name,
    tags: tags.get(arn) ?? {},
  }));
}

/** The hosted zone that AWS has for a load balancer's name: where an alias of it points (Route 53 API Reference, AliasTarget). */
export async function balancerZone(aws: AwsClients, place: AwsPlace, name: string): Promise<string | undefined> {
  const sent = aws.elbv2(place).send(new DescribeLoadBalancersCommand({ Names: [name] }));
  const { LoadBalancers } = await answerOf(`reading load balancer ${name} in ${placeName(place)}`, sent);
  return LoadBalancers?.[0]?.CanonicalHostedZoneId;
}

/** The tags of a load balancer; none where it is gone. */
export async function tagsOfBalancer(aws: AwsClients, place: AwsPlace, name: string): Promise<Tags> {
  const sent = aws.elbv2(place).send(new DescribeLoadBalancersCommand({ Names: [name] }));
  const missing = (error: string): boolean => /^LoadBalancerNotFound(Exception)?$/.test(error);
  const found = await answerOrMissing(`reading load balancer ${name} in ${placeName(place)}`, missing, sent);
  const arn = found?.LoadBalancers?.[0]?.LoadBalancerArn;
  return arn === undefined ? {} : ((await elbTags(aws, place, [arn])).get(arn) ?? {});
}

/** The number of Network Load Balancers in a region. */
export async function networkLoadBalancers(aws: AwsClients, place: AwsPlace): Promise<number> {
  return (await allBalancers(aws, place)).filter(({ Type }) => Type === 'network').length;
}

/** Starts the deletion, listeners included; succeeds if there is none (ELBv2 API, DeleteLoadBalancer). */
export async function deleteLoadBalancer(aws: AwsClients, place: AwsPlace, arn: string): Promise<void> {
  const command = new DeleteLoadBalancerCommand({ LoadBalancerArn: arn });
  const missing = (name: string): boolean => /^LoadBalancerNotFound(Exception)?$/.test(name);
  await answerOrMissing(`deleting load balancer ${arn}`, missing, aws.elbv2(place).send(command));
}

/** @throws Problem `aws-failed` caused by `ResourceInUseException` while a listener uses it */
export async function deleteTargetGroup(aws: AwsClients, place: AwsPlace, arn: string): Promise<void> {
  const command = new DeleteTargetGroupCommand({ TargetGroupArn: arn });
  const missing = (name: string): boolean => /^TargetGroupNotFound(Exception)?$/.test(name);
  await answerOrMissing(`deleting target group ${arn}`, missing, aws.elbv2(place).send(command));
}

function allBalancers(aws: AwsClients, place: AwsPlace): Promise<readonly SdkLoadBalancer[]> {
  return allPages(async (Marker) => {
    const command = new DescribeLoadBalancersCommand({ Marker });
    const page = await answerOf(`listing load balancers in ${placeName(place)}`, aws.elbv2(place).send(command));
    return { items: page.LoadBalancers ?? [], next: page.NextMarker };
  });
}
