/** Where the images of an installed Karmada come from, where that is not as wanted. */
import { counted } from '../errors/counted.js';
import { karmadaNamespace, pullSecretName } from '../fleet/names.js';
import { type Images, imageSources } from '../fleet/settings/images.js';
import type { ComponentWorkload } from '../tools/kubectl/objects.js';

/** Components whose images are of Kubernetes, or of etcd (karmada 1.18.2, cmdinit/kubernetes/deploy.go). */
const ofKubernetes: readonly string[] = ['etcd', 'karmada-apiserver', 'kube-controller-manager'];

/** One line each; nothing where no source is named: who set an image by hand meant it. */
export function imageDrift(fleet: Images, workloads: readonly ComponentWorkload[]): readonly string[] {
  return [...otherSources(fleet, workloads), ...(fleet.pullsWithSecret ? withoutLogins(workloads) : [])];
}

function withoutLogins(workloads: readonly ComponentWorkload[]): readonly string[] {
  const lacking = workloads.flatMap(({ metadata: { name }, spec }) => {
    const named = spec.template?.spec.imagePullSecrets ?? [];
    return named.some((each) => each.name === pullSecretName) ? [] : [name];
  });
  if (lacking.length === 0) return [];
  return [`of the installed Karmada these do not name Secret ${pullSecretName}, and are kept: ${lacking.join(', ')}`];
}

function otherSources(fleet: Images, workloads: readonly ComponentWorkload[]): readonly string[] {
  if (fleet.imageRegistry === undefined && fleet.imageMirrorCountry === undefined) return [];
  const sources = imageSources(fleet);
  const elsewhere = workloads.flatMap(({ metadata: { name }, spec }) => {
    const image = spec.template?.spec.containers.find((each) => each.name === name)?.image;
    // A component of Karmada's own has no wanted source while only a mirror of the others is named.
    const isOpen = fleet.imageRegistry === undefined && !ofKubernetes.includes(name);
    const source = ofKubernetes.includes(name) ? sources.kubernetes : sources.karmada;
    return image === undefined || isOpen || image.startsWith(`${source}/`) ? [] : [image];
  });
  const [first, ...more] = elsewhere;
  if (first === undefined) return [];
  const wanted = [...new Set([sources.karmada, sources.kubernetes])].join(' and ');
  return [
    `images of the installed Karmada are not from ${wanted}, and are kept: ${first}${more.length === 0 ? '' : ` and ${counted(more.length, 'more', 'more')}`}; to change one: kubectl -n ${karmadaNamespace} set image`,
  ];
}
