/** The tags that eksctl 0.230.0 puts on what it makes (v1alpha5/types.go). */
import type { StackState } from '../state.js';
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

/** Whether a cluster has an OIDC provider: on its stack, and on itself once it was given one. */
export const oidcTag = 'alpha.eksctl.io/cluster-oidc-enabled';

/** On a cluster's stack. */
export function clusterTags(config: Pick<Config, 'name' | 'tags' | 'withOIDC'>): Record<string, string> {
  return { ...stackTags(config), [oidcTag]: String(config.withOIDC) };
}

/** On a stack with an add-on's role. */
export function addonTags(config: Pick<Config, 'name' | 'tags'>, addon: string): Record<string, string> {
  return { ...stackTags(config), 'alpha.eksctl.io/addon-name': addon };
}

/** On what a stack makes: the stack's tags, and CloudFormation's own (CloudFormation User Guide, resource tags). */
export function madeTags(stack: StackState, logical: string): Record<string, string> {
  return {
    ...stack.tags,
    'aws:cloudformation:stack-name': stack.name,
    'aws:cloudformation:stack-id': stack.id,
    'aws:cloudformation:logical-id': logical,
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

/** On OIDC providers, which are in no stack (pkg/eks/eks.go, `sharedTags`). */
export function sharedTags(config: Pick<Config, 'name'>): Record<string, string> {
  return { 'alpha.eksctl.io/cluster-name': config.name, 'alpha.eksctl.io/eksctl-version': '0.230.0' };
}
