/** `kubectl replace -f - --output=json` of an object that names by `uid` and `resourceVersion` what it replaces, or of any as a dry run. */

import { type Arguments, unmodelled } from '../../arguments.js';
import { type Json, textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { Refusal } from '../api-server/refusal.js';
import { qualifiedName, type ResourceType } from '../api-server/resources.js';
import { findObject, nameOf, namespaceOf, replaceObject, typeOf } from '../api-server/store.js';
import { forEachManifest, refuseAs } from './apply.js';

/** Without one of the two the API overwrites what is there, or makes it anew: not modelled, for nobody wants it. */
export function replaceFromStdin(process: ToolProcess, api: ApiState, args: Arguments): number {
  if (args.value('output') !== 'json') throw unmodelled('kubectl', process);
  if (args.has('dry-run')) return dryRun(process, api, args);
  return forEachManifest(process, args, (manifest) => {
    const type = typeOf(api, manifest);
    return refuseAs('replace', () => {
      const old = replacedBy(process, api, type, manifest);
      replaceObject(api, type, old, manifest);
      return findObject(api, type.plural, namespaceOf(type, manifest), nameOf(manifest)) ?? old;
    });
  });
}

/** What the API sets of an object's metadata stays; this API sets nothing else (k8s.io/kubectl, pkg/cmd/replace/replace.go). */
function dryRun(process: ToolProcess, api: ApiState, args: Arguments): number {
  if (args.value('dry-run') !== 'server' || args.value('validate') !== 'ignore') throw unmodelled('kubectl', process);
  return forEachManifest(process, args, (manifest) => {
    const type = typeOf(api, manifest);
    return refuseAs('replace', () => {
      const [namespace, name] = [namespaceOf(type, manifest), nameOf(manifest)];
      const found = findObject(api, type.plural, namespace, name);
      if (found === undefined) throw new Refusal('NotFound', `${qualifiedName(type)} "${name}" not found`);
      const { status } = found;
      return { ...manifest, metadata: found.metadata, ...(status === undefined ? {} : { status }) } as KubeObjectState;
    });
  });
}

/** The words of Kubernetes 1.34 (observed). */
function replacedBy(process: ToolProcess, api: ApiState, type: ResourceType, manifest: Json): KubeObjectState {
  const uid = textAt(manifest, 'metadata', 'uid');
  const version = textAt(manifest, 'metadata', 'resourceVersion');
  if (uid === '' || version === '') throw unmodelled('kubectl', process, 'an object without uid or resourceVersion');
  const namespace = namespaceOf(type, manifest);
  const name = nameOf(manifest);
  const found = findObject(api, type.plural, namespace, name);
  const cannot = `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}"`;
  if (found?.metadata.uid !== uid) {
    const key = `/registry/${type.plural}/${namespace}/${name}`;
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${found?.metadata.uid ?? ''}`;
    throw new Refusal(
      'Conflict',
      `${cannot}: StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if (found.metadata['resourceVersion'] === version) return found;
  throw new Refusal(
    'Conflict',
    `${cannot}: the object has been modified; please apply your changes to the latest version and try again`,
  );
}
