/**
 * Runs CronJobs of scheduled backups by their time, and their jobs and pods (kubernetes 1.34, pkg/controller/cronjob/cronjob_controllerv2.go,
 * pkg/controller/job/job_controller.go). All others are kept and never run: what their programs do is not known here.
 */
import { Cron } from 'croner';
import { at, isJson, type Json, listAt, mapAt, numberAt, textAt } from '../../../json.js';
import type { ApiState, KubeObjectState, Moment } from '../../../state.js';
import { ownerUid } from '../../api-server/deletion.js';
import { touch } from '../../api-server/object-index.js';
import { builtIn, createObject, dropObject, listObjects, timestamp } from '../../api-server/store.js';
import { elapsed, notedNumber, notes, type Tick } from '../../tick.js';
import { isReady } from '../scheduling.js';
import { runBackup } from './backup-program.js';

/** From a ready container to its end [est]. */
const workMs = 8_000;

export function settleCronJobs(tick: Tick, api: ApiState): void {
  const crons = listObjects(api, 'cronjobs').filter(isBackup);
  for (const cron of crons) settleCron(tick, api, cron);
  for (const job of listObjects(api, 'jobs')) {
    const owner = ownerUid(job);
    if (owner === undefined || !isBackup(job)) continue;
    const cron = crons.find(({ metadata }) => metadata.uid === owner);
    if (cron === undefined) dropJob(api, job);
    else settleJob(tick, api, cron, job);
  }
}

function isBackup(object: KubeObjectState): boolean {
  const template = object.kind === 'CronJob' ? at(object, 'spec', 'jobTemplate', 'spec') : at(object, 'spec');
  const [container] = listAt(template, 'template', 'spec', 'containers');
  const words = [...listAt(container, 'command'), ...listAt(container, 'args')];
  return words.some((word) => String(word).endsWith('/backup.mjs'));
}

/** The latest time that has come counts; `Forbid` leaves it out while a job runs. */
function settleCron(tick: Tick, api: ApiState, cron: KubeObjectState): void {
  if (at(cron, 'spec', 'suspend') === true) return;
  const since = notedNumber(cron, 'dueSince') ?? Date.parse(textAt(cron, 'metadata', 'creationTimestamp'));
  const next = nextOf(cron, since);
  if (next === undefined) return;
  if (next > tick.at) {
    tick.wake(next);
    return;
  }
  let due = next;
  for (let later = nextOf(cron, due); later !== undefined && later <= tick.at; later = nextOf(cron, due)) due = later;
  notes(cron)['dueSince'] = due;
  tick.wake(tick.at);
  const isLate = tick.at - due > 1000 * (numberAt(cron, 'spec', 'startingDeadlineSeconds') ?? Number.POSITIVE_INFINITY);
  const isBusy = jobsOf(api, cron).some((job) => endOf(job) === undefined);
  if (isLate || isBusy) return;
  touch(api);
  cron['status'] = { ...mapAt(cron, 'status'), lastScheduleTime: timestamp(due) };
  const name = `${cron.metadata.name}-${Math.floor(due / 60_000)}`;
  const template = at(cron, 'spec', 'jobTemplate');
  const job = { ...(isJson(template) ? structuredClone(template) : {}) };
  createObject(api, builtIn('jobs'), owned(job, cron, name), tick.at);
}

function nextOf(cron: KubeObjectState, since: Moment): Moment | undefined {
  const times = new Cron(textAt(cron, 'spec', 'schedule'), {
    timezone: textAt(cron, 'spec', 'timeZone'),
    paused: true,
  });
  return times.nextRun(new Date(since))?.getTime();
}

function owned(manifest: Json, { kind, apiVersion, metadata }: KubeObjectState, name: string): Json {
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }];
  const given = isJson(manifest['metadata']) ? manifest['metadata'] : {};
  return { ...manifest, metadata: { ...given, name, namespace: metadata.namespace, ownerReferences } };
}

function jobsOf(api: ApiState, cron: KubeObjectState): readonly KubeObjectState[] {
  return listObjects(api, 'jobs', cron.metadata.namespace).filter((job) => ownerUid(job) === cron.metadata.uid);
}

