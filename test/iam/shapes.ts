/** Requests, ARNs and tags in the form in which IAM gets them; all in the account and partition of the rehearsal. */
import type { Request } from './evaluator.js';

const account = '111122223333';

/** A request with the region in which it is made. */
export function ask(action: string, resource: string, region: string, context: Request['context'] = {}): Request {
  return { action, resource, context: { 'aws:RequestedRegion': [region], ...context } };
}

/** IAM is asked in one place, whatever the region of what it is asked for. */
export function askIam(operation: string, resource: string, context: Request['context'] = {}): Request {
  return ask(`iam:${operation}`, resource, 'us-east-1', context);
}

export function regionalArn(service: string, region: string, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}

export function globalArn(rest: string): string {
  return `arn:aws:iam::${account}:${rest}`;
}

export function policyArn(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`;
}

/** What a change of DNS records is asked with. */
export function recordKeys(names: readonly string[], types: readonly string[]): Request['context'] {
  return {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
    'route53:ChangeResourceRecordSetsRecordTypes': types,
  };
}

export type Tags = Readonly<Record<string, string>>;

/** The tags of the thing that is asked for. */
export function tagged(tags: Tags = {}): Request['context'] {
  return prefixed('aws:ResourceTag/', tags);
}

/** The tags that it is to get. */
export function tagging(tags: Tags): Request['context'] {
  return { ...prefixed('aws:RequestTag/', tags), 'aws:TagKeys': Object.keys(tags) };
}

function prefixed(prefix: string, tags: Tags): Request['context'] {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, [value]]));
}

/** What CloudFormation asks for on the caller's behalf. */
export const byStack: Request['context'] = { 'aws:CalledVia': ['cloudformation.amazonaws.com'] };
