/** What an image's manifest says: its kind, and what it refers to. */

import { createHash } from 'node:crypto'
import { readJson } from '../../../../model/index.ts'
import { invalidAt, invalidParameter } from './find.ts'

const DOCKER = 'application/vnd.docker.distribution.manifest'
const OCI = 'application/vnd.oci.image'

/** Media types of a single image, and of a list of images. */
const IMAGE = [`${DOCKER}.v2+json`, `${OCI}.manifest.v1+json`]
const LIST = [`${DOCKER}.list.v2+json`, `${OCI}.index.v1+json`]

interface Descriptor {
  readonly mediaType?: string
  readonly digest?: string
  readonly size?: number
}

interface Document {
  readonly schemaVersion?: number
  readonly mediaType?: string
  readonly artifactType?: string
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
  readonly manifests?: readonly Descriptor[]
  readonly subject?: Descriptor
}

export interface Manifest {
  readonly mediaType: string
  /** What kind of thing it is: the configuration's media type, or the one it is given. */
  readonly artifactMediaType?: string
  /** The configuration and the layers, with their media types. */
  readonly blobs: readonly {
    readonly digest: string
    readonly mediaType?: string
    readonly isForeign: boolean
  }[]
  readonly images: readonly string[]
  readonly subject?: string
  /** Bytes, as the manifest tells them. */
  readonly size: number
}

/** Gives the digest of an image: its manifest's. */
export const manifestDigest = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`

/**
 * Reads a manifest; `mediaType` is what the request says it is.
 * Errors: InvalidParameterException. Manifests of Docker's first schema are refused by name.
 */
export function readManifest(text: string, mediaType?: string): Manifest {
  const document = parse(text)
  if (document.schemaVersion === 1)
    throw invalidParameter('The embedded cloud does not support manifests of Docker schema version 1.')
  const kind = mediaTypeOf(document, mediaType)
  const { config, layers = [], manifests = [], subject } = document
  const isList = LIST.includes(kind)
  if (isList ? !Array.isArray(document.manifests) : !config?.digest || !Array.isArray(document.layers))
    throw invalidAt('ImageManifest', `Invalid manifest of type ${kind}`)
  const blobs = isList ? [] : [config!, ...layers]
  return {
    mediaType: kind,
    artifactMediaType: document.artifactType ?? config?.mediaType,
    blobs: blobs.map((one) => ({
      digest: digestOf(one),
      mediaType: one.mediaType,
      isForeign: /foreign|nondistributable/.test(one.mediaType ?? ''),
    })),
    images: manifests.map(digestOf),
    ...(subject && { subject: digestOf(subject) }),
    size: blobs.reduce((sum, one) => sum + (one.size ?? 0), 0),
  }
}

/** Whether the members are of the types that both specifications give them. */
function isDocument(value: unknown): value is Document {
  if (!isRecord(value)) return false
  const { mediaType, artifactType, config, layers, manifests, subject } = value
  const single = [config, subject].filter((one) => one !== undefined)
  return (
    [mediaType, artifactType].every(isTextOrAbsent) &&
    [layers, manifests].every((list) => list === undefined || Array.isArray(list)) &&
    [...single, ...((layers as unknown[]) ?? []), ...((manifests as unknown[]) ?? [])].every(isDescriptor)
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string'

const isDescriptor = (value: unknown): boolean =>
  isRecord(value) &&
  isTextOrAbsent(value.mediaType) &&
  isTextOrAbsent(value.digest) &&
  (value.size === undefined || typeof value.size === 'number')

function parse(text: string): Document {
  try {
    const document: unknown = readJson(text)
    if (isDocument(document)) return document
  } catch {
    // Told below.
  }
  throw invalidAt('ImageManifest', 'Invalid JSON syntax')
}

function mediaTypeOf(document: Document, given: string | undefined): string {
  const derived = document.manifests ? LIST[1] : IMAGE[1]
  const kind = document.mediaType ?? given ?? derived!
  if (given !== undefined && given !== kind)
    throw invalidAt('ImageManifestMediaType', `The manifest is of type ${kind}, not ${given}`)
  if (![...IMAGE, ...LIST].includes(kind))
    throw invalidParameter(`The manifest media type '${kind}' is not supported.`)
  return kind
}

function digestOf({ digest }: Descriptor): string {
  if (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest
  throw invalidAt('ImageManifest', `Invalid digest ${digest}`)
}
