/** The parts of Kubernetes objects that the product reads; other fields are preserved. */
import { z } from 'zod';

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().optional(),
  /** Whatever set one removes it when it has cleaned up; until then a deleted object stays. */
  finalizers: z.array(z.string()).optional(),
});

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});

export const anyObject = z.looseObject({ kind: z.string(), metadata });

/** With what is left to do before it is gone. */
export const namespaceState = anyObject.extend({
  status: z.looseObject({ conditions: z.array(condition).optional() }).optional(),
});

/** A propagated object; the `spec` of a definition names the type it defines. */
const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata,
  spec: z.unknown().optional(),
});

/** The status fields that Kubernetes' own workload types, and most others, report. */
const runningStatus = z.looseObject({
  readyReplicas: z.number().optional(),
  numberReady: z.number().optional(),
  active: z.unknown().optional(),
  phase: z.string().optional(),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
});

/** A Deployment or StatefulSet. */
export const workload = anyObject.extend({
  spec: z.looseObject({ replicas: z.number().optional(), podManagementPolicy: z.string().optional() }),
  status: z.looseObject({ readyReplicas: z.number().optional(), updatedReplicas: z.number().optional() }).optional(),
});

/** Of a component, with what its form is made of. */
const componentContainer = container.extend({
  resources: z.looseObject({ requests: z.record(z.string(), z.unknown()).optional() }).optional(),
  readinessProbe: z.looseObject({ periodSeconds: z.number().optional() }).optional(),
  lifecycle: z.looseObject({ preStop: z.unknown().optional() }).optional(),
});

const toleration = z.looseObject({
  key: z.string().optional(),
  operator: z.string().optional(),
  value: z.string().optional(),
  effect: z.string().optional(),
});

/** What the pods of a component are to be. */
const componentPod = z.looseObject({
  priorityClassName: z.string().optional(),
  tolerations: z.array(toleration).optional(),
  topologySpreadConstraints: z.array(z.looseObject({ topologyKey: z.string() })).optional(),
  affinity: z
    .looseObject({
      podAntiAffinity: z
        .looseObject({
          requiredDuringSchedulingIgnoredDuringExecution: z
            .array(z.looseObject({ topologyKey: z.string().optional() }))
            .optional(),
        })
        .optional(),
    })
    .optional(),
  containers: z.array(componentContainer),
  imagePullSecrets: z.array(z.looseObject({ name: z.string().optional() })).optional(),
  volumes: z
    .array(z.looseObject({ secret: z.looseObject({ secretName: z.string().optional() }).optional() }))
    .optional(),
});

const podMetadata = z.looseObject({
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

const rollingUpdate = z.looseObject({
  maxSurge: z.union([z.number(), z.string()]).optional(),
  maxUnavailable: z.union([z.number(), z.string()]).optional(),
  partition: z.number().optional(),
});

/** A component of Karmada: how it is rolled out, and what its pods are. */
export const componentWorkload = workload.extend({
  metadata: metadata.extend({ generation: z.number().optional() }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    podManagementPolicy: z.string().optional(),
    strategy: z.looseObject({ rollingUpdate: rollingUpdate.optional() }).optional(),
    updateStrategy: z.looseObject({ type: z.string().optional(), rollingUpdate: rollingUpdate.optional() }).optional(),
    template: z.looseObject({ metadata: podMetadata.optional(), spec: componentPod }).optional(),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      replicas: z.number().optional(),
      readyReplicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
    })
    .optional(),
});

/** Which pods may be evicted at once. */
export const disruptionBudget = anyObject.extend({
  spec: z.looseObject({
    selector: z
      .looseObject({
        matchLabels: z.record(z.string(), z.string()).optional(),
        matchExpressions: z
          .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
          .optional(),
      })
      .nullish(),
  }),
});

/** Puts taints on members by their conditions (policy.karmada.io/v1alpha1). */
export const taintPolicy = anyObject.extend({ spec: z.unknown() });

const containerStatus = z.looseObject({
  image: z.string().optional(),
  state: z
    .looseObject({
      waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).optional(),
      terminated: z.looseObject({ message: z.string().optional() }).optional(),
    })
    .optional(),
});

export const pod = anyObject.extend({
  spec: z
    .looseObject({
      nodeName: z.string().optional(),
      containers: z.array(container).optional(),
      volumes: z
        .array(z.looseObject({ persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional() }))
        .optional(),
    })
    .optional(),
  status: z
    .looseObject({
      phase: z.string().optional(),
      conditions: z.array(condition).optional(),
      containerStatuses: z.array(containerStatus).optional(),
      initContainerStatuses: z.array(containerStatus).optional(),
    })
    .optional(),
});

