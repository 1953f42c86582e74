/** What a fleet's description grants beyond what this machine knew: more clusters, more people, more addresses. */

import { clustersOf, type Fleet } from '../fleet/fleet.js';
import { requestOf } from '../fleet/resolve.js';
import { type ConfigPatch, patchPaths } from '../fleet/settings/config-patch.js';

/** Fields by which somebody gets in. */
const doors = [
  'admins',
  'allow',
  'publicAccess',
  'privateEndpoints',
  'privateAccess',
  'internal',
  'apiName',
  'formerApiNames',
] as const;

/** Something that a user with write access to a fleet's description could have requested. */
export interface Addition {
  /** One clause, e.g. `shop joins`. */
  readonly text: string;
  /** The member that it is about; undefined: it is about all. */
  readonly member?: string;
}

export function addedElsewhere(known: Fleet, described: Fleet): readonly Addition[] {
  const [before, now] = [requestOf(known), requestOf(described)];
  const opened = doors.flatMap((door) => {
    const [old, other] = [before[door], now[door]].map((each) => JSON.stringify(each) ?? 'not set');
    return old === other ? [] : [{ text: `${door} from ${old} to ${other}` }];
  });
  const [knew, knows] = [known, described].map(({ members }) => new Set(members.map(({ name }) => name)));
  // A context of the user's kubeconfig has a consent of its own.
  const joins = described.members.flatMap(({ kind, name }) =>
    kind === 'eks' && knew?.has(name) === false ? [name] : [],
  );
  const leaves = [...(knew ?? [])].filter((name) => knows?.has(name) === false);
  return [
    ...joins.map((member) => ({ text: `${member} joins`, member })),
    ...leaves.map((member) => ({ text: `${member} leaves`, member })),
    ...opened,
    ...patches(known, described),
  ];
}

/** A patch can have nodes run what somebody likes; its values may be secrets. */
function patches(known: Fleet, described: Fleet): readonly Addition[] {
  const before = new Map(clustersOf(known).map((each) => [each.cluster, JSON.stringify(each.clusterConfigPatch)]));
  const others = clustersOf(described).filter(
    ({ cluster, clusterConfigPatch }) => JSON.stringify(clusterConfigPatch) !== before.get(cluster),
  );
  const isOther = JSON.stringify(known.clusterConfigPatch) !== JSON.stringify(described.clusterConfigPatch);
  return [
    ...(isOther ? [{ text: `other cluster config patch: ${pathsIn(described.clusterConfigPatch)}` }] : []),
    ...others
      .filter(({ clusterConfigPatch }) => clusterConfigPatch !== undefined)
      .map((each) => ({ text: `other cluster config patch of ${each.cluster}: ${pathsIn(each.clusterConfigPatch)}` })),
  ];
}

function pathsIn(patch: ConfigPatch | undefined): string {
  return patch === undefined ? 'none' : patchPaths(patch).join(', ');
}
