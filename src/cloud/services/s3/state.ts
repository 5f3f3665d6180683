/** What S3 keeps: buckets under one global name space, object versions per bucket, and uploads in parts. */

import type { Input } from '../../kernel/api.ts'
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import type { Cloud } from '../../kernel/cloud.ts'
import { collection, type Table } from '../../kernel/store.ts'

export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'
export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Configurations that are stored and given back as they were put. */
export interface StoredConfigurations {
  readonly lifecycle?: {
    readonly rules: Input<'s3', 'PutBucketLifecycleConfiguration'>['LifecycleConfiguration']
    readonly minimumSize?: string
  }
  readonly cors?: Input<'s3', 'PutBucketCors'>['CORSConfiguration']
  readonly logging?: Input<'s3', 'PutBucketLogging'>['BucketLoggingStatus']
  readonly website?: Input<'s3', 'PutBucketWebsite'>['WebsiteConfiguration']
  readonly notification?: Input<'s3', 'PutBucketNotificationConfiguration'>['NotificationConfiguration']
}

/** The encryption a bucket gives to objects that ask for none. */
export interface DefaultEncryption {
  readonly algorithm: Algorithm
  /** As it was put: key id, key ARN or alias; absent with `aws:kms` means the AWS managed key. */
  readonly key?: string
  readonly bucketKey: boolean
}

export interface PublicAccessSettings {
  readonly BlockPublicAcls: boolean
  readonly IgnorePublicAcls: boolean
  readonly BlockPublicPolicy: boolean
  readonly RestrictPublicBuckets: boolean
}

export interface Bucket {
  readonly name: string
  /** The owner's account id. */
  readonly account: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly ownership?: Ownership
  readonly publicAccessBlock?: PublicAccessSettings
  readonly encryption: DefaultEncryption
  readonly policy?: BoundPolicy
  readonly tags?: readonly Tag[]
  readonly configurations: StoredConfigurations
}

export type Algorithm = 'AES256' | 'aws:kms' | 'aws:kms:dsse'

/** How a body is encrypted at rest. The wrapped key is the data key as only KMS can open it. */
export type Encryption =
  | { readonly algorithm: 'AES256' }
  | {
      readonly algorithm: 'aws:kms' | 'aws:kms:dsse'
      readonly keyArn: string
      readonly wrappedKey: Uint8Array
      readonly context: Readonly<Record<string, string>>
      /** Members of `context` that the request asked for, besides `aws:s3:arn`. */
      readonly requested?: string
      readonly bucketKey: boolean
    }

/** A run of an object's bytes: in the record itself when small, else in a file of its own. */
export interface Segment {
  /** Bytes. */
  readonly size: number
  readonly bytes?: Uint8Array
  readonly file?: string
  /** Counter block the segment's encryption starts with, as 32 hexadecimal digits. */
  readonly iv?: string
  /** Number, checksum of the part that the segment was uploaded as. */
  readonly part?: number
  readonly checksum?: string
}

export interface Checksum {
  /** `CRC32`, `SHA256`, … */
  readonly algorithm: string
  /** Base64; of a composite one with `-` and the number of parts. */
  readonly value: string
  readonly type: 'FULL_OBJECT' | 'COMPOSITE'
}

/** Headers that S3 keeps with an object and gives back. */
export interface SystemMetadata {
  readonly CacheControl?: string
  readonly ContentDisposition?: string
  readonly ContentEncoding?: string
  readonly ContentLanguage?: string
  readonly ContentType?: string
  readonly Expires?: Date
  readonly WebsiteRedirectLocation?: string
}

export interface ObjectDetails {
  readonly encryption: Encryption
  readonly system: SystemMetadata
  readonly metadata: Readonly<Record<string, string>>
  readonly storageClass: string
  readonly tags: readonly Tag[]
  /** The account that owns the object: the bucket's, except in buckets with ACLs enabled. */
  readonly owner: string
  /** What an ACL of another owner's object leaves to the bucket's owner. */
  readonly bucketOwnerAccess?: 'read' | 'full'
}

export interface ObjectVersion extends ObjectDetails {
  readonly key: string
  /** `null` for versions written while the bucket was not versioned. */
  readonly versionId: string
  /** Rises with every version of the bucket. */
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly modified: number
  readonly deleteMarker: boolean
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly segments: readonly Segment[]
  readonly checksum?: Checksum
}

export interface UploadPart {
  readonly number: number
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Carries the part's number and checksum. */
  readonly segment: Segment
}

export interface Upload extends ObjectDetails {
  readonly id: string
  readonly key: string
  readonly initiated: number
  /** ARN of who began it. */
  readonly initiator: string
  /** Condition keys of encryption that the beginning request brought; they count for every part. */
  readonly conditions: Readonly<Record<string, string>>
  readonly checksumAlgorithm?: string
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
}

export const buckets = collection<Bucket>('s3.buckets')
/** AWS: bucket names are shared by all accounts of a partition, so there is one table for them all. */
export const bucketTable = (cloud: Cloud): Table<Bucket> => cloud.store.of(buckets)

/** One table per bucket; its name stands where other tables have an account. */
export const objectVersions = collection<ObjectVersion>('s3.versions')
const parts = collection<UploadPart>('s3.parts')

/** Gives the names of all body files that records speak of. */
export function filesInUse(cloud: Cloud): Set<string> {
  const bodies = [
    ...cloud.store
      .everywhere(objectVersions)
      .flatMap(({ table }) => table.values().map((one) => one.segments)),
    ...cloud.store.everywhere(parts).flatMap(({ table }) => table.values().map((one) => [one.segment])),
  ]
  return new Set(bodies.flat().flatMap(({ file }) => (file === undefined ? [] : [file])))
}

/** The parts of one upload, by number in five digits. */
export const partTable = (cloud: Cloud, bucket: string, uploadId: string): Table<UploadPart> =>
  cloud.store.of(parts, bucket, uploadId)

const uploads = collection<Upload>('s3.uploads')
export const uploadTable = (cloud: Cloud, bucket: string): Table<Upload> => cloud.store.of(uploads, bucket)

/** An upload that became an object. */
export interface Completion {
  readonly key: string
  /** Numbers and entity tags of the parts that were listed. */
  readonly parts: string
  /** Milliseconds since 1970. */
  readonly completed: number
  readonly conditions: Readonly<Record<string, string>>
  readonly answer: Readonly<Record<string, unknown>>
}

const completions = collection<Completion>('s3.completions')
/** By the upload's id. */
export const completionTable = (cloud: Cloud, bucket: string): Table<Completion> =>
  cloud.store.of(completions, bucket)
