/** The networks of the simulated account and what is in them, as plain data. */

export interface VpcState {
  id: string;
  cidr: string;
  dnsSupport: boolean;
  dnsHostnames: boolean;
  /** The account that shares it with this one; this one itself when not given. */
  ownerId?: string;
  tags: Record<string, string>;
}

export interface SubnetState {
  id: string;
  vpcId: string;
  zone: string;
  zoneId: string;
  cidr: string;
  freeAddresses: number;
  mapPublicIp: boolean;
  outpostArn?: string;
  ipv6Native?: boolean;
  /** VPC Block Public Access, as DescribeSubnets shows it. */
  blockPublicAccess?: 'off' | 'block-bidirectional' | 'block-ingress';
  ownerId: string;
  tags: Record<string, string>;
}

export interface RouteTableState {
  id: string;
  vpcId: string;
  main: boolean;
  subnetIds: string[];
  routes: { destination: string; target: string; state: 'active' | 'blackhole' }[];
  tags?: Record<string, string>;
}

export interface InterfaceState {
  id: string;
  subnetId: string;
  vpcId: string;
  zone: string;
  description: string;
  publicIp?: string;
  privateIp: string;
  mac?: string;
  loadBalancer?: string;
  /** Attached to nothing. */
  free?: boolean;
  /** Ids of its security groups. */
  groups?: string[];
  tags?: Record<string, string>;
}

export interface SecurityGroupState {
  id: string;
  vpcId: string;
  name: string;
  tags: Record<string, string>;
  rules?: RuleState[];
}

/** What a security group lets in; it lets everything out. */
export interface RuleState {
  id: string;
  description: string;
  /** A CIDR, or the id of a security group. */
  source: string;
  /** TCP to this port; ICMP 3 and 4, by which a sender learns that its packets are too large; or all traffic. */
  port: number | 'icmp' | 'all';
}

/** A load balancer that the cloud controller made for a Service. */
export interface LoadBalancerState {
  name: string;
  arn: string;
  hostname: string;
  kind: 'network' | 'classic';
  scheme: 'internet-facing' | 'internal';
  vpcId: string;
  subnetIds: string[];
  /** Key of the API whose Service it serves. */
  api: string;
  service: string;
  createdAt: Moment;
  /** When its addresses exist and its name resolves. */
  activeAt: Moment;
  deletedAt?: Moment;
  tags: Record<string, string>;
}

/** Where a load balancer sends what comes to it; it stays when the load balancer alone is deleted. */
export interface TargetGroupState {
  name: string;
  arn: string;
  /** ARN of its load balancer. */
  balancer: string;
  tags: Record<string, string>;
  /** Ids of instances, each with the port there and since when it is a target. */
  targets?: { id: string; port: number; since: Moment }[];
  /** The interval in seconds. */
  healthCheck?: { interval: number; healthy: number; unhealthy: number };
}

/** Virtual time, in ms since the epoch. */
export type Moment = number;
