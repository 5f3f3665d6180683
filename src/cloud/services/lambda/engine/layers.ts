/** The layers of a function: which it may have, and where its processes find what is in them. */
import { join } from 'node:path'
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { layerVersionKind } from '../kinds.ts'
import type { FunctionVersion, UsedLayer } from '../state.ts'
import { codeFolder, UNPACKED_LIMIT, unpackedSize } from './code.ts'
import { invalidValue } from './errors.ts'
import { layerVersionByArn } from './find-layer.ts'

/** AWS: layers of a function ("Lambda quotas"). */
const MOST = 5

/** AWS: whoever gives a function layers needs lambda:GetLayerVersion on each, across accounts by the layer's policy as well. */
export const accessToLayers = (ctx: Context, layers: readonly string[] = []): AccessRequest[] =>
  layers.map((arn) => layerVersionKind.on(ctx, 'GetLayerVersion', layerVersionByArn(ctx, arn)))

/** Gives the layers that a function is to have. Errors: InvalidParameterValueException for what it cannot. */
export function layersFrom(ctx: Context, arns: readonly string[]): UsedLayer[] {
  if (arns.length > MOST) throw invalidValue(`Cannot reference more than ${MOST} layers.`)
  const refs = arns.map((arn) => layerVersionByArn(ctx, arn))
  if (refs.some(({ region }) => region !== ctx.region))
    throw invalidValue(
      `Layers are not in the same region as the function. Layers are expected to be in region ${ctx.region}.`,
    )
  if (new Set(refs.map(({ layerArn }) => layerArn)).size < refs.length)
    throw invalidValue(
      'Two different versions of the same layer are not allowed to be referenced in the same function.',
    )
  return refs.map((ref) => {
    const { codeSha256, codeSize } = layerVersionKind.find(ctx, ref, () =>
      invalidValue(`Layer version ${ref.arn} does not exist.`),
    )
    return { arn: ref.arn, codeSha256, codeSize }
  })
}

/** Errors: InvalidParameterValueException where code and layers are too large together. */
export function checkUnpackedSize(
  cloud: Cloud,
  { codeSha256, layers = [] }: Pick<FunctionVersion, 'codeSha256' | 'layers'>,
): void {
  if (!layers.length) return
  const size = [{ codeSha256 }, ...layers].reduce((sum, one) => sum + unpackedSize(cloud, one.codeSha256), 0)
  if (size > UNPACKED_LIMIT)
    throw invalidValue(
      `Function code combined with layers exceeds the maximum allowed size of ${UNPACKED_LIMIT} bytes. The actual size is ${size} bytes.`,
    )
}

/** The layers as the API shows them. */
export const describeLayers = ({ layers }: FunctionVersion): Pick<FunctionConfiguration, 'Layers'> =>
  layers?.length ? { Layers: layers.map(({ arn, codeSize }) => ({ Arn: arn, CodeSize: codeSize })) } : {}

/** Where layers have things for each kind of search path; a later layer goes before an earlier one, as it would lie over it. */
export interface LayerPaths {
  readonly node: readonly string[]
  readonly python: readonly string[]
  readonly programs: readonly string[]
  readonly libraries: readonly string[]
}

/**
 * Gives the folders that a process looks into. AWS lays all layers over each other below /opt and has these paths there
 * ("Layer paths for each Lambda runtime"); here each stays where it was unpacked.
 */
export function layerPaths(cloud: Cloud, { layers = [], runtime }: FunctionVersion): LayerPaths {
  const folders = layers.map(({ codeSha256 }) => codeFolder(cloud, codeSha256)).reverse()
  const each = (...inside: readonly string[]) =>
    folders.flatMap((folder) => inside.map((one) => join(folder, one)))
  const major = /^nodejs(\d+)/.exec(runtime ?? '')?.[1]
  return {
    node: each(`nodejs/node${major}/node_modules`, 'nodejs/node_modules'),
    python: each(`python/lib/${runtime}/site-packages`, 'python'),
    programs: each('bin'),
    libraries: each('lib'),
  }
}
