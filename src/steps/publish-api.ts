/** Puts the Karmada API on the load balancer's name: the fleet's kubeconfig, the saved CA, and `cluster-info` for agents. */
import { karmadaCertificates, karmadaKubeconfig, karmadaServer } from '../discover/karmada-api.js';
import { findLoadBalancer } from '../discover/load-balancer.js';
import { Problem } from '../errors/problem.js';
import { karmadaContext } from '../fleet/names.js';
import type { Step, StepContext } from '../pipeline/step.js';
import { kubectlCommands } from '../tools/kubectl/commands.js';
import { configMap } from '../tools/kubectl/objects.js';
import { karmadaAccess, parentAccess, type Site, seconds } from './site.js';
import { waitForApi } from './wait-for-api.js';

/** What agents read before they trust Karmada; init writes an address into it, and one address is one zone. */
const clusterInfo = { kind: 'configmaps', name: 'cluster-info', namespace: 'kube-public' } as const;

/** The files to be written: path and text. */
type WantedFiles = readonly (readonly [string, string])[];

export function publishApi(site: Site, after: readonly string[]): Step {
  const access = karmadaAccess(site.paths);
  const { kubectl, world } = site.clients;
  return {
    id: 'publish-api',
    title: 'put the Karmada API on the load balancer’s name',
    lane: 'parent',
    after,
    expectedMs: seconds(15),
    preview: () => ({
      changes: [
        `context ${karmadaContext} in the fleet’s own kubeconfigs`,
        'Karmada’s CA, saved',
        'cluster-info on that name',
      ],
      commands: [
        kubectlCommands.mergePatch(access, clusterInfo, { data: { kubeconfig: '<with the load balancer’s name>' } }),
      ],
    }),
    check: async (context) => {
      const { hostname, files } = await wanted(site, context);
      const there = await Promise.all(files.map(async ([path, text]) => (await world.files.read(path)) === text));
      const unsaved = ['the kubeconfig of the Karmada API, or Karmada’s CA'];
      if (there.includes(false)) return { state: 'partial', missing: unsaved };
      const info = await kubectl.get(access, clusterInfo, configMap, context);
      const server = serverIn(info?.data?.['kubeconfig']);
      if (server === karmadaServer(hostname)) return { state: 'ready', note: karmadaServer(hostname) };
      return { state: 'partial', missing: [`cluster-info names ${server ?? 'no server'}`] };
    },
    apply: async (context) => {
      const { hostname, files } = await wanted(site, context);
      for (const [path, text] of files) await world.files.write(path, text);
      await waitForApi(site, access, context);
      const kubeconfig = (await kubectl.get(access, clusterInfo, configMap, context))?.data?.['kubeconfig'];
      if (kubeconfig === undefined) throw unhealthy('Karmada has no cluster-info, which init makes');
      const data = { kubeconfig: kubeconfig.replace(serverLine, `$1${karmadaServer(hostname)}`) };
      if (data.kubeconfig !== kubeconfig) await kubectl.mergePatch(access, clusterInfo, { data }, context);
    },
  };
}

const serverLine = /^(\s*server:\s*)(\S+)/m;

function serverIn(kubeconfig: string | undefined): string | undefined {
  return kubeconfig === undefined ? undefined : serverLine.exec(kubeconfig)?.[2];
}

async function wanted(site: Site, context: StepContext): Promise<{ hostname: string; files: WantedFiles }> {
  const parent = parentAccess(site);
  const [balancer, certificates] = await Promise.all([
    findLoadBalancer(site.clients, parent, site.fleet.parent.region, context),
    karmadaCertificates(site.clients, parent, context),
  ]);
  if (balancer === undefined) throw unhealthy('the load balancer of the Karmada API is gone');
  if (certificates === undefined) throw unhealthy('Secret karmada-cert, which init makes, is gone');
  const pem = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
  return {
    hostname: balancer.hostname,
    files: [
      [karmadaAccess(site.paths).kubeconfig, karmadaKubeconfig(balancer.hostname, certificates)],
      [`${site.paths.pki}/ca.crt`, pem(certificates.ca)],
      [`${site.paths.pki}/ca.key`, pem(certificates.caKey)],
    ],
  };
}

function unhealthy(what: string): Problem {
  return new Problem('karmada-unhealthy', { what, next: ['run the same command again'] });
}