export const cronJob = anyObject.extend({
  spec: z.looseObject({ schedule: z.string(), suspend: z.boolean().optional() }),
  status: z.looseObject({ lastSuccessfulTime: z.string().nullish() }).optional(),
});

export const job = anyObject.extend({
  status: z
    .looseObject({ conditions: z.array(condition.extend({ lastTransitionTime: z.string().optional() })).optional() })
    .optional(),
});

export const service = anyObject.extend({
  spec: z.looseObject({
    type: z.string().optional(),
    loadBalancerSourceRanges: z.array(z.string()).optional(),
    publishNotReadyAddresses: z.boolean().optional(),
    ports: z.array(z.looseObject({ port: z.number(), nodePort: z.number().optional() })).optional(),
  }),
  status: z
    .looseObject({
      loadBalancer: z
        .looseObject({ ingress: z.array(z.looseObject({ hostname: z.string().optional() })).optional() })
        .optional(),
    })
    .optional(),
});

/** What happened to an object (core/v1); older programs write `lastTimestamp`, newer ones `eventTime`. */
export const event = anyObject.extend({
  type: z.string().optional(),
  reason: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.looseObject({ kind: z.string().optional(), name: z.string().optional() }),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
});

export const node = anyObject.extend({
  spec: z
    .looseObject({
      providerID: z.string().optional(),
      unschedulable: z.boolean().optional(),
      taints: z.array(z.looseObject({ key: z.string(), value: z.string().optional(), effect: z.string() })).optional(),
    })
    .optional(),
  status: z
    .looseObject({
      conditions: z.array(condition).optional(),
      addresses: z.array(z.looseObject({ type: z.string() })).optional(),
    })
    .optional(),
});

export const claim = anyObject.extend({
  spec: z.looseObject({ volumeName: z.string().optional(), storageClassName: z.string().optional() }).optional(),
  status: z.looseObject({ phase: z.string().optional() }).optional(),
});

/**
 * Its claim, its reclaim policy, and its id in the driver: a CSI driver, or the former in-tree driver, whose ids begin
 * with the zone (kubernetes API reference, AWSElasticBlockStoreVolumeSource).
 */
export const persistentVolume = anyObject.extend({
  spec: z.looseObject({
    capacity: z.looseObject({ storage: z.string().optional() }).optional(),
    persistentVolumeReclaimPolicy: z.string().optional(),
    claimRef: z.looseObject({ namespace: z.string().optional(), name: z.string() }).optional(),
    csi: z.looseObject({ driver: z.string(), volumeHandle: z.string() }).optional(),
    awsElasticBlockStore: z.looseObject({ volumeID: z.string() }).optional(),
    storageClassName: z.string().optional(),
  }),
});

export const storageClassObject = anyObject.extend({
  provisioner: z.string().optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  reclaimPolicy: z.string().optional(),
  volumeBindingMode: z.string().optional(),
});

export const configMap = anyObject.extend({ data: z.record(z.string(), z.string()).optional() });

/** `data` is base64. */
export const secret = anyObject.extend({ data: z.record(z.string(), z.string()).optional() });

/** The token of a service account: `data.token`, once the controller has made it (core/v1, `kubernetes.io/service-account-token`). */
export const tokenSecret = secret.extend({ type: z.string().optional() });

/** Whom an API takes somebody with this token for; nobody without `authenticated` (authentication.k8s.io/v1). */
export const tokenReview = z.looseObject({
  status: z
    .looseObject({
      authenticated: z.boolean().optional(),
      user: z.looseObject({ username: z.string().optional() }).optional(),
    })
    .optional(),
});

/** Gives subjects a role, in a namespace or everywhere. */
export const roleBinding = anyObject.extend({
  roleRef: z.looseObject({ name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string() })).nullish(),
});

/** `certificate` is base64 of PEM, once it is signed (certificates.k8s.io/v1). */
export const signingRequest = anyObject.extend({
  status: z.looseObject({ certificate: z.string().optional(), conditions: z.array(condition).optional() }).optional(),
});

/** The holder of a lease; times are ISO dates with microseconds (coordination.k8s.io/v1). */
export const lease = anyObject.extend({
  metadata: metadata.extend({ uid: z.string(), resourceVersion: z.string() }),
  spec: z.looseObject({
    holderIdentity: z.string().nullish(),
    acquireTime: z.string().nullish(),
    renewTime: z.string().nullish(),
  }),
});

