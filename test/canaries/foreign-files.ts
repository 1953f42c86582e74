/** What somebody else has on the machine, in and around the places where the program writes. */
const home = '/home/you';
const data = `${home}/.local/share/karmada-eks`;

/** By path. */
export const foreignFiles: Readonly<Record<string, string>> = {
  [`${home}/.aws/credentials`]: '[somebody]\n',
  [`${home}/.kube/config.canary`]: 'apiVersion: v1\nkind: Config\ncurrent-context: karmada-apiserver\n',
  [`${home}/.kube/cache/karmada-eks`]: 'canary\n',
  [`${home}/.karmada/karmada-apiserver.config`]: 'apiVersion: v1\nkind: Config\n',
  '/etc/karmada/pki/ca.key': 'canary\n',
  [`${data}/notes.txt`]: 'canary\n',
};
