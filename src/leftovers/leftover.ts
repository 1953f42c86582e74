/** A leftover of a fleet: one resource of one kind, with its cost. */

/** All kinds, in the order in which they are listed. */
export const leftoverKinds = [
  'EKS cluster',
  'CloudFormation stack',
  'load balancer',
  'target group',
  'volume',
  'network interface',
  'security group',
  'security group rule',
  'log group',
  'IAM role',
  'OIDC provider',
  'VPC',
] as const;

export type LeftoverKind = (typeof leftoverKinds)[number];

/** Something that is still there. */
export interface Leftover extends FoundThing {
  /** Undefined: the fleet's own. */
  readonly account: AccountRole | undefined;
}

/** The same, as it is found in one account. */
export interface FoundThing {
  readonly kind: LeftoverKind;
  /** By which AWS deletes it: an id, an ARN, or its name. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** `global` for what IAM has. */
  readonly region: string;
  readonly detail: string;
  /**
   * `users`: a volume with data of the cluster's users; `held`: the fleet's VPC while something of others is in it. Only what is `ours` is
   * deleted with the rest.
   */
  readonly whose: 'ours' | 'perhaps' | 'users' | 'held';
  /** e.g. `this fleet (tag and record)`. */
  readonly evidence: string;
  /** USD; undefined: its price is not in the table. */
  readonly usdPerHour: number | undefined;
  /** Of a rule: its security group. Of a stack: its cluster. */
  readonly within?: string;
}

import type { AccountRole } from '../world/place.js';
