/** Where Karmada's images are pulled from. */

export interface Images {
  /** `REGISTRY[/PREFIX]` that has all images under their own names; undefined: those that Karmada takes by itself. */
  readonly imageRegistry: string | undefined;
  /** Country whose mirror has the images of Kubernetes' own components, whatever the registry; undefined: none. */
  readonly imageMirrorCountry: 'cn' | undefined;
  /** Whether they are pulled with logins, which are in a Secret in the parent. */
  readonly pullsWithSecret: boolean;
  /**
   * Absolute path of a Docker configuration with these logins, given to this run. It is in no description: one that somebody else
   * wrote must not choose a file of this machine.
   */
  readonly imagePullSecret: string | undefined;
}

/** As a request has them. */
interface Fields {
  readonly imageRegistry?: string | undefined;
  readonly imageMirrorCountry?: 'cn' | 'none' | undefined;
  readonly imagePullSecret?: string | undefined;
  readonly pullsWithSecret?: boolean | undefined;
}

/** Ends what was wanted before: the images come again from where Karmada takes them by itself. */
const noImages = 'none';

/**
 * A registry with a path for its images, without a scheme. Without a dot, a port or `localhost` its first part would be a user of
 * Docker Hub (distribution/reference, normalize.go, `splitDockerDomain`).
 */
export const imageRegistryPattern =
  /^(none|(?=[^/]*[.:]|localhost)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*)$/;

export function imagesOf({
  imageRegistry,
  imageMirrorCountry,
  imagePullSecret,
  pullsWithSecret = false,
}: Fields): Images {
  return {
    imageRegistry: imageRegistry === noImages ? undefined : imageRegistry,
    imageMirrorCountry: imageMirrorCountry === noImages ? undefined : imageMirrorCountry,
    pullsWithSecret: imagePullSecret === undefined ? pullsWithSecret : imagePullSecret !== noImages,
    imagePullSecret: imagePullSecret === noImages ? undefined : imagePullSecret,
  };
}

/** The part of a request that describes them; what is not set is left out. */
export function imagesRequest({ imageRegistry, imageMirrorCountry, pullsWithSecret }: Images): {
  readonly imageRegistry?: string;
  readonly imageMirrorCountry?: 'cn';
  readonly pullsWithSecret?: true;
} {
  return {
    ...(imageRegistry === undefined ? {} : { imageRegistry }),
    ...(imageMirrorCountry === undefined ? {} : { imageMirrorCountry }),
    ...(pullsWithSecret ? { pullsWithSecret } : {}),
  };
}

/** An image of the registry under the name that it has in Karmada's own; undefined: the one that the tool takes by itself. */
export function imageIn({ imageRegistry }: Images, image: string): string | undefined {
  return imageRegistry === undefined ? undefined : `${imageRegistry}/${image}`;
}

/** Where the images of Kubernetes' own components come from, and those of Karmada (karmada 1.18.2, cmdinit/kubernetes/deploy.go). */
export function imageSources({ imageRegistry, imageMirrorCountry }: Images): {
  readonly kubernetes: string;
  readonly karmada: string;
} {
  const mirror = imageMirrorCountry && mirrors[imageMirrorCountry];
  return {
    kubernetes: mirror ?? imageRegistry ?? 'registry.k8s.io',
    karmada: imageRegistry ?? 'docker.io/karmada',
  };
}

/** The registries that the images come from, each once. */
export function registryHosts(images: Images): readonly string[] {
  const { karmada, kubernetes } = imageSources(images);
  return [...new Set([karmada, kubernetes].map((source) => source.replace(/\/.*/, '')))];
}

const mirrors = { cn: 'registry.cn-hangzhou.aliyuncs.com/google_containers' } as const;
