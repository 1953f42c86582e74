/** What an API server does to an object before it keeps it: defaults, encodings, and fields that cannot change. */
import { Problem } from '../../../errors/problem.js';
import { isJson, type Json, mapAt, sameJson, textAt } from '../../json.js';
import type { ApiState, KubeObjectState } from '../../state.js';
import { scheduleRefusal } from './cron-schedule.js';
import { Refusal } from './refusal.js';
import type { ResourceType } from './resources.js';
import { defaultService } from './service-defaults.js';

/** Changes the object in place; refuses what may not be changed. `old` is what it replaces. */
export function admit(api: ApiState, type: ResourceType, object: KubeObjectState, old?: KubeObjectState): void {
  if (type.plural === 'services') {
    checkValues('annotation', object.metadata.annotations, balancerAnnotations);
    defaultService(api, object);
  }
  if (type.plural === 'secrets') encodeSecret(object);
  if (type.plural === 'leases') requireMicroTimes(object);
  if (type.plural === 'namespaces') defaultNamespace(object);
  if (type.plural === 'cronjobs') checkSchedule(object);
  if (type.plural === 'deployments' && old === undefined) firstRevision(object);
  if (type.plural === 'deployments') object['spec'] = { strategy: aQuarter, ...specOf(object) };
  if (type.plural === 'statefulsets') object['spec'] = { ...oneAfterAnother, ...specOf(object) };
  if (type.plural === 'storageclasses') {
    for (const [field, value] of Object.entries(classDefaults)) object[field] ??= value;
    checkStorageClass(object, old);
  }
}

/** Defaults of apps/v1 (kubernetes API reference). */
const aQuarter = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
const oneAfterAnother = {
  podManagementPolicy: 'OrderedReady',
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
};

const annotationPrefix = 'service.beta.kubernetes.io/aws-load-balancer-';

/** What the cloud controllers may be asked for; most of it changes nothing that is modelled, so its values are few. */
const balancerAnnotations: Readonly<Record<string, RegExp>> = withPrefix(annotationPrefix, {
  type: /^(nlb|external|nlb-ip)$/,
  internal: /^(true|false)$/,
  scheme: /^(internal|internet-facing)$/,
  'nlb-target-type': /^instance$/,
  subnets: /./,
  'cross-zone-load-balancing-enabled': /^true$/,
  attributes: /^load_balancing\.cross_zone\.enabled=true$/,
  'healthcheck-interval': /^(10|30)$/,
  'healthcheck-healthy-threshold': /^([2-9]|10)$/,
  'healthcheck-unhealthy-threshold': /^([2-9]|10)$/,
  'additional-resource-tags': /=/,
});

/** Defaults of storage.k8s.io/v1 (kubernetes API reference). */
const classDefaults = { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' } as const;

/** Of the EBS CSI driver's parameters. */
const volumeParameters: Readonly<Record<string, RegExp>> = {
  type: /^gp[23]$/,
  encrypted: /^(true|false)$/,
  kmsKeyId: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  tagSpecification_: /=/,
};

function checkSchedule(cron: KubeObjectState): void {
  const schedule = textAt(cron, 'spec', 'schedule');
  const why = schedule === '' ? undefined : scheduleRefusal(schedule);
  if (why === undefined) return;
  throw new Refusal(
    'Invalid',
    `CronJob.batch "${cron.metadata.name}" is invalid: spec.schedule: Invalid value: "${schedule}": ${why}`,
  );
}

function checkStorageClass(object: KubeObjectState, old: KubeObjectState | undefined): void {
  if (object['provisioner'] === 'ebs.csi.aws.com')
    checkValues('parameter', mapAt(object, 'parameters'), volumeParameters);
  if (old === undefined) return;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
    if (sameJson(object[field], old[field])) continue;
    throw new Refusal(
      'Invalid',
      `StorageClass "${object.metadata.name}" is invalid: ${field}: Forbidden: updates to ${field} are forbidden.`,
    );
  }
}

function defaultNamespace(namespace: KubeObjectState): void {
  const { metadata } = namespace;
  metadata.labels = { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels };
  namespace['status'] ??= { phase: 'Active' };
}

/** The deployment controller's mark on each Deployment. */
function firstRevision({ metadata }: KubeObjectState): void {
  metadata.annotations = { 'deployment.kubernetes.io/revision': '1', ...metadata.annotations };
}

function specOf(object: KubeObjectState): Json {
  return isJson(object['spec']) ? object['spec'] : {};
}

/** An API server stores `stringData` as base64 under `data`. */
function encodeSecret(secret: KubeObjectState): void {
  const plain = mapAt(secret, 'stringData');
  const encoded = Object.entries(plain).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  secret['data'] = { ...mapAt(secret, 'data'), ...Object.fromEntries(encoded) };
  delete secret['stringData'];
}

/** The words of Kubernetes 1.34 (observed), in which `.000000` is how Go writes the form. */
function requireMicroTimes(lease: KubeObjectState): void {
  for (const field of ['acquireTime', 'renewTime']) {
    const time = textAt(lease, 'spec', field);
    if (time === '' || /T\d\d:\d\d:\d\d\.\d{6}Z$/.test(time)) continue;
    const why = `parsing time "${time}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${time.slice(19)}" as ".000000"`;
    throw new Refusal('BadRequest', `Lease in version "v1" cannot be handled as a Lease: ${why}`);
  }
}

function withPrefix<Value>(prefix: string, values: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

/** Raises Problem `rehearsal-unmodelled` for one that would be ignored: an annotation of a load balancer, any parameter. */
function checkValues(
  what: 'annotation' | 'parameter',
  given: Readonly<Record<string, string>> = {},
  known: Readonly<Record<string, RegExp>>,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (what === 'annotation' && !name.startsWith(annotationPrefix)) continue;
    if (known[name.replace(/\d+$/, '')]?.test(value) !== true) {
      throw new Problem('rehearsal-unmodelled', { what: `the rehearsal does not model ${what} ${name}: ${value}` });
    }
  }
}
