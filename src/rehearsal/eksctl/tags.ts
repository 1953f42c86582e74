/** The tags that eksctl 0.230.0 puts on what it makes (v1alpha5/types.go). */
import type { Config } from './config.js';

/** On every stack, and through it on what the stack makes. */
export function stackTags(config: Pick<Config, 'name' | 'tags'>): Record<string, string> {
  return {
    ...config.tags,
    'alpha.eksctl.io/eksctl-version': '0.230.0',
    'alpha.eksctl.io/cluster-name': config.name,
    'eksctl.cluster.k8s.io/v1alpha1/cluster-name': config.name,
  };
}

/** On a managed node group's stack. */
export function nodeGroupTags(config: Pick<Config, 'name' | 'tags'>, group: string): Record<string, string> {
  return {
    ...stackTags(config),
    'alpha.eksctl.io/nodegroup-name': group,
    'alpha.eksctl.io/nodegroup-type': 'managed',
  };
}
