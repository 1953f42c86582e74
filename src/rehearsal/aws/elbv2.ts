/** The simulated Elastic Load Balancing v2: the load balancers that cloud controllers make. */
import type {
  DescribeLoadBalancersCommandInput,
  DescribeTagsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { never } from '../durations.js';
import type { LoadBalancerState } from '../state.js';
import { type AwsCall, AwsError, operation, page, type Service, tagList } from './answer.js';

export const elbv2: Service = {
  DescribeLoadBalancersCommand: operation((input: DescribeLoadBalancersCommandInput, call) => {
    const known = present(call);
    const wanted = [...(input.LoadBalancerArns ?? []), ...(input.Names ?? [])];
    const asked = wanted.length === 0 ? known : wanted.map((id) => find(known, id));
    const { items, next } = page(asked, input.Marker);
    return { LoadBalancers: items.map((lb) => show(lb, call)), NextMarker: next };
  }),

  DescribeTagsCommand: operation((input: DescribeTagsCommandInput, call) => {
    const known = present(call);
    const found = (input.ResourceArns ?? []).map((arn) => find(known, arn));
    return { TagDescriptions: found.map((lb) => ({ ResourceArn: lb.arn, Tags: tagList(lb.tags) })) };
  }),
};

/** Classic ones belong to the older service and are not shown here. */
function present({ region, simulation }: AwsCall): readonly LoadBalancerState[] {
  const now = simulation.now();
  return region.loadBalancers.filter((lb) => lb.kind === 'network' && (lb.deletedAt ?? never) > now);
}

function find(known: readonly LoadBalancerState[], id: string): LoadBalancerState {
  const lb = known.find((candidate) => candidate.arn === id || candidate.name === id);
  if (lb === undefined) {
    const what = id.startsWith('arn:') ? `Load balancer '${id}'` : `Load balancers '[${id}]'`;
    throw new AwsError('LoadBalancerNotFoundException', `${what} not found`);
  }
  return lb;
}

function show(lb: LoadBalancerState, { simulation }: AwsCall) {
  return {
    LoadBalancerArn: lb.arn,
    LoadBalancerName: lb.name,
    DNSName: lb.hostname,
    Scheme: lb.scheme,
    Type: lb.kind,
    VpcId: lb.vpcId,
    CreatedTime: new Date(lb.createdAt),
    State: { Code: lb.activeAt <= simulation.now() ? 'active' : 'provisioning' },
    AvailabilityZones: lb.subnetIds.map((SubnetId) => ({ SubnetId })),
  };
}
