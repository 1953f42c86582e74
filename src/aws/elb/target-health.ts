/** The targets behind a load balancer, as its health checks see them: Elastic Load Balancing v2. */
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsClients } from '../../world/aws.js';
import { type AwsPlace, placeName } from '../../world/place.js';
import { answerOf } from '../call.js';

export interface TargetState {
  /** Of an instance. */
  readonly id: string;
  /** `initial` while it is registered and checked for the first time, then `healthy`, `unhealthy` … (ELB, target health). */
  readonly state: string;
}

/** All targets of a load balancer, which has fewer target groups than come in one page. */
export async function targetsOf(aws: AwsClients, place: AwsPlace, name: string): Promise<readonly TargetState[]> {
  const client = aws.elbv2(place);
  const what = `reading the targets of load balancer ${name} in ${placeName(place)}`;
  const { LoadBalancers } = await answerOf(what, client.send(new DescribeLoadBalancersCommand({ Names: [name] })));
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
  const { TargetGroups = [] } = await answerOf(what, client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn })));
  const found = await Promise.all(
    TargetGroups.map(({ TargetGroupArn }) =>
      answerOf(what, client.send(new DescribeTargetHealthCommand({ TargetGroupArn }))),
    ),
  );
  return found.flatMap(({ TargetHealthDescriptions = [] }) =>
    TargetHealthDescriptions.map(({ Target, TargetHealth }) => ({
      id: Target?.Id ?? '',
      state: TargetHealth?.State ?? '',
    })),
  );
}
