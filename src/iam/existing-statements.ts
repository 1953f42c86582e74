/** What is added to clusters that existed before the fleet: a parent's driver, and access. */

import { ebsAddon } from '../fleet/ebs-driver.js';
import type { Fleet, FleetCluster } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import type { Facts } from '../model/facts.js';
import { clusterArn, newStacks, oidcTag, partArn, stackArn } from './cluster-statements.js';
import { allConditions, allow, givesTag, hasFleetTag, type Statement, throughStacks } from './statement.js';

export function driverStatements(fleet: Fleet, facts: Facts, parent: FleetCluster): readonly Statement[] {
  const stack = 'addon-iamserviceaccount-kube-system-ebs-csi-controller-sa';
  const cluster = clusterArn(facts, parent);
  const addon = partArn(facts, parent, 'addon', ebsAddon);
  const tagKeys = Object.keys(fleet.tags);
  return [
    allow('ExistingParent', ['eks:CreateAddon'], cluster),
    allow('ExistingParentTag', ['eks:TagResource'], cluster, {
      'ForAllValues:StringEquals': { 'aws:TagKeys': [oidcTag] },
    }),
    allow('Driver', ['eks:DeleteAddon'], addon),
    ...(tagKeys.length === 0
      ? []
      : [allow('DriverTags', ['eks:TagResource'], addon, { 'ForAllValues:StringEquals': { 'aws:TagKeys': tagKeys } })]),
    allow(
      'DriverStack',
      ['cloudformation:DeleteStack', 'cloudformation:UpdateTerminationProtection'],
      stackArn(facts, parent, stack),
      hasFleetTag(fleet.id),
    ),
    ...newStacks(fleet, facts, [parent], stack, 'Driver'),
  ];
}

/** Access for the administrators that the plan names, and for nobody else. */
export function adminStatements(fleet: Fleet, facts: Facts, clusters: readonly FleetCluster[]): readonly Statement[] {
  if (fleet.admins.length === 0 || clusters.length === 0) return [];
  const entries = clusters.map((each) => partArn(facts, each, 'access-entry'));
  const arns = clusters.map((each) => clusterArn(facts, each));
  return [
    allow(
      'Admins',
      ['eks:AssociateAccessPolicy', 'eks:CreateAccessEntry', 'eks:DeleteAccessEntry'],
      [...arns, ...entries],
      { ArnEquals: { 'eks:principalArn': fleet.admins } },
    ),
    allow('AdminTags', ['eks:TagResource'], entries, allConditions(throughStacks, givesTag(fleetTag, [fleet.id]))),
    ...newStacks(fleet, facts, clusters, 'accessentry-*', 'Admin'),
  ];
}
