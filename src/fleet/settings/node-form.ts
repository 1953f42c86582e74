/** What the nodes of a cluster are besides their type: the fleet's settings, and those that a member has of its own. */

/**
 * Node images that work with all that a fleet needs, as eksctl calls them (0.230.0, `SupportedAMIFamilies`). Not those for Windows, on
 * which Karmada does not run, for a paid subscription (UbuntuPro), or not for every version of Kubernetes that EKS has.
 */
export const amiFamilies = ['AmazonLinux2023', 'Bottlerocket', 'BottlerocketFips', 'Ubuntu2404'] as const;

export type AmiFamily = (typeof amiFamilies)[number];

/** In GiB: the image of Amazon Linux is 20 (EKS optimized AMIs), and EBS takes volumes of gp3 of up to 16,384 in every region. */
export const volumeSizes = { least: 20, most: 16_384 } as const;

/** In GiB; eksctl's default (0.230.0, `DefaultNodeVolumeSize`). */
export const usualVolumeSize = 80;

/** What is not set is left to the fleet, and there to the default. */
export interface NodeForm {
  /**
   * Whether the nodes are Spot Instances, which EC2 takes back two minutes after it says so. Never those of the parent: with more than
   * one of them etcd would lose its quorum.
   */
  readonly spot?: boolean;
  readonly amiFamily?: AmiFamily;
  /** Of the disk of each node, in GiB. */
  readonly volumeSize?: number;
}

/** The settings for the nodes of a cluster: its own go before the fleet's. */
export function nodeFormOf(fleet: NodeForm, cluster: NodeForm): NodeForm {
  return { ...nodeFormIn(fleet), ...nodeFormIn(cluster) };
}

/** These settings alone, as far as they are set. */
export function nodeFormIn({ spot, amiFamily, volumeSize }: OpenNodeForm): NodeForm {
  return {
    ...(spot !== undefined && { spot }),
    ...(amiFamily && { amiFamily }),
    ...(volumeSize && { volumeSize }),
  };
}

interface OpenNodeForm {
  readonly spot?: boolean | undefined;
  readonly amiFamily?: AmiFamily | undefined;
  readonly volumeSize?: number | undefined;
}

/** In a few words, e.g. `m5.large or m6i.large, Spot, Bottlerocket, disks of 200 GiB`; what is left to the default is not told. */
export function nodeWords(fleet: NodeForm & { readonly instanceTypes: readonly string[] }, cluster: NodeForm): string {
  const { spot, amiFamily, volumeSize } = nodeFormOf(fleet, cluster);
  const disk = volumeSize === undefined ? undefined : `disks of ${volumeSize} GiB`;
  return [fleet.instanceTypes.join(' or '), spot ? 'Spot' : undefined, amiFamily, disk]
    .filter((word) => word !== undefined)
    .join(', ');
}
