/** The port to AWS: the `send` of each client, chosen by region and account. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EKSClient } from '@aws-sdk/client-eks';
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Route53Client } from '@aws-sdk/client-route-53';
import type { S3Client } from '@aws-sdk/client-s3';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { STSClient } from '@aws-sdk/client-sts';
import type { Place } from './place.js';

/** A token that authenticates the caller to the Kubernetes API of an EKS cluster. */
export interface EksToken {
  /** Secret. */
  readonly token: string;
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

/** How long credentials last. */
export interface CredentialLife {
  /** When those in use end, in ms since the epoch; undefined if they do not, or if nothing tells. */
  readonly endsAt: number | undefined;
  /** Whether they are those of a session, which ends. */
  readonly isSession: boolean;
  /**
   * `itself`: they are taken anew before they end, here and in the tools: from an SSO session, a login, a process, a role, or the machine.
   * `code`: the next run asks for a code of an MFA device again. `none`: those in variables, those that stand in a file, and a role that is taken with either, if they are of a session.
   */
  readonly renewal: 'itself' | 'code' | 'none';
  /** When that ends from which they are taken anew, in ms since the epoch; undefined where nothing tells. */
  readonly renewedUntil?: number | undefined;
  /** Undefined for those in variables. */
  readonly profile?: string | undefined;
}

/** Whose code is needed to begin a session. */
export interface CodeQuestion {
  /** ARN, or serial number, of the MFA device. */
  readonly device: string;
  readonly profile: string;
  /** AWS did not accept the code before. */
  readonly isAgain: boolean;
}

/** Asks the user for the six digits that the device shows. @throws Problem `interrupted` */
export type AskCode = (question: CodeQuestion) => Promise<string>;

/** Clients are created once per place and reused; credentials come from the SDK's own chain, those of another account by its role. */
export interface AwsClients {
  readonly ec2: (place: Place) => Pick<EC2Client, 'send'>;
  readonly eks: (place: Place) => Pick<EKSClient, 'send'>;
  readonly sts: (place: Place) => Pick<STSClient, 'send'>;
  readonly cloudformation: (place: Place) => Pick<CloudFormationClient, 'send'>;
  readonly elbv2: (place: Place) => Pick<ElasticLoadBalancingV2Client, 'send'>;
  readonly iam: (place: Place) => Pick<IAMClient, 'send'>;
  readonly logs: (place: Place) => Pick<CloudWatchLogsClient, 'send'>;
  readonly servicequotas: (place: Place) => Pick<ServiceQuotasClient, 'send'>;
  /** One service for all regions of a partition, which the region names. */
  readonly route53: (place: Place) => Pick<Route53Client, 'send'>;
  /** Follows S3 to the region of a bucket that is in another one. */
  readonly s3: (place: Place) => Pick<S3Client, 'send'>;
  /** A key exists in one region. */
  readonly kms: (place: Place) => Pick<KMSClient, 'send'>;
  /** Of the credentials of the own account; rejects if there are none. */
  readonly credentialLife: () => Promise<CredentialLife>;
  /** Generated from the current credentials; rejects if there are none. */
  readonly eksToken: (place: Place, cluster: string) => Promise<EksToken>;
}
