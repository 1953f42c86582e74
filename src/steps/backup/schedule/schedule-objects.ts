/** The objects of scheduled backups in the parent. */
import { jobFiles, jobFolders } from '../../../backup/scheduled/job-settings.js';
import { backupJob } from '../../../fleet/backup-job.js';
import { fleetTag, pullSecretName } from '../../../fleet/names.js';
import { cronZone } from '../../../fleet/settings/cron.js';
import {
  backupJobLabel,
  graceMs,
  type ScheduleNote,
  scheduleAnnotation,
  sinceAnnotation,
} from '../../../state/backup-schedule.js';
import { fleetConfigMap } from '../../../state/fleet-configmap.js';
import type { FleetContext } from '../../context.js';
import { backupRoleArn } from './add-backup-role.js';

/** Of the image's user `node`; any will do that is not root. */
const user = 1000;

export interface AppliedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/**
 * ServiceAccount, Role, RoleBinding and CronJob: all that is applied, in this order. The service account tells of the schedule, too, in
 * case that somebody deletes the CronJob. `since`: when it is applied, as ISO text.
 */
export function scheduleObjects(context: FleetContext, note: ScheduleNote, since?: string): readonly AppliedObject[] {
  const told = { [scheduleAnnotation]: JSON.stringify(note) };
  const metadata = { ...backupJob, labels: { [fleetTag]: context.fleet.id } };
  const rbac = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, annotations: { 'eks.amazonaws.com/role-arn': backupRoleArn(context), ...told } },
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [fleetConfigMap.name], verbs: ['get'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: backupJob.name },
      subjects: [{ kind: 'ServiceAccount', ...backupJob }],
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { ...metadata, annotations: { ...told, ...(since === undefined ? {} : { [sinceAnnotation]: since }) } },
      spec: cronJobSpec(context.fleet.id, note),
    },
  ];
}

function cronJobSpec(fleetId: string, note: ScheduleNote): object {
  const labels = { ...backupJobLabel, [fleetTag]: fleetId };
  return {
    schedule: note.schedule,
    suspend: false,
    timeZone: cronZone,
    concurrencyPolicy: 'Forbid',
    // While the control plane of EKS is updated, a time may pass.
    startingDeadlineSeconds: graceMs / 1000,
    successfulJobsHistoryLimit: 1,
    failedJobsHistoryLimit: 2,
    jobTemplate: {
      metadata: { labels },
      spec: {
        backoffLimit: 1,
        activeDeadlineSeconds: graceMs / 1000,
        template: { metadata: { labels }, spec: podSpec(note) },
      },
    },
  };
}

function podSpec({ image, pullsWithSecret, program, secrets }: ScheduleNote): object {
  const mounts = [
    { name: 'program', mountPath: jobFolders.program, readOnly: true },
    { name: 'work', mountPath: jobFolders.work },
    ...secrets.map((name) => ({ name: volumeOf(name), mountPath: `${jobFolders.secrets}/${name}`, readOnly: true })),
  ];
  return {
    serviceAccountName: backupJob.name,
    restartPolicy: 'Never',
    ...(pullsWithSecret ? { imagePullSecrets: [{ name: pullSecretName }] } : {}),
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'backup',
        image,
        // By a tag it is meant to get fixes, which nodes that have it would not ask for.
        imagePullPolicy: image.includes('@') ? 'IfNotPresent' : 'Always',
        // Both, so that whatever somebody adds to either is noticed.
        command: ['node'],
        args: [`${jobFolders.program}/${jobFiles.program}`],
        terminationMessagePolicy: 'FallbackToLogsOnError',
        // etcd's data passes through; what an inventory is made of is held.
        resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: mounts,
      },
    ],
    volumes: [
      { name: 'program', configMap: { name: program } },
      // etcd's data, encrypted with a key that is never written, and the backup: etcd holds at most 8 GiB (etcd 3.6, limits).
      { name: 'work', emptyDir: { sizeLimit: '20Gi' } },
      ...secrets.map((name) => ({ name: volumeOf(name), secret: { secretName: name, defaultMode: 0o440 } })),
    ],
  };
}

/** Names of volumes are shorter than those of Secrets. */
function volumeOf(secret: string): string {
  return `secret-${secret}`.slice(0, 63);
}

/** The program; too large for kubectl to note what it applied, so it is created, and never changed. */
export function programObject({ fleet }: FleetContext, name: string, data: Readonly<Record<string, string>>): object {
  const metadata = { name, namespace: backupJob.namespace, labels: { ...backupJobLabel, [fleetTag]: fleet.id } };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data, immutable: true };
}
