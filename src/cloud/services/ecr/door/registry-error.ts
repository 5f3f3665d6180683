/** Errors as image registries tell them: ECR's own, translated. */
import { AwsError } from '../../../../model/index.ts'
import type { Wanted } from './registry-call.ts'

type Told = readonly [status: number, code: string]

/** By the code of ECR's error, or of a failure beside an answer. */
const TOLD: Readonly<Record<string, Told>> = {
  Unauthorized: [401, 'UNAUTHORIZED'],
  InvalidClientTokenId: [401, 'UNAUTHORIZED'],
  Expired: [403, 'DENIED'],
  AccessDeniedException: [403, 'DENIED'],
  KmsException: [403, 'DENIED'],
  KmsError: [403, 'DENIED'],
  LayerInaccessibleException: [403, 'DENIED'],
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  NameInvalid: [404, 'NAME_INVALID'],
  ImageNotFound: [404, 'MANIFEST_UNKNOWN'],
  InvalidImageDigest: [400, 'DIGEST_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'DIGEST_INVALID'],
  InvalidLayerException: [400, 'DIGEST_INVALID'],
  InvalidLayerDigest: [400, 'DIGEST_INVALID'],
  ReferencedImagesNotFoundException: [404, 'MANIFEST_BLOB_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  ImageReferencedByManifestList: [400, 'MANIFEST_INVALID'],
  UploadNotFoundException: [404, 'BLOB_UPLOAD_UNKNOWN'],
  EmptyUploadException: [400, 'BLOB_UPLOAD_INVALID'],
  LayerPartTooSmallException: [400, 'SIZE_INVALID'],
  InvalidLayerPartException: [416, 'BLOB_UPLOAD_INVALID'],
  Unsupported: [405, 'UNSUPPORTED'],
}

type Kind = Wanted['kind']

/** By the code of ECR's error and by what was asked for. */
const TOLD_BY_KIND: Readonly<Record<string, Readonly<Partial<Record<Kind, Told>>>>> = {
  LayersNotFoundException: {
    manifests: [404, 'MANIFEST_BLOB_UNKNOWN'],
    blobs: [404, 'BLOB_UNKNOWN'],
  },
  InvalidParameterException: {
    manifests: [400, 'MANIFEST_INVALID'],
    blobs: [400, 'DIGEST_INVALID'],
    uploads: [400, 'BLOB_UPLOAD_INVALID'],
    tags: [400, 'NAME_INVALID'],
  },
}

/** Gives the status and the body for an error; undefined for what no service meant to answer. */
export function registryError(error: unknown, kind?: Kind): { status: number; body: string } | undefined {
  if (!(error instanceof AwsError)) return undefined
  const told = TOLD[error.code] ?? (kind && TOLD_BY_KIND[error.code]?.[kind])
  const [status, code] = told ?? [error.status, 'UNKNOWN']
  return { status, body: JSON.stringify({ errors: [{ code, message: error.message }] }) }
}

/** A failure that ECR tells beside its answer, as an error. */
export const failed = (failure: { failureCode?: string; failureReason?: string } | undefined): AwsError =>
  new AwsError(failure?.failureCode ?? 'ImageNotFound', failure?.failureReason ?? 'Requested image not found')
