/** The simulated CloudFormation. */
import type * as CFN from '@aws-sdk/client-cloudformation';
import { Problem } from '../../errors/problem.js';
import { createNetworkStack, deleteStack } from '../account/stacks.js';
import type { StackState } from '../state.js';
import { type AwsCall, AwsError, listing, operation, type Service, tagList } from './answer.js';

export const cloudformation: Service = {
  DescribeStacksCommand: operation((input: CFN.DescribeStacksCommandInput, call) => {
    if (input.StackName !== undefined) return { Stacks: [show(find(call, input.StackName))] };
    const present = call.region.stacks.filter((stack) => stack.status !== 'DELETE_COMPLETE');
    return listing('Stacks', present.map(show), input.NextToken);
  }),

  DescribeStackEventsCommand: operation((input: CFN.DescribeStackEventsCommandInput, call) => {
    const stack = find(call, input.StackName ?? '');
    const shown = stack.events.toReversed().map((event) => ({
      StackId: stack.id,
      StackName: stack.name,
      EventId: `${event.resource}-${event.status}-${event.at}`,
      LogicalResourceId: event.resource,
      ResourceType: event.type,
      ResourceStatus: event.status,
      ...(event.reason === '' ? {} : { ResourceStatusReason: event.reason }),
      Timestamp: new Date(event.at),
    }));
    return listing('StackEvents', shown, input.NextToken);
  }),

  /** Of templates those of networks are modelled; the same token begins no second stack. */
  CreateStackCommand: operation((input: CFN.CreateStackCommandInput, { simulation, regionName, region }) => {
    const { StackName: name = '', TemplateBody: template = '', Tags = [], ...others } = input;
    const unknown = Object.keys(others).filter((key) => key !== 'ClientRequestToken');
    if (unknown.length > 0) {
      throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not know CreateStack with ${unknown}` });
    }
    if (region.stacks.some((stack) => stack.name === name && stack.status !== 'DELETE_COMPLETE'))
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    return { StackId: createNetworkStack(simulation, regionName, { name, tags, template }).id };
  }),

  UpdateTerminationProtectionCommand: operation((input: CFN.UpdateTerminationProtectionCommandInput, call) => {
    const stack = find(call, input.StackName ?? '');
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    return { StackId: stack.id };
  }),

  /** Deleting what is not there succeeds, as with AWS. */
  DeleteStackCommand: operation((input: CFN.DeleteStackCommandInput, call) => {
    const stack = lookUp(call, input.StackName ?? '');
    if (stack === undefined || stack.status === 'DELETE_COMPLETE') return {};
    if (stack.terminationProtection) {
      throw new AwsError(
        'ValidationError',
        `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
      );
    }
    deleteStack(call.simulation, call.regionName, stack);
    return {};
  }),
};

/** By id also a deleted stack, by name only one that is still there. */
function lookUp({ region }: AwsCall, nameOrId: string): StackState | undefined {
  return region.stacks.find(
    (stack) => stack.id === nameOrId || (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE'),
  );
}

function find(call: AwsCall, nameOrId: string): StackState {
  const stack = lookUp(call, nameOrId);
  if (stack === undefined) throw new AwsError('ValidationError', `Stack with id ${nameOrId} does not exist`);
  return stack;
}

function show(stack: StackState) {
  const last = stack.events.findLast((event) => event.type === 'AWS::CloudFormation::Stack');
  return {
    StackName: stack.name,
    StackId: stack.id,
    StackStatus: stack.status,
    CreationTime: new Date(stack.createdAt),
    EnableTerminationProtection: stack.terminationProtection,
    Tags: tagList(stack.tags),
    ...(stack.description === undefined ? {} : { Description: stack.description }),
    ...(/^(UPDATE|IMPORT)_|^CREATE_COMPLETE$/.test(stack.status) ? { Outputs: outputsOf(stack) } : {}),
    ...(last === undefined || last.reason === '' ? {} : { StackStatusReason: last.reason }),
  };
}

/** They are there once the stack was complete. */
function outputsOf({ outputs = {}, resources = [] }: StackState) {
  return Object.entries(outputs).map(([OutputKey, logical]) => ({
    OutputKey,
    OutputValue: resources.find((each) => each.logical === logical)?.id ?? '',
  }));
}
