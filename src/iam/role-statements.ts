/** The IAM roles that eksctl creates, with the AWS policies that it attaches to them, and nothing else. */

import type { FleetCluster } from '../fleet/fleet.js';
import type { Facts } from '../model/facts.js';
import { allConditions, allow, arnOf, type Conditions, type Statement, throughStacks } from './statement.js';

/** Characters of a role's name that CloudFormation leaves to the stack's name, whatever the role is called in it. */
const rolePrefixLength = 30;

export const driverPolicy = 'service-role/AmazonEBSCSIDriverPolicy';

/**
 * What eksctl 0.230.0 attaches for a ClusterConfig of the fleet: control plane (pkg/cfn/builder/iam.go, `addResourcesForServiceRole`),
 * managed nodes (iam_helper.go, `makeManagedPolicies`), vpc-cni (pkg/actions/addon/create.go, `setRecommendedPoliciesForIRSA`). It
 * writes no inline policy for any of them, so `iam:PutRolePolicy` is not needed.
 */
export const clusterPolicies: readonly string[] = [
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEKSClusterPolicy',
  'AmazonEKSVPCResourceController',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonSSMManagedInstanceCore',
];

/** `roles` are their ARNs, `policies` the names of what AWS calls managed policies, `boundary` the ARN without which none is made. */
export function roleStatements(
  facts: Facts,
  roles: readonly string[],
  policies: readonly string[],
  boundary: string | undefined,
): readonly Statement[] {
  const attached = policies.map((name) => `arn:${facts.caller.partition}:iam::aws:policy/${name}`);
  return [
    allow(
      'ReadRoles',
      ['iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListInstanceProfilesForRole', 'iam:ListRolePolicies'],
      anyRole(facts),
    ),
    ...(boundary === undefined
      ? []
      : [allow('NewRoles', ['iam:CreateRole'], roles, allConditions(throughStacks, boundBy(boundary)))]),
    allow(
      'Roles',
      [
        'iam:AttachRolePolicy',
        ...(boundary === undefined ? ['iam:CreateRole'] : []),
        'iam:DeleteRole',
        'iam:DetachRolePolicy',
        'iam:TagRole',
      ],
      roles,
      // Whatever attaches and detaches has the key; what makes and deletes roles does not.
      allConditions(throughStacks, { ArnEqualsIfExists: { 'iam:PolicyARN': attached } }),
    ),
    // Node groups too: EKS is who gets the role (Step Functions Developer Guide, IAM policies for EKS).
    allow('PassRoles', ['iam:PassRole'], roles, {
      StringEquals: { 'iam:PassedToService': ['eks.amazonaws.com'] },
    }),
  ];
}

/**
 * The inline policy by which the driver may use a customer's key. IAM has no condition for what is in one, nor for whom a role that
 * `Roles` makes trusts; the boundary of that role is all that limits both together.
 */
export function driverKey(role: string, boundary: string | undefined): readonly Statement[] {
  const bound = boundary === undefined ? {} : boundBy(boundary);
  return [allow('DriverKey', ['iam:DeleteRolePolicy', 'iam:PutRolePolicy'], role, allConditions(throughStacks, bound))];
}

/** Whichever of IAM's actions on a role asks for a boundary gets this key (Service Authorization Reference, IAM). */
export function boundBy(boundary: string): Conditions {
  return { ArnEquals: { 'iam:PermissionsBoundary': [boundary] } };
}

/** CloudFormation cuts the stack's name where a role's name would get longer than IAM's 64 characters. */
export function rolesOf(facts: Facts, { cluster }: FleetCluster): string {
  return roleArn(facts, `${`eksctl-${cluster}-`.slice(0, rolePrefixLength)}*`);
}

/** eksctl's minimum policy wants this prefix too (eksctl, minimum-iam-policies.md). */
function anyRole(facts: Facts): string {
  return roleArn(facts, 'eksctl-*');
}

export function roleArn(facts: Facts, name: string): string {
  return arnOf(facts, 'iam', '', `role/${name}`);
}
