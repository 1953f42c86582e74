/** The simulated Service Quotas: they are reported, not enforced. */
import type * as Quotas from '@aws-sdk/client-service-quotas';
import { AwsError, operation, type Service } from './answer.js';

interface Quota {
  readonly service: string;
  readonly name: string;
  /** What AWS gives everybody. */
  readonly value: number;
  /** What this account was given. */
  readonly applied?: number;
}

/**
 * Names and AWS's own values; the vCPUs that this account was given are chosen, enough for a hundred clusters of the usual size.
 * The other quotas have never been changed: GetServiceQuota does not know them.
 */
const quotas: Readonly<Record<string, Quota>> = {
  'L-1216C47A': {
    service: 'ec2',
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    value: 5,
    applied: 640,
  },
  'L-34B43A08': {
    service: 'ec2',
    name: 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
    value: 5,
    applied: 640,
  },
  'L-0263D0A3': { service: 'ec2', name: 'EC2-VPC Elastic IPs', value: 5 },
  'L-F678F1CE': { service: 'vpc', name: 'VPCs per Region', value: 5 },
  'L-A4707A72': { service: 'vpc', name: 'Internet gateways per Region', value: 5 },
  'L-FE5A380F': { service: 'vpc', name: 'NAT gateways per Availability Zone', value: 5 },
  'L-1194D53C': { service: 'eks', name: 'Clusters', value: 100 },
  'L-69A177A2': { service: 'elasticloadbalancing', name: 'Network Load Balancers per Region', value: 50 },
  'L-0EA8095F': { service: 'vpc', name: 'Inbound or outbound rules per security group', value: 60 },
  'L-858F3967': { service: 'iam', name: 'OpenId connect providers per account', value: 100 },
};

export const servicequotas: Service = {
  GetServiceQuotaCommand: operation((input: Quotas.GetServiceQuotaCommandInput, { simulation }) => {
    const quota = find(input);
    const value = simulation.state.quotas?.[input.QuotaCode ?? ''] ?? quota.applied;
    if (value === undefined) throw missing();
    return { Quota: show(input.QuotaCode, quota, value) };
  }),

  GetAWSDefaultServiceQuotaCommand: operation((input: Quotas.GetAWSDefaultServiceQuotaCommandInput) => {
    const quota = find(input);
    return { Quota: show(input.QuotaCode, quota, quota.value) };
  }),
};

function find({ ServiceCode, QuotaCode }: Quotas.GetServiceQuotaCommandInput): Quota {
  const quota = quotas[QuotaCode ?? ''];
  if (quota === undefined || quota.service !== ServiceCode) throw missing();
  return quota;
}

function missing(): AwsError {
  return new AwsError('NoSuchResourceException', 'The request failed because the specified quota could not be found.');
}

function show(QuotaCode: string | undefined, { service, name }: Quota, Value: number) {
  return { ServiceCode: service, QuotaCode, QuotaName: name, Value, Adjustable: true };
}
