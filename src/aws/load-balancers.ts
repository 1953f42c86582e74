/** The load balancers of a region with their tags: Elastic Load Balancing v2. */
import { DescribeLoadBalancersCommand, DescribeTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../world/aws.js';
import { answerOf } from './call.js';
import { allPages } from './pages.js';

/** A load balancer as far as the sweep needs it. */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly vpcId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** ELBv2 answers the tags of at most 20 load balancers a call. */
const tagsPerCall = 20;

/** All load balancers of a region with their tags. */
export async function loadBalancersOf(aws: AwsClients, region: string): Promise<readonly LoadBalancer[]> {
  const client = aws.elbv2(region);
  const found = await allPages(async (Marker) => {
    const command = new DescribeLoadBalancersCommand(Marker === undefined ? {} : { Marker });
    const page = await answerOf(`listing load balancers in ${region}`, client.send(command));
    return { items: page.LoadBalancers ?? [], next: page.NextMarker };
  });
  const tags = new Map<string, Readonly<Record<string, string>>>();
  const arns = found.flatMap((each) => each.LoadBalancerArn ?? []);
  for (let from = 0; from < arns.length; from += tagsPerCall) {
    const command = new DescribeTagsCommand({ ResourceArns: arns.slice(from, from + tagsPerCall) });
    const answer = await answerOf(`reading the tags of load balancers in ${region}`, client.send(command));
    for (const { ResourceArn, Tags } of answer.TagDescriptions ?? []) {
      const pairs = (Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''] as const);
      if (ResourceArn !== undefined) tags.set(ResourceArn, Object.fromEntries(pairs));
    }
  }
  return found.map((each) => ({
    arn: each.LoadBalancerArn ?? '',
    name: each.LoadBalancerName ?? '',
    vpcId: each.VpcId ?? '',
    tags: tags.get(each.LoadBalancerArn ?? '') ?? {},
  }));
}

/** How many Network Load Balancers a region has. */
export async function networkLoadBalancers(aws: AwsClients, region: string): Promise<number> {
  const found = await allPages(async (Marker) => {
    const command = new DescribeLoadBalancersCommand(Marker === undefined ? {} : { Marker });
    const page = await answerOf(`listing load balancers in ${region}`, aws.elbv2(region).send(command));
    return { items: page.LoadBalancers ?? [], next: page.NextMarker };
  });
  return found.filter(({ Type }) => Type === 'network').length;
}
