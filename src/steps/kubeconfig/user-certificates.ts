/** The certificates with which the user's own kubeconfig reaches the Karmada API of a fleet. */
import { decoded } from '../../certificates/certificate.js';
import { karmadaContext } from '../../fleet/names.js';
import { certificateOfContext, type Owner } from '../../tools/kubectl/user-kubeconfig.js';
import type { World } from '../../world/world.js';
import { readAll, userKubeconfigs } from './user-kubeconfig-files.js';

export interface UserCertificate {
  /** Of the file. */
  readonly path: string;
  readonly pem: string;
}

/** One for each file that has the fleet's context. @throws Problem `kubeconfig-malformed` */
export async function userCertificates(world: World, fleet: Owner): Promise<readonly UserCertificate[]> {
  const files = await readAll(world, userKubeconfigs(world.environment));
  return files.flatMap((file) => {
    const data = certificateOfContext(file, karmadaContext, fleet);
    return data === undefined ? [] : [{ path: file.path, pem: decoded(data) }];
  });
}
