/** What ECR keeps: repositories, the layers and images in them, and uploads that are under way. */
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export type Mutability = 'MUTABLE' | 'IMMUTABLE' | 'MUTABLE_WITH_EXCLUSION' | 'IMMUTABLE_WITH_EXCLUSION'

/** The KMS key of a repository, with the grants by which ECR may use it. */
export interface RepositoryKey {
  readonly arn: string
  readonly grantIds: readonly string[]
}

export interface Repository {
  readonly name: string
  readonly arn: string
  readonly account: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly mutability: Mutability
  /** Wildcards of tags that the mutability does not hold for. */
  readonly exclusions: readonly string[]
  readonly scanOnPush: boolean
  /** Absent where ECR encrypts by itself (AES256). */
  readonly key?: RepositoryKey
  readonly tags: Tags
  readonly policy?: BoundPolicy
  readonly lifecycle?: { readonly text: string; readonly evaluatedAt: number }
}

/** How bytes under a repository's key can be read again. */
export interface Seal {
  /** The data key as KMS encrypted it, base64. */
  readonly dataKey: string
  readonly context: Readonly<Record<string, string>>
  /** The first counter block, hexadecimal. */
  readonly iv: string
}

/** A blob that images are made of: a layer, or a configuration. */
export interface Layer {
  readonly repository: string
  readonly digest: string
  /** Bytes, in clear. */
  readonly size: number
  /** Known once an image refers to it. */
  readonly mediaType?: string
  /** Name of the file it is in. */
  readonly file: string
  readonly seal?: Seal
}

export interface Image {
  readonly repository: string
  readonly digest: string
  readonly mediaType: string
  /** The manifest as it was sent, base64 of its bytes; under the seal where there is one. */
  readonly manifest: string
  readonly seal?: Seal
  readonly tags: readonly string[]
  /** Bytes; of a list of images the largest one's. */
  readonly size: number
  readonly artifactMediaType?: string
  /** Digests of the layers and of the configuration. */
  readonly layers: readonly string[]
  /** Digests of the images that a list names. */
  readonly images: readonly string[]
  /** Digest of the image that this one says something about. */
  readonly subject?: string
  readonly pushedAt: number
  readonly pulledAt?: number
}

export interface Upload {
  readonly id: string
  readonly repository: string
  /** Bytes that have come so far. */
  readonly received: number
  /** A part that only the last one may be: below the least size of parts. */
  readonly hasSmallPart: boolean
  /** A small part was followed by another. */
  readonly isBroken: boolean
  readonly seal?: Seal
}

/** A lifecycle policy tried out on the images of one moment. */
export interface LifecyclePreview {
  readonly text: string
  readonly results: readonly {
    readonly digest: string
    readonly tags: readonly string[]
    readonly pushedAt: number
    readonly priority: number
  }[]
}

/** By name. */
export const repositories = collection<Repository>('ecr.repositories')
/** By `<repository>@<digest>`, as layers. */
export const images = collection<Image>('ecr.images')
export const layers = collection<Layer>('ecr.layers')
/** By id. */
export const uploads = collection<Upload>('ecr.uploads')
/** By repository. */
export const previews = collection<LifecyclePreview>('ecr.lifecyclePreviews')

/** The key of a layer or an image in its table. */
export const inRepository = (repository: string, digest: string): string => `${repository}@${digest}`
