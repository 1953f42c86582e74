/** Whether the nodes can get Karmada's images, as far as that is known before there are any. */
import { ok, warning } from '../errors/diagnostic.js';
import { type Diagnostic, Problem } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { imageSources, registryHosts } from '../fleet/settings/images.js';
import { loginsFor } from '../model/docker-logins.js';
import type { Files } from '../world/files.js';

/** Nothing where the images come from where Karmada takes them by itself, and can be had there. */
export async function judgeImages(files: Files, fleet: Fleet): Promise<readonly Diagnostic[]> {
  return [...judgeSources(fleet), ...(await judgeLogins(files, fleet))];
}

/** Only where a file is given: what is in the parent was judged when it came there. */
async function judgeLogins(files: Files, fleet: Fleet): Promise<readonly Diagnostic[]> {
  const { imagePullSecret: file } = fleet;
  if (file === undefined) return [];
  try {
    loginsFor((await files.read(file)) ?? '', registryHosts(fleet), file);
    return [ok(`${file} has a login for ${registryHosts(fleet).join(' or ')}`)];
  } catch (thrown) {
    if (thrown instanceof Problem) return [thrown];
    throw thrown;
  }
}

function judgeSources(fleet: Fleet): readonly Diagnostic[] {
  const { imageRegistry, imageMirrorCountry, parent } = fleet;
  const { karmada, kubernetes } = imageSources(fleet);
  if (parent.region.startsWith('cn-') && imageRegistry === undefined) return [inChina(fleet)];
  if (imageRegistry === undefined && imageMirrorCountry === undefined) return [];
  return [ok(`images of Karmada come from ${karmada}, those of etcd and Kubernetes’ components from ${kubernetes}`)];
}

/** docker.io and registry.k8s.io are not to be relied on there; the mirror has only what is of Kubernetes. */
function inChina({ parent: { region }, imageMirrorCountry }: Fleet): Diagnostic {
  if (imageMirrorCountry !== undefined)
    return warning({
      what: `in ${region} Karmada’s own images still come from docker.io: the mirror has those of etcd and Kubernetes only`,
      next: ['if the nodes cannot reach docker.io, set a registry that has them: --image-registry'],
    });
  return new Problem('missing-value', {
    what: `in ${region} a registry or a mirror of Karmada’s images is needed`,
    why: 'nodes in China do not reach registry.k8s.io and docker.io reliably',
    next: [
      'set a registry that has all of them: --image-registry REGISTRY',
      'or take those of etcd and Kubernetes from a mirror: --image-mirror-country cn',
    ],
  });
}
