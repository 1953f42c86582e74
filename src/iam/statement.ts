/** An IAM policy as data, and the conditions that its statements share. */

import { fleetTag } from '../fleet/names.js';
import type { Facts } from '../model/facts.js';

/** By operator, then by key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** One statement of a policy; the names are IAM's own. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
}

export interface IamPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: Statement['Resource'],
  Condition?: Conditions,
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/** The thing that is changed carries one of these tags already. */
export function hasTag(key: string, values: readonly string[]): Conditions {
  return { StringEquals: { [`aws:ResourceTag/${key}`]: values } };
}

export function hasFleetTag(id: string): Conditions {
  return hasTag(fleetTag, [id]);
}

/** The request gives one of these tags. */
export function givesTag(key: string, values: readonly string[]): Conditions {
  return { StringEquals: { [`aws:RequestTag/${key}`]: values } };
}

/**
 * Only through a stack of CloudFormation. It changes and deletes only what it created, unless it imports something,
 * which needs a change set: no policy here allows one. (IAM User Guide, global condition keys, `aws:CalledVia`.)
 */
export const throughStacks: Conditions = {
  'ForAnyValue:StringEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] },
};

export function inRegions(regions: readonly string[]): Conditions {
  return { StringEquals: { 'aws:RequestedRegion': regions } };
}

/** All of these must hold. */
export function allConditions(one: Conditions, other: Conditions): Conditions {
  const operators = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(operators.map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}

export function regionsIn(clusters: readonly { readonly region: string }[]): readonly string[] {
  return [...new Set(clusters.map(({ region }) => region))];
}

/** `arn:<partition>:<service>:<region>:<account>:<rest>`; the region is empty for IAM. */
export function arnOf({ caller }: Facts, service: string, region: string, rest: string): string {
  return `arn:${caller.partition}:${service}:${region}:${caller.account}:${rest}`;
}
