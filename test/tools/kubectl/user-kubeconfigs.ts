/** Kubeconfigs of users as they are found in the wild, and a fleet to add to them. */
import { Lexer, parse } from 'yaml';
import { z } from 'zod';
import { kubeconfigText } from '../../../src/tools/kubectl/kubeconfig.js';
import { type Merged, type Owner, withContexts, withoutContexts } from '../../../src/tools/kubectl/user-kubeconfig.js';

export const fleet = 'demo.eu-west-1';

/** A fleet by its id, which begins with its name. */
export function ownerOf(id: string): Owner {
  return { id, name: id.split('.')[0] ?? id };
}

export const own = ['karmada-apiserver', 'demo-parent'].map((context) => {
  const user = { kind: 'certificate', certificateData: 'Q0VSVA==', keyData: 'S0VZ' } as const;
  return kubeconfigText({ context, server: `https://${context}.example`, caData: 'Q0E='.repeat(60), user });
});

const entries = z.array(z.looseObject({ name: z.string() })).nullish();
const config = z.looseObject({
  clusters: entries,
  contexts: entries,
  users: entries,
  'current-context': z.string().optional(),
});

/** The names in each section, and the current context. */
export function outline(text: string) {
  const read = config.parse(parse(text));
  const names = (section: 'clusters' | 'contexts' | 'users') => (read[section] ?? []).map(({ name }) => name);
  return {
    clusters: names('clusters'),
    contexts: names('contexts'),
    users: names('users'),
    current: read['current-context'],
  };
}

/** What a kubeconfig says, each word as it is written: numbers would hide what became of them. Empty and absent are one. */
export function meaning(text: string): unknown {
  const said: unknown = parse(text, { schema: 'failsafe' });
  const config = typeof said === 'object' ? said : {};
  const given = Object.entries(config ?? {}).filter(
    ([, value]) => !['', '~', 'null'].includes(value) && value?.length !== 0,
  );
  return { apiVersion: 'v1', kind: 'Config', ...Object.fromEntries(given) };
}

/** The comments, in their order. */
export function comments(text: string): readonly string[] {
  return [...new Lexer().lex(text)].filter((token) => token.startsWith('#')).map((token) => token.trim());
}

/** What counts of somebody's kubeconfig. */
export function substance(text: string): unknown {
  return { meaning: meaning(text), comments: comments(text) };
}

export const path = '/home/you/.kube/config';

/** The kubeconfig with the fleet's contexts in it. */
export function add(text: string | undefined, current?: string, id = fleet): Merged {
  return withContexts({ path, text }, { fleet: ownerOf(id), own, current, others: [] });
}

/** The kubeconfig without them. */
export function remove(text: string, id = fleet): string {
  return withoutContexts({ path, text }, id);
}

/** As kubectl writes it. */
export const kubectls = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${'TE9ORw=='.repeat(40)}
    server: https://work.example
  name: work
contexts:
- context:
    cluster: work
    user: me
  name: work
current-context: work
kind: Config
preferences: {}
users:
- name: me
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - ${'words that go on and on '.repeat(9)}to the end
      command: aws
      env: null
`;

/** As a person writes it. */
export const persons = `# my clusters
kind: Config
apiVersion: v1
users: # people
  - name: me
    user: { token: "s3cret" } # quoted
  # the other one
  - name: 'other'
    user:
      password: |
        two
        lines
contexts:
  - name: work # daily
    context: {cluster: work, user: me, namespace: shop}
clusters:
  - name: work
    cluster:
      server: https://work.example
      insecure-skip-tls-verify: yes
current-context: work
# the end
`;
