/** Users' volumes before a fleet is deleted: lists them with cost and action, and asks whether to delete them too. */
import { monthOf } from '../../leftovers/cost.js';
import { isRemovable, type UsersVolume } from '../../leftovers/users-volumes.js';
import type { OptionsOf } from '../../options/table.js';
import type { Table } from '../../ui/ui.js';
import { placeName } from '../../world/place.js';
import type { Session } from '../shared/session.js';
import { inMonth } from './cost-table.js';

/** Shows them, and returns whether to delete the deletable ones: with the flag, or if a person agrees. */
export async function reviewVolumes(
  { ui }: Session,
  options: OptionsOf<'yes' | 'removeVolumes'>,
  volumes: readonly UsersVolume[],
): Promise<boolean> {
  if (volumes.length === 0) return false;
  ui.showTable(volumesTable(volumes, options.removeVolumes));
  const removable = volumes.filter(isRemovable);
  if (removable.length === 0) return false;
  if (options.removeVolumes) return true;
  if (options.yes || !ui.ask.possible) return false;
  const them = removable.length === 1 ? 'this volume' : `these ${removable.length} volumes`;
  const message = `Also permanently delete ${them} with users’ data: ${removable.map(({ claim }) => claim).join(', ')}`;
  return await ui.ask.confirm({ message, flag: '--remove-volumes', env: '', default: false });
}

function volumesTable(volumes: readonly UsersVolume[], removes: boolean): Table {
  return {
    name: 'users-volumes',
    columns: ['volume', 'claim', 'cluster', 'gib', 'reclaimPolicy', 'usdPerMonth', 'action'],
    headings: { volume: 'users’ volume', gib: 'size', reclaimPolicy: 'reclaim policy', usdPerMonth: 'usd/month' },
    rows: volumes.map((volume) => {
      const { id, claim, cluster, gib, policy, usdPerHour } = volume;
      const usd = inMonth(usdPerHour === undefined ? undefined : monthOf(usdPerHour));
      const size = { text: `${gib ?? '?'} GiB`, value: gib };
      const fate = removes && isRemovable(volume) ? 'is deleted' : 'stays, and costs';
      return [id, claim, `${cluster} in ${placeName(volume)}`, size, policy ?? 'not known', usd, fate];
    }),
  };
}