function podsOfJob(api: ApiState, job: KubeObjectState): readonly KubeObjectState[] {
  return listObjects(api, 'pods', job.metadata.namespace).filter((pod) => ownerUid(pod) === job.metadata.uid);
}

function endOf(job: KubeObjectState): 'Complete' | 'Failed' | undefined {
  const types = listAt(job, 'status', 'conditions').map((each) => textAt(each, 'type'));
  return (['Complete', 'Failed'] as const).find((type) => types.includes(type));
}

function settleJob(tick: Tick, api: ApiState, cron: KubeObjectState, job: KubeObjectState): void {
  if (endOf(job) !== undefined) return;
  if (job['status'] === undefined) job['status'] = { startTime: timestamp(tick.at) };
  const deadlineMs = 1000 * (numberAt(job, 'spec', 'activeDeadlineSeconds') ?? Number.POSITIVE_INFINITY);
  if (elapsed(tick, job, 'activeSince', true, deadlineMs)) {
    // Its pods that run are ended, and go.
    for (const pod of podsOfJob(api, job)) if (!isOver(pod)) dropObject(api, 'pods', pod);
    end(tick, api, cron, job, ['Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline']);
    return;
  }
  const pods = podsOfJob(api, job);
  const running = pods.find((pod) => !isOver(pod));
  if (running === undefined) {
    startPod(tick, api, cron, job, pods.length);
    return;
  }
  if (!elapsed(tick, running, 'workingSince', isReady(running), workMs)) return;
  const failure = runBackup(tick, api, running);
  finish(running, failure);
  touch(api);
  if (failure === undefined) end(tick, api, cron, job, ['Complete', '', '']);
  tick.wake(tick.at);
}

/** A pod that failed is followed by another one, `backoffLimit` times. */
function startPod(tick: Tick, api: ApiState, cron: KubeObjectState, job: KubeObjectState, failed: number): void {
  if (failed > (numberAt(job, 'spec', 'backoffLimit') ?? 6)) {
    end(tick, api, cron, job, ['Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit']);
    return;
  }
  const template = at(job, 'spec', 'template');
  const pod = owned(isJson(template) ? structuredClone(template) : {}, job, `${job.metadata.name}-${failed}`);
  const metadata = pod['metadata'] as Json;
  metadata['labels'] = { ...mapAt(metadata, 'labels'), 'job-name': job.metadata.name };
  createObject(api, builtIn('pods'), pod, tick.at);
  tick.wake(tick.at);
}

/** Whether a pod has ended for good. */
function isOver(pod: KubeObjectState): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
}

/** `FallbackToLogsOnError`: the end of what it printed. */
function finish(pod: KubeObjectState, failure: string | undefined): void {
  const terminated =
    failure === undefined
      ? { exitCode: 0, reason: 'Completed' }
      : { exitCode: 4, reason: 'Error', message: `${failure}\n` };
  const phase = failure === undefined ? 'Succeeded' : 'Failed';
  pod['status'] = { phase, containerStatuses: [{ name: 'backup', ready: false, state: { terminated } }] };
}

function end(
  tick: Tick,
  api: ApiState,
  cron: KubeObjectState,
  job: KubeObjectState,
  [type, reason, message]: readonly ['Complete' | 'Failed', string, string],
): void {
  touch(api);
  const condition = { type, status: 'True', reason, message, lastTransitionTime: timestamp(tick.at) };
  job['status'] = { ...mapAt(job, 'status'), conditions: [condition] };
  if (type === 'Complete') cron['status'] = { ...mapAt(cron, 'status'), lastSuccessfulTime: timestamp(tick.at) };
  const limit = type === 'Complete' ? 'successfulJobsHistoryLimit' : 'failedJobsHistoryLimit';
  const ended = jobsOf(api, cron).filter((each) => endOf(each) === type);
  const surplus = ended.length - (numberAt(cron, 'spec', limit) ?? (type === 'Complete' ? 3 : 1));
  for (const old of ended.slice(0, Math.max(0, surplus))) dropJob(api, old);
  tick.wake(tick.at);
}

function dropJob(api: ApiState, job: KubeObjectState): void {
  for (const pod of podsOfJob(api, job)) dropObject(api, 'pods', pod);
  dropObject(api, 'jobs', job);
}
