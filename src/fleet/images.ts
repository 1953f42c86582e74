/** Where Karmada's images are pulled from. */
import type { FleetRequest } from './schema.js';

export interface Images {
  /** `REGISTRY[/PREFIX]` that has all images under their own names; undefined: those that Karmada takes by itself. */
  readonly imageRegistry: string | undefined;
  /** Country whose mirror has the images of Kubernetes' own components, whatever the registry; undefined: none. */
  readonly imageMirrorCountry: 'cn' | undefined;
}

/** Ends what was wanted before: the images come again from where Karmada takes them by itself. */
const noImages = 'none';

/**
 * A registry with a path for its images, without a scheme. Without a dot, a port or `localhost` its first part would be a user of
 * Docker Hub (distribution/reference, normalize.go, `splitDockerDomain`).
 */
export const imageRegistryPattern =
  /^(none|(?=[^/]*[.:]|localhost)[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*)$/;

export function imagesOf({ imageRegistry, imageMirrorCountry }: FleetRequest): Images {
  return {
    imageRegistry: imageRegistry === noImages ? undefined : imageRegistry,
    imageMirrorCountry: imageMirrorCountry === noImages ? undefined : imageMirrorCountry,
  };
}

/** The part of a request that describes them; what is not set is left out. */
export function imagesRequest({ imageRegistry, imageMirrorCountry }: Images): {
  readonly imageRegistry?: string;
  readonly imageMirrorCountry?: 'cn';
} {
  return {
    ...(imageRegistry === undefined ? {} : { imageRegistry }),
    ...(imageMirrorCountry === undefined ? {} : { imageMirrorCountry }),
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

const mirrors = { cn: 'registry.cn-hangzhou.aliyuncs.com/google_containers' } as const;
