/** Makes one file of the program of a scheduled backup, as a ConfigMap of Kubernetes can hold it. */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './run.js';

/** A ConfigMap holds 1 MiB (Kubernetes, "ConfigMaps"), of which its names take some. */
const mostBytes = 1_040_000;

/** Loaded on demand only, and never demanded by a pod that has a role: clients that a backup does not use, proxies, profiles. */
const unused = [
  '@aws-sdk/client-cloudformation',
  '@aws-sdk/client-cloudwatch-logs',
  '@aws-sdk/client-ec2',
  '@aws-sdk/client-eks',
  '@aws-sdk/client-elastic-load-balancing-v2',
  '@aws-sdk/client-iam',
  '@aws-sdk/client-route-53',
  '@aws-sdk/client-service-quotas',
  '@aws-sdk/credential-provider-ini',
  'proxy-agent',
];

/**
 * Writes `file`; rejects if it is too large.
 * @param {string} file absolute
 */
export async function bundleJob(file) {
  const bundle = await rolldown({
    input: join(root, 'src/backup-job.ts'),
    platform: 'node',
    external: unused,
    checks: { circularDependency: false },
  });
  const { output } = await bundle.write({
    file,
    format: 'esm',
    minify: true,
    codeSplitting: false,
    comments: { legal: false },
  });
  const [{ code }] = output;
  if (Buffer.byteLength(code) > mostBytes) throw new Error(`${file} has more than ${mostBytes} bytes`);
}
