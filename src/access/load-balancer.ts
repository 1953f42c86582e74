/** The current load balancer of the Karmada API: its name from the Service, its addresses from EC2. */

import { type Caller, dnsSuffixOf } from '../aws/sts.js';
import type { Clients } from '../clients/clients.js';
import { karmadaNamespace } from '../fleet/names.js';
import { type ApiAccess, accessIn } from '../model/api-access.js';
import type { KubeAccess } from '../tools/kubectl/commands.js';
import { type KubeService, service } from '../tools/kubectl/objects.js';
import type { Call } from '../tools/run.js';
import { ownRegion } from '../world/place.js';

/** The Service that has the cloud controller make the load balancer; the AWS guidance names it so. */
export const loadBalancerService = {
  kind: 'services',
  name: 'karmada-service-loadbalancer',
  namespace: karmadaNamespace,
} as const;

/** On that Service: the name of the user's under which the API is reached. */
export const publishedAnnotation = 'karmada-eks/api-name';

/** A load balancer that has a name; it is usable once it has addresses. */
export interface ApiLoadBalancer {
  readonly hostname: string;
  /** Public addresses, or private ones of an internal load balancer; one a zone, none while it is being made. */
  readonly addresses: readonly string[];
  readonly sourceRanges: readonly string[];
  /** Where the nodes take what comes through it. */
  readonly nodePorts: readonly number[];
  /** The name of the user's that was last seen to lead to it. */
  readonly published: string | undefined;
  /** The source ranges, by whom they are there for. */
  readonly access: ApiAccess;
}

/**
 * Reads the load balancer without resolving its name: a lookup that is too early is cached as "no such host" for ten
 * minutes and more (cluster-api-provider-aws 5032).
 */
export async function findLoadBalancer(
  clients: Clients,
  parent: KubeAccess,
  region: string,
  call: Call,
): Promise<ApiLoadBalancer | undefined> {
  const found = await clients.kubectl.get(parent, loadBalancerService, service, call);
  const hostname = hostnameOf(found);
  if (found === undefined || hostname === undefined) return undefined;
  const internal = isInternal(found);
  const interfaces = await clients.ec2(ownRegion(region)).loadBalancerInterfaces(loadBalancerName(hostname));
  return {
    hostname,
    addresses: interfaces
      .flatMap(({ Association, PrivateIpAddress }) => (internal ? PrivateIpAddress : Association?.PublicIp) ?? [])
      .sort(),
    sourceRanges: found.spec.loadBalancerSourceRanges ?? [],
    nodePorts: found.spec.ports?.flatMap(({ nodePort }) => nodePort ?? []) ?? [],
    published: found.metadata.annotations?.[publishedAnnotation],
    access: accessIn(found),
  };
}

/** The name of an annotation that the controllers of load balancers read. */
export function annotation(name: string): string {
  return `service.beta.kubernetes.io/aws-load-balancer-${name}`;
}

/** What the Service says: an interface without a public address may just not have it yet. */
export function isInternal({ metadata }: KubeService): boolean {
  return metadata.annotations?.[annotation('internal')] === 'true';
}

export function hostnameOf(found: KubeService | undefined): string | undefined {
  return found?.status?.loadBalancer?.ingress?.[0]?.hostname;
}

/** `<name>-<hash>.elb.<region>.amazonaws.com` → `<name>`. */
export function loadBalancerName(hostname: string): string {
  const label = hostname.split('.')[0] ?? '';
  return label.slice(0, label.lastIndexOf('-'));
}

/** The wildcard that every load balancer's name of a region matches; it goes into the API server's certificate. */
export function loadBalancerNames({ caller }: { readonly caller: Caller }, region: string): string {
  return `*.elb.${region}.${dnsSuffixOf(caller.partition)}`;
}
