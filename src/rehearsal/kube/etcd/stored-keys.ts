/** What Karmada's etcd holds: each object of its API under the key at which an API server stores it, as JSON. */
import { at, canonical, isJson, listAt, textAt } from '../../json.js';
import type { ToolProcess } from '../../simulation.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { newApi } from '../api-server/new-api.js';
import { forgetIndex, touch } from '../api-server/object-index.js';
import { builtIn, listObjects } from '../api-server/store.js';
import { executionNamespace } from '../controllers/clusters.js';
import { karmadaKey } from '../controllers/control-plane.js';
import { worksIn } from '../controllers/works.js';
import type { EtcdKey } from './snapshot-file.js';

/** From `from` up to `end`, which is not part of it; undefined: without an end. */
export interface KeyRange {
  readonly from: string;
  readonly end: string | undefined;
}

type Process = Pick<ToolProcess, 'simulation'>;

/** All of them, sorted. With the rehearsal's own notes: what controllers have seen is part of what they know. */
export function storedKeys(process: Process, parent: ApiState): readonly EtcdKey[] {
  const karmada = process.simulation.state.apis[karmadaKey(parent)];
  if (karmada === undefined) return [];
  const objects = Object.entries(karmada.objects).map(([place, object]) => stored(place, object));
  const works = listObjects(karmada, 'clusters').flatMap((cluster) =>
    worksIn(process, karmada, executionNamespace(cluster)).map((work) =>
      stored(`works/${work.metadata.namespace}/${work.metadata.name}`, work),
    ),
  );
  return [...objects, ...works].sort((one, other) => (one.key < other.key ? -1 : 1));
}

function stored(place: string, object: KubeObjectState): EtcdKey {
  const [plural = '', namespace = '', name = ''] = place.split('/');
  const { group } = builtIn(plural);
  const type = group.endsWith('karmada.io') ? [group, plural] : [plural];
  const parts = ['/registry', ...type, ...(namespace === '' ? [] : [namespace]), name];
  return { key: parts.join('/'), value: canonical(object) };
}

export function isInRange({ from, end }: KeyRange, key: string): boolean {
  return key >= from && (end === undefined || key < end);
}

/** Works follow from the rest, and end with it. */
export function deleteKeys(process: Process, parent: ApiState, range: KeyRange): void {
  const karmada = process.simulation.state.apis[karmadaKey(parent)];
  if (karmada === undefined) return;
  for (const [place, object] of Object.entries(karmada.objects))
    if (isInRange(range, stored(place, object).key)) delete karmada.objects[place];
  forgetIndex(karmada.objects);
  touch(karmada);
}

/** An etcd that lost its data holds nothing; its API begins with what is written. */
export function putKeys({ simulation }: Process, parent: ApiState, keys: readonly EtcdKey[]): void {
  const { apis } = simulation.state;
  const { region, cluster } = parent;
  const key = karmadaKey(parent);
  const empty = (): ApiState => ({
    ...newApi({ key, kind: 'karmada', region, cluster }, simulation.now()),
    objects: {},
  });
  const karmada = apis[key] ?? empty();
  apis[key] = karmada;
  for (const each of keys) {
    const place = placeOf(each.key);
    const object: unknown = JSON.parse(each.value);
    if (place !== undefined && isJson(object)) karmada.objects[place] = object as unknown as KubeObjectState;
  }
  forgetIndex(karmada.objects);
  touch(karmada);
}

/** Undefined for a Work: it follows from its binding. */
function placeOf(key: string): string | undefined {
  const [, , ...parts] = key.split('/');
  const [plural = '', ...rest] = parts[0]?.endsWith('karmada.io') === true ? parts.slice(1) : parts;
  const [namespace = '', name = ''] = rest.length === 1 ? ['', ...rest] : rest;
  return plural === 'works' ? undefined : `${plural}/${namespace}/${name}`;
}

/** Nothing but puts and deletions is known in a transaction. */
export function deletionsIn(body: unknown): readonly KeyRange[] {
  const found = listAt(body, 'success').map((each) => at(each, 'request_delete_range'));
  return found.filter((each) => each !== undefined).map(rangeIn);
}

export function putsIn(body: unknown): readonly EtcdKey[] {
  const found = listAt(body, 'success').filter((each) => at(each, 'request_put') !== undefined);
  return found.map((each) => ({
    key: decoded(textAt(each, 'request_put', 'key')),
    value: decoded(textAt(each, 'request_put', 'value')),
  }));
}

/** As etcd's gateway has it: base64, and one zero byte for no limit. */
export function rangeIn(body: unknown): KeyRange {
  const end = decoded(textAt(body, 'range_end'));
  const from = decoded(textAt(body, 'key'));
  return { from, end: end === '\0' ? undefined : end === '' ? `${from}\0` : end };
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}
