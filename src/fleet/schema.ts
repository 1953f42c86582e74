/** What a user may say about a fleet, whether by flag, environment, file or prompt: one schema for all of them. */
import { z } from 'zod';
import { fleetIdPattern, fleetNamePattern, memberNamePattern, notImpersonator } from './names.js';

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'a CIDR like 203.0.113.7/32 is expected' });
/** The endpoint of a cluster with IPv4 takes no other (EKS API, VpcConfigRequest.publicAccessCidrs). */
const publicCidr = z.cidrv4({ error: 'an IPv4 CIDR like 203.0.113.7/32 is expected' });
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, 'a region like eu-west-1 is expected');
const vpc = z
  .string()
  .regex(/^[\w*][\w .*+=@:/-]{0,254}$/, 'a VPC id like vpc-0abc… or the value of its Name tag is expected');
const arn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/, 'the ARN of an IAM user or role is expected');
const memberName = z
  .string('each member needs a name')
  .regex(memberNamePattern, 'a name of at most 48 lower-case letters, digits and inner dashes is expected')
  .regex(notImpersonator, 'a name is expected that does not end in -impersonator, as Secrets of Karmada do');

const yesOrNo = 'true or false is expected';

/** One member; what is left out is taken from the fleet. */
const memberSchema = z
  .strictObject({
    name: memberName.describe('Name in Karmada: at most 48 lower-case letters, digits and inner dashes'),
    cluster: z
      .string()
      .regex(/^[0-9A-Za-z][\w-]{0,99}$/, 'the name of an EKS cluster is expected')
      .optional()
      .describe('Name in EKS; the member’s name when left out'),
    region: region.optional().describe('The parent’s when left out'),
    vpc: vpc.optional().describe('Id or Name tag; the parent’s when left out'),
    mode: z
      .enum(['push', 'pull'], 'push or pull is expected')
      .optional()
      .describe('push (when left out): Karmada reaches the member; pull: an agent in the member reaches Karmada'),
    existing: z
      .boolean(yesOrNo)
      .optional()
      .describe('The EKS cluster was there before: it is used as it is, and left standing'),
    context: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('Instead of cluster, region and vpc: a context of your kubeconfig, for a cluster that is not in EKS'),
    sources: z
      .array(cidr)
      .max(20)
      .optional()
      .describe('CIDRs from which the agent of a pull member calls; the NAT gateways of its VPC when left out'),
  })
  .refine(standsAlone, { error: 'a context stands alone: without cluster, region, vpc and existing' });

function standsAlone({ context, cluster, region, vpc, existing }: Readonly<Record<string, unknown>>): boolean {
  return context === undefined || [cluster, region, vpc, existing].every((part) => part === undefined);
}

/** The configuration file, and what flags and environment variables are turned into. The descriptions are shown in both. */
export const requestSchema = z.strictObject({
  fleet: z
    .string()
    .regex(fleetNamePattern, 'a name of at most 30 lower-case letters, digits and inner dashes is expected')
    .optional()
    .describe('Name of the fleet: at most 30 lower-case letters, digits and inner dashes; begins with a letter'),
  id: z
    .string()
    .regex(fleetIdPattern, 'a fleet id as status shows it is expected')
    .optional()
    .describe('Kept by karmada-eks itself: the id that tells the fleet from others of its name'),
  region: region.optional().describe('Region of the parent'),
  vpc: vpc.optional().describe('VPC of the parent: its id or its Name tag, where * stands for any text'),
  /** How many, or which. */
  members: z
    .union([z.int().min(0).max(100), z.array(memberSchema).max(100)], {
      error: 'a number from 0 to 100 or a list of members is expected',
    })
    .optional()
    .describe('How many members, all alike, or a list of them with name, region, vpc, mode and cluster'),
  former: z
    .array(memberSchema)
    .max(100)
    .optional()
    .describe('Kept by karmada-eks itself: members that are no longer asked for, but still there'),
  nodes: z
    .int('a whole number is expected')
    .min(3, 'at least 3 nodes are expected, one for each Karmada API server')
    .max(100)
    .optional()
    .describe('Nodes of each cluster, 3 to 100'),
  instanceType: z
    .string()
    .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'an instance type like m5.large is expected')
    .optional()
    .describe('Instance type of the nodes'),
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d{2}$/, 'a version like 1.35 is expected')
    .optional()
    .describe("Kubernetes version in quotes, like '1.35'; the newest in standard support when left out"),
  karmadaVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version like 1.18.2 is expected')
    .optional()
    .describe('Karmada version that kubectl-karmada must have'),
  crds: z.string().min(1).optional().describe('Local archive of Karmada’s CRDs, relative to the working directory'),
  allow: z
    .array(cidr)
    .optional()
    .describe(
      'CIDRs that may reach the Karmada API (when empty: this machine, or the VPC when internal); pull members always may',
    ),
  internal: z
    .boolean(yesOrNo)
    .optional()
    .describe('Make the Karmada API’s load balancer internal: reached from inside of its VPC, by peering or by VPN'),
  publicAccess: z
    .array(publicCidr)
    .optional()
    .describe(
      'IPv4 CIDRs that may reach the public endpoints of new EKS clusters, beside their nodes and Karmada (everyone when left out)',
    ),
  admins: z
    .array(arn)
    .optional()
    .describe('ARNs of IAM users and roles that become administrators of the clusters too'),
  useExisting: z.boolean(yesOrNo).optional().describe('Use clusters that exist and do not belong to the fleet'),
  revision: z.int().min(1).optional().describe('Kept by karmada-eks itself: counts the changes of this description'),
});

/** What the user said so far; every part may be missing. */
export type FleetRequest = z.infer<typeof requestSchema>;
export type MemberRequest = z.infer<typeof memberSchema>;
