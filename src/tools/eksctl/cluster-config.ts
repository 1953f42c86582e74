/** The part of eksctl's ClusterConfig that the product writes (schema eksctl.io/v1alpha5, eksctl 0.230.0). */

/** A subnet entry; its key in the record is the availability zone. */
interface SubnetEntry {
  readonly id: string;
}

export interface AddonConfig {
  readonly name: string;
  readonly wellKnownPolicies?: { readonly ebsCSIController: true };
  /** Of a role that was made before. */
  readonly serviceAccountRoleARN?: string;
  readonly useDefaultPodIdentityAssociations?: boolean;
  readonly resolveConflicts?: 'overwrite';
  readonly tags?: Readonly<Record<string, string>>;
  readonly permissionsBoundary?: string;
}

interface NodeGroupConfig {
  readonly name: string;
  readonly amiFamily: string;
  readonly instanceType?: string;
  /** Several, in place of `instanceType`. */
  readonly instanceTypes?: readonly string[];
  readonly spot?: true;
  readonly instancePrefix: string;
  readonly desiredCapacity: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly privateNetworking: boolean;
  /** Keys of `vpc.subnets`; all of them if omitted. */
  readonly availabilityZones?: readonly string[];
  /** In GiB. */
  readonly volumeSize?: number;
  readonly volumeEncrypted: true;
  readonly volumeKmsKeyID?: string;
  /** A hop limit of 1 for responses of the metadata service (eksctl, pkg/cfn/builder/nodegroup.go). */
  readonly disablePodIMDS: true;
  readonly nodeRepairConfig: { readonly enabled: true };
  readonly iam?: { readonly instanceRolePermissionsBoundary?: string };
  readonly tags: Readonly<Record<string, string>>;
}

/** A service account with a role of IAM. */
export interface ServiceAccountConfig {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly attachPolicyARNs?: readonly string[];
  /** An inline policy; one of both is there. */
  readonly attachPolicy?: object;
  readonly roleName: string;
  /** Only the role: the service account itself belongs to somebody else. */
  readonly roleOnly: true;
  readonly permissionsBoundary?: string;
  /** For the role and for its stack (eksctl 0.230.0, pkg/cfn/manager/iam.go, `CreateStack` with `spec.Tags`). */
  readonly tags: Readonly<Record<string, string>>;
}

interface AccessEntryConfig {
  readonly principalARN: string;
  readonly accessPolicies: readonly {
    readonly policyARN: string;
    readonly accessScope: { readonly type: 'cluster' };
  }[];
}

/** The document that eksctl receives on standard input. */
export interface ClusterConfig {
  readonly apiVersion: 'eksctl.io/v1alpha5';
  readonly kind: 'ClusterConfig';
  readonly metadata: {
    readonly name: string;
    readonly region: string;
    readonly version?: string;
    readonly tags?: Readonly<Record<string, string>>;
  };
  readonly iam?: {
    readonly withOIDC: boolean;
    readonly serviceRolePermissionsBoundary?: string;
    readonly serviceAccounts?: readonly ServiceAccountConfig[];
  };
  readonly autoModeConfig?: { readonly enabled: boolean };
  readonly upgradePolicy?: { readonly supportType: 'STANDARD' | 'EXTENDED' };
  readonly accessConfig?: {
    readonly authenticationMode?: 'API_AND_CONFIG_MAP';
    readonly bootstrapClusterCreatorAdminPermissions?: boolean;
    readonly accessEntries?: readonly AccessEntryConfig[];
  };
  readonly vpc?: {
    readonly id: string;
    readonly subnets: {
      readonly private?: Readonly<Record<string, SubnetEntry>>;
      readonly public?: Readonly<Record<string, SubnetEntry>>;
    };
    readonly clusterEndpoints?: { readonly publicAccess: boolean; readonly privateAccess: boolean };
    /** Who may reach the private endpoint besides the cluster's own nodes: port 443 of the control plane's security group. */
    readonly extraCIDRs?: readonly string[];
    /** Who may reach the public endpoint; everyone if omitted. */
    readonly publicAccessCIDRs?: readonly string[];
  };
  readonly cloudWatch?: { readonly clusterLogging: { readonly enableTypes: readonly string[] } };
  readonly addons?: readonly AddonConfig[];
  readonly managedNodeGroups?: readonly NodeGroupConfig[];
}
