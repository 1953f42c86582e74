/** The port to AWS: the `send` of each client, chosen by region. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { STSClient } from '@aws-sdk/client-sts';

/** What proves to the Kubernetes API of an EKS cluster who calls. */
export interface EksToken {
  /** A secret. */
  readonly token: string;
  /** Until when it is taken, in ms since the epoch. */
  readonly expiresAt: number;
}

/** Clients are made once a region and kept; credentials come from the SDK's own chain. */
export interface AwsClients {
  readonly ec2: (region: string) => Pick<EC2Client, 'send'>;
  readonly eks: (region: string) => Pick<EKSClient, 'send'>;
  readonly sts: (region: string) => Pick<STSClient, 'send'>;
  readonly cloudformation: (region: string) => Pick<CloudFormationClient, 'send'>;
  readonly elbv2: (region: string) => Pick<ElasticLoadBalancingV2Client, 'send'>;
  readonly iam: (region: string) => Pick<IAMClient, 'send'>;
  readonly logs: (region: string) => Pick<CloudWatchLogsClient, 'send'>;
  readonly servicequotas: (region: string) => Pick<ServiceQuotasClient, 'send'>;
  /** When the credentials in use end, in ms since the epoch; undefined when they do not end or do not say. */
  readonly credentialsExpireAt: () => Promise<number | undefined>;
  /** Made of the credentials in use, without asking AWS; rejects when there are none. */
  readonly eksToken: (region: string, cluster: string) => Promise<EksToken>;
}
