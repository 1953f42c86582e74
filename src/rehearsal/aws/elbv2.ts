/** The simulated Elastic Load Balancing v2: the load balancers that cloud controllers make, with their target groups. */
import type * as ELB from '@aws-sdk/client-elastic-load-balancing-v2';
import { never } from '../durations.js';
import { mapAt } from '../json.js';
import { findObject } from '../kube/api-server/store.js';
import { componentReady } from '../kube/controllers/control-plane.js';
import { initialMs } from '../kube/controllers/load-balancers/balancer-parts.js';
import type { LoadBalancerState, TargetGroupState } from '../state.js';
import { type AwsCall, AwsError, listing, operation, type Service, tagList } from './answer.js';

export const elbv2: Service = {
  DescribeLoadBalancersCommand: operation((input: ELB.DescribeLoadBalancersCommandInput, call) => {
    const known = present(call);
    const wanted = [...(input.LoadBalancerArns ?? []), ...(input.Names ?? [])];
    const asked = wanted.length === 0 ? known : wanted.map((id) => find(known, id));
    return listing(
      'LoadBalancers',
      asked.map((lb) => show(lb, call)),
      input.Marker,
      'NextMarker',
    );
  }),

  DescribeTargetGroupsCommand: operation((input: ELB.DescribeTargetGroupsCommandInput, { region }) => {
    const { LoadBalancerArn: asked } = input;
    const found = (region.targetGroups ?? []).filter(({ balancer }) => asked === undefined || balancer === asked);
    return listing('TargetGroups', found.map(showTargetGroup), input.Marker, 'NextMarker');
  }),

  DescribeTargetHealthCommand: operation((input: ELB.DescribeTargetHealthCommandInput, call) => {
    const { targets = [], balancer } = findTargetGroup(call, input.TargetGroupArn ?? '');
    const served = call.region.loadBalancers.find(({ arn }) => arn === balancer);
    const answers = served !== undefined && listensBehind(call, served);
    const health = ({ since }: (typeof targets)[number]) => {
      if (since + initialMs > call.simulation.now()) return { State: 'initial', Reason: 'Elb.InitialHealthChecking' };
      return answers ? { State: 'healthy' } : { State: 'unhealthy', Reason: 'Target.FailedHealthChecks' };
    };
    const show = (target: (typeof targets)[number]) => ({
      Target: { Id: target.id, Port: target.port },
      TargetHealth: health(target),
    });
    return { TargetHealthDescriptions: targets.map(show) };
  }),

  DescribeTagsCommand: operation((input: ELB.DescribeTagsCommandInput, call) => {
    const known = present(call);
    const found = (input.ResourceArns ?? []).map((arn) =>
      arn.includes(':targetgroup/') ? findTargetGroup(call, arn) : find(known, arn),
    );
    return { TagDescriptions: found.map(({ arn, tags }) => ({ ResourceArn: arn, Tags: tagList(tags) })) };
  }),

  /** Deleting what is not there succeeds. */
  DeleteLoadBalancerCommand: operation((input: ELB.DeleteLoadBalancerCommandInput, call) => {
    const found = present(call).find(({ arn }) => arn === input.LoadBalancerArn);
    if (found !== undefined) found.deletedAt = call.simulation.now();
    return {};
  }),

  DeleteTargetGroupCommand: operation((input: ELB.DeleteTargetGroupCommandInput, call) => {
    const { arn, balancer } = findTargetGroup(call, input.TargetGroupArn ?? '');
    if (present(call).some((lb) => lb.arn === balancer)) {
      const text = `Target group '${arn}' is currently in use by a listener or a rule`;
      throw new AwsError('ResourceInUseException', text);
    }
    call.region.targetGroups = (call.region.targetGroups ?? []).filter((group) => group.arn !== arn);
    return {};
  }),
};

/** Nothing listens at a node port before a pod behind its Service is ready: kube-proxy refuses. */
function listensBehind({ simulation }: AwsCall, { api: key, service }: LoadBalancerState): boolean {
  const api = simulation.state.apis[key];
  const [namespace = '', name = ''] = service.split('/');
  const found = api && findObject(api, 'services', namespace, name);
  const { app } = mapAt(found, 'spec', 'selector');
  return app !== undefined && componentReady(api, app);
}

function showTargetGroup({ arn, name, balancer, healthCheck }: TargetGroupState) {
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    LoadBalancerArns: [balancer],
    HealthCheckProtocol: 'TCP',
    HealthCheckIntervalSeconds: healthCheck?.interval,
    HealthyThresholdCount: healthCheck?.healthy,
    UnhealthyThresholdCount: healthCheck?.unhealthy,
  };
}

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

function findTargetGroup({ region }: AwsCall, arn: string): TargetGroupState {
  const found = region.targetGroups?.find((group) => group.arn === arn);
  if (found === undefined) throw new AwsError('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
  return found;
}

/** Every region has one for Network Load Balancers (General Reference, Elastic Load Balancing endpoints). */
const balancerZone = 'ZREHEARSEDNLB';

function show(lb: LoadBalancerState, { simulation }: AwsCall) {
  return {
    LoadBalancerArn: lb.arn,
    LoadBalancerName: lb.name,
    DNSName: lb.hostname,
    CanonicalHostedZoneId: balancerZone,
    Scheme: lb.scheme,
    Type: lb.kind,
    VpcId: lb.vpcId,
    CreatedTime: new Date(lb.createdAt),
    State: { Code: lb.activeAt <= simulation.now() ? 'active' : 'provisioning' },
    AvailabilityZones: lb.subnetIds.map((SubnetId) => ({ SubnetId })),
  };
}
