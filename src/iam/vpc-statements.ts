/** What CloudFormation needs to make and delete the VPC of a fleet, with the caller's permissions. */
import type { Fleet } from '../fleet/fleet.js';
import { fleetTag } from '../fleet/names.js';
import { ownVpcStack } from '../fleet/settings/own-vpc.js';
import type { Facts } from '../model/facts.js';
import {
  allConditions,
  allow,
  arnOf,
  givesTag,
  hasFleetTag,
  inRegions,
  type Statement,
  throughStacks,
} from './statement.js';

/**
 * The stack by its name and the fleet's tag; what it makes through CloudFormation alone, which deletes only what it made. What is deleted
 * carries the fleet's tag besides, which CloudFormation puts on it; what is made may get its tags only afterwards (Service Authorization
 * Reference, Amazon EC2: `aws:ResourceTag` is known to all of these actions on what exists).
 */
export function vpcStatements(fleet: Fleet, facts: Facts): readonly Statement[] {
  const { id, name, parent } = fleet;
  const stack = arnOf(facts, 'cloudformation', parent.region, `stack/${ownVpcStack(name)}/*`);
  const tag = givesTag(fleetTag, [id]);
  const onCreation = { StringEquals: { 'cloudformation:CreateAction': ['CreateStack'] } };
  const inRegion = allConditions(throughStacks, inRegions([parent.region]));
  return [
    allow('NewVpcStack', ['cloudformation:CreateStack'], stack, tag),
    allow('NewVpcStackTags', ['cloudformation:TagResource'], stack, allConditions(tag, onCreation)),
    allow('VpcStack', ['cloudformation:DeleteStack'], stack, hasFleetTag(id)),
    allow(
      'NewVpc',
      [
        'ec2:AllocateAddress',
        'ec2:AssociateRouteTable',
        'ec2:AttachInternetGateway',
        'ec2:CreateInternetGateway',
        'ec2:CreateNatGateway',
        'ec2:CreateRoute',
        'ec2:CreateRouteTable',
        'ec2:CreateSubnet',
        'ec2:CreateTags',
        'ec2:CreateVpc',
        'ec2:ModifySubnetAttribute',
        'ec2:ModifyVpcAttribute',
      ],
      '*',
      inRegion,
    ),
    allow(
      'Vpc',
      [
        'ec2:DeleteInternetGateway',
        'ec2:DeleteNatGateway',
        'ec2:DeleteRoute',
        'ec2:DeleteRouteTable',
        'ec2:DeleteSubnet',
        'ec2:DeleteVpc',
        'ec2:DetachInternetGateway',
        'ec2:DisassociateRouteTable',
        'ec2:ReleaseAddress',
      ],
      '*',
      allConditions(inRegion, hasFleetTag(id)),
    ),
  ];
}
