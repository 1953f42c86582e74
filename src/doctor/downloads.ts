/** Whether what `up` downloads can be reached: Karmada's images and its CRDs. */
import { ok, unchecked, warning } from '../errors/diagnostic.js';
import type { Diagnostic } from '../errors/problem.js';
import type { Fleet } from '../fleet/fleet.js';
import { type Images, imageSources } from '../fleet/settings/images.js';
import type { World } from '../world/world.js';

const limitMs = 10_000;

/** Docker Hub answers under another name than its images have. */
const dockerHub = 'registry-1.docker.io';

/** Where `kubectl karmada init` gets the CRDs of its own version from (1.18.2, cmdinit.go). */
function crdsUrl(version: string): string {
  return `https://github.com/karmada-io/karmada/releases/download/v${version}/crds.tar.gz`;
}

/** The nodes pull the images, not this machine: what it sees is only a hint. Without a login a registry answers 401, which is an answer. */
export async function checkRegistry(world: World, fleet: Images): Promise<Diagnostic> {
  const [registry = ''] = imageSources(fleet).karmada.split('/');
  const host = registry === 'docker.io' ? dockerHub : registry;
  const answer = await world.httpGet(`https://${host}/v2/`, limitMs);
  if (answer.kind === 'answered' && (answer.status < 400 || answer.status === 401)) {
    return ok(`${registry}, which hosts Karmada’s images, responds to this machine; the nodes must reach it too`);
  }
  const why = answer.kind === 'failed' ? answer.reason : `it responded with ${answer.status}`;
  const next = [`check that the nodes can reach ${host}`];
  return warning({ what: `${registry}, which hosts Karmada’s images, does not respond to this machine`, why, next });
}

/** `version` is that of kubectl-karmada; undefined when it is not there. */
export async function checkCrds(world: World, fleet: Fleet, version: string | undefined): Promise<Diagnostic> {
  if (fleet.crds !== undefined) return ok(`Karmada’s CRDs are read from ${fleet.crds}`);
  if (version === undefined) {
    const what = 'which CRDs are downloaded depends on the version of kubectl-karmada';
    return unchecked({ what, next: ['install kubectl-karmada'] });
  }
  const url = crdsUrl(version);
  const answer = await world.httpGet(url, limitMs, 'HEAD');
  if (answer.kind === 'answered' && answer.status === 200) return ok(`Karmada’s CRDs can be downloaded: ${url}`);
  const why = answer.kind === 'failed' ? answer.reason : `it responded with ${answer.status}`;
  const next = ['download it elsewhere and set --crds FILE'];
  const what = `Karmada’s CRDs cannot be downloaded from ${url}`;
  return { severity: 'error', what, why, next };
}
