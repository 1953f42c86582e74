/** The images that init takes, by its flags (1.18.2, cmdinit/kubernetes/deploy.go). */
import { type Arguments, wordsIn } from '../../arguments.js';
import type { Json } from '../../json.js';

/** What the pods of the control plane are pulled from, and with. */
export interface InitImages {
  readonly of: (app: string) => string;
  /** As a pod has them. */
  readonly pullSecrets: readonly Json[];
}

/** Not in Karmada's own repository. */
const ofKubernetes: Readonly<Record<string, string>> = {
  etcd: 'etcd:3.6.6-0',
  'karmada-apiserver': 'kube-apiserver:v1.35.2',
  'kube-controller-manager': 'kube-controller-manager:v1.35.2',
};

/** Another country is taken for none. */
const mirrors: Readonly<Record<string, string>> = {
  global: 'registry.k8s.io',
  cn: 'registry.cn-hangzhou.aliyuncs.com/google_containers',
};

export function initImages(args: Arguments): InitImages {
  const registry = args.value('private-image-registry');
  const mirror = mirrors[args.value('kube-image-mirror-country').toLowerCase()];
  const pullSecrets = wordsIn(args.value('image-pull-secrets'), ',').map((name) => ({ name }));
  return { of: imageOf(registry, mirror), pullSecrets };
}

/** Without any flag. */
export const usualImages: InitImages = { of: imageOf('', undefined), pullSecrets: [] };

function imageOf(registry: string, mirror: string | undefined): InitImages['of'] {
  return (app) => {
    const image = ofKubernetes[app];
    if (image === undefined) return `${registry || 'docker.io/karmada'}/${app}:v1.18.2`;
    return `${mirror ?? (registry || 'registry.k8s.io')}/${image}`;
  };
}
