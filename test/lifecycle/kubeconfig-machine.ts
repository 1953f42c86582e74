/** The machine on which a fleet was made, with other files of its user. */
import { type Account, restore, snapshot } from '../../src/rehearsal/account.js';
import { kubeconfig, kubeconfigPath, newMachine, smallUp, succeed } from './fleet.js';

export const merge = 'kubeconfig --merge';

/** What is in a kubeconfig for every entry of the fleet. */
export const mark = /fleet: [0-9a-z]{12}\.111122223333\.us-west-2$/m;

/** Makes the fleet once; each machine has these files of the user under `~/.kube`, and no others. */
export async function machinesOfFleet(): Promise<(files?: Readonly<Record<string, string>>) => Account> {
  const first = newMachine();
  await succeed(first, smallUp);
  const made = snapshot(first);
  return (files = { [kubeconfigPath]: kubeconfig }) => {
    const account = restore(made);
    for (const path of Object.keys(account.state.files)) {
      if (path.startsWith('/home/you/.kube/')) delete account.state.files[path];
    }
    Object.assign(account.state.files, files);
    return account;
  };
}
