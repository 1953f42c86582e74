/** Which image the nodes of a node group get. */
import type { NodeGroupState } from '../state.js';

/** eksctl names the type of image by that of the instance (0.230.0, pkg/utils/instance, `IsARMInstanceType`). */
export function isGraviton(instanceType: string): boolean {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType);
}

/** eksctl chooses it, and names an image itself where EKS has no type for the family (0.230.0, v1alpha5/amitype.go). */
export function amiTypeOf({
  amiFamily = 'AmazonLinux2023',
  instanceType,
}: Pick<NodeGroupState, 'amiFamily' | 'instanceType'>): string {
  const arm = isGraviton(instanceType);
  if (amiFamily === 'AmazonLinux2023') return arm ? 'AL2023_ARM_64_STANDARD' : 'AL2023_x86_64_STANDARD';
  if (!amiFamily.startsWith('Bottlerocket')) return 'CUSTOM';
  return `BOTTLEROCKET_${arm ? 'ARM_64' : 'x86_64'}${amiFamily === 'BottlerocketFips' ? '_FIPS' : ''}`;
}