/** A member as registered in Karmada (cluster.karmada.io/v1alpha1). */
export const memberCluster = anyObject.extend({
  spec: z.looseObject({
    syncMode: z.string(),
    apiEndpoint: z.string().optional(),
    id: z.string().optional(),
    region: z.string().optional(),
    provider: z.string().optional(),
    zones: z.array(z.string()).optional(),
    taints: z.array(z.looseObject({ key: z.string(), value: z.string().nullish(), effect: z.string() })).nullish(),
  }),
  status: z
    .looseObject({
      kubernetesVersion: z.string().optional(),
      conditions: z.array(condition).optional(),
      nodeSummary: z.looseObject({ totalNum: z.number().optional(), readyNum: z.number().optional() }).optional(),
    })
    .optional(),
});

/** What Karmada maintains in one member: the objects, and their last observed status (work.karmada.io/v1alpha1). */
export const work = anyObject.extend({
  spec: z.looseObject({
    preserveResourcesOnDeletion: z.boolean().optional(),
    workload: z.looseObject({ manifests: z.array(manifest).optional() }).optional(),
  }),
  status: z
    .looseObject({ manifestStatuses: z.array(z.looseObject({ status: runningStatus.nullish() })).optional() })
    .optional(),
});

/** Which members a policy allows; all without `clusterNames`, unless it selects by something else. */
const clusterAffinity = z.looseObject({ clusterNames: z.array(z.string()).nullish() });

/** Where Karmada has put one object (work.karmada.io/v1alpha2). */
export const binding = anyObject.extend({
  spec: z.looseObject({
    resource: z.looseObject({ kind: z.string(), namespace: z.string().optional(), name: z.string() }),
    clusters: z.array(z.looseObject({ name: z.string(), replicas: z.number().optional() })).nullish(),
    placement: z
      .looseObject({
        clusterAffinity: clusterAffinity.nullish(),
        clusterAffinities: z.array(clusterAffinity).nullish(),
        clusterTolerations: z
          .array(
            z.looseObject({
              key: z.string().optional(),
              operator: z.string().optional(),
              value: z.string().optional(),
              effect: z.string().optional(),
              tolerationSeconds: z.number().nullish(),
            }),
          )
          .nullish(),
      })
      .nullish(),
  }),
});

/** Defines a type. */
export const definition = anyObject.extend({
  spec: z
    .looseObject({ group: z.string().optional(), names: z.looseObject({ kind: z.string().optional() }).optional() })
    .optional(),
});

/** An API group in one version; `service` is set if another API server serves it. */
export const apiService = anyObject.extend({
  spec: z.looseObject({ service: z.looseObject({}).nullish() }).optional(),
});

/** The owner of an object, in its own namespace or cluster-scoped. */
const owner = z.looseObject({ kind: z.string(), uid: z.string() });

/** Any object with its running replicas and, if it has one, its owner. */
export const runningObject = anyObject.extend({
  apiVersion: z.string(),
  metadata: metadata.extend({ ownerReferences: z.array(owner).optional() }),
  status: runningStatus.nullish(),
});

/** Whether a node or a pod is there and reports itself Ready. */
export function isReady(found: KubeNode | KubePod | undefined): boolean {
  return found?.status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

export type RoleBinding = z.infer<typeof roleBinding>;
export type TokenSecret = z.infer<typeof tokenSecret>;
export type Manifest = z.infer<typeof manifest>;
export type RunningObject = z.infer<typeof runningObject>;
export type RunningStatus = z.infer<typeof runningStatus>;
export type KubeLease = z.infer<typeof lease>;
export type ComponentWorkload = z.infer<typeof componentWorkload>;
export type DisruptionBudget = z.infer<typeof disruptionBudget>;
export type KubeObject = z.infer<typeof anyObject>;
export type KubeNode = z.infer<typeof node>;
export type KubeSecret = z.infer<typeof secret>;
export type Binding = z.infer<typeof binding>;
export type KubeClaim = z.infer<typeof claim>;
export type KubeEvent = z.infer<typeof event>;
export type KubePod = z.infer<typeof pod>;
export type KubeService = z.infer<typeof service>;
export type StorageClassObject = z.infer<typeof storageClassObject>;
export type MemberCluster = z.infer<typeof memberCluster>;
