/** Whether a node gets an image: by its registry, and by the Secrets that the pod names. */
import { at, isJson, type Json, listAt, textAt } from '../../../json.js';
import type { ApiState, KubeObjectState } from '../../../state.js';
import { recordEvent } from '../../api-server/events.js';
import { findObject } from '../../api-server/store.js';
import type { Tick } from '../../tick.js';

/** Why the pod's image cannot be pulled, as the waiting container has it; undefined: it can. Leaves the kubelet's events. */
export function pullFailure(tick: Tick, api: ApiState, pod: KubeObjectState): string | undefined {
  for (const container of listAt(pod, 'spec', 'containers')) {
    const image = textAt(container, 'image');
    const failure = failureOf(tick, api, pod, image);
    if (failure === undefined) continue;
    const why = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${failure}`;
    const message = `Failed to pull image "${image}": ${why}`;
    recordEvent(tick, api, pod, { type: 'Warning', reason: 'Failed', message });
    return `Back-off pulling image "${image}": ErrImagePull: ${why}`;
  }
  return undefined;
}

function failureOf(tick: Tick, api: ApiState, pod: KubeObjectState, image: string): string | undefined {
  const { host, path, tag } = partsOf(image);
  // Reserved, so that it never resolves (RFC 2606).
  if (host.replace(/:\d+$/, '').endsWith('.invalid'))
    return `failed to do request: Head "https://${host}/v2/${path}/manifests/${tag}": dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
  const login = tick.simulation.state.registries?.[host]?.login;
  if (login === undefined || logins(tick, api, pod, `${host}/${path}`).includes(login)) return undefined;
  return 'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials';
}

/** The first part is a registry only where no user of Docker Hub can be called so (distribution/reference, normalize.go). */
function partsOf(image: string): { readonly host: string; readonly path: string; readonly tag: string } {
  const [, first = '', rest = ''] = /^([^/]+)\/(.*)$/.exec(image) ?? [];
  const isHost = /[.:]/.test(first) || first === 'localhost';
  const [, path = '', tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(isHost ? rest : image) ?? [];
  return { host: isHost ? first : 'docker.io', path, tag };
}

/** `user:password` of each Secret that the pod names, for this image (kubernetes, pkg/credentialprovider/config.go). */
function logins(tick: Tick, api: ApiState, pod: KubeObjectState, image: string): readonly string[] {
  const names = listAt(pod, 'spec', 'imagePullSecrets').map((each) => textAt(each, 'name'));
  return names.flatMap((name) => {
    const secret = findObject(api, 'secrets', pod.metadata.namespace ?? '', name);
    if (secret === undefined) {
      const message = `Unable to retrieve some image pull secrets (${name}); attempting to pull the image may not succeed.`;
      recordEvent(tick, api, pod, { type: 'Warning', reason: 'FailedToRetrieveImagePullSecret', message });
      return [];
    }
    if (textAt(secret, 'type') !== 'kubernetes.io/dockerconfigjson') return [];
    return loginsIn(Buffer.from(textAt(secret, 'data', '.dockerconfigjson'), 'base64').toString(), image);
  });
}

function loginsIn(config: string, image: string): readonly string[] {
  const auths = at(JSON.parse(config), 'auths');
  return Object.entries(isJson(auths) ? auths : {}).flatMap(([key, entry]) => {
    const registry = key.replace(/^https?:\/\//, '').replace(/\/(v1|v2)?\/?$/, '');
    if (image !== registry && !image.startsWith(`${registry}/`)) return [];
    return isJson(entry) ? [loginOf(entry)] : [];
  });
}

function loginOf(entry: Json): string {
  const auth = textAt(entry, 'auth');
  return auth === ''
    ? `${textAt(entry, 'username')}:${textAt(entry, 'password')}`
    : Buffer.from(auth, 'base64').toString();
}
