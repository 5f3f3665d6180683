/** Naming and finding layers and their versions: by name and number, or by ARN. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type LayerVersion, layerVersions } from '../state.ts'
import { invalidValue } from './errors.ts'

export interface LayerRef {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly arn: string
}

/** One version of a layer; the ARN is the version's. */
export interface LayerVersionRef extends LayerRef {
  readonly version: number
  readonly layerArn: string
}

const LAYER = /^(?:arn:aws[\w-]*:lambda:([a-z0-9-]+):(\d{12}):layer:)?([\w-]+)$/
const VERSION = /^arn:aws[\w-]*:lambda:([a-z0-9-]+):(\d{12}):layer:([\w-]+):(\d+)$/

/** Reads a LayerName. Errors: InvalidParameterValueException for what names none. */
export function layerReference(ctx: Context, layerName: string): LayerRef {
  const [whole, region = ctx.region, account = ctx.account, name = ''] = LAYER.exec(layerName) ?? []
  if (whole === undefined) throw invalidValue(`Invalid Layer name: ${layerName}`)
  return { name, account, region, arn: formatArn('lambda', region, account, `layer:${name}`) }
}

/** As `layerReference`, with a version's number. */
export function layerVersionReference(ctx: Context, layerName: string, version: number): LayerVersionRef {
  const layer = layerReference(ctx, layerName)
  return { ...layer, version, layerArn: layer.arn, arn: `${layer.arn}:${version}` }
}

/** Reads the ARN of a layer's version. Errors: InvalidParameterValueException. */
export function layerVersionByArn(ctx: Context, arn: string): LayerVersionRef {
  const [whole, region = '', account = '', name = '', version = ''] = VERSION.exec(arn) ?? []
  if (whole === undefined) throw invalidValue(`Invalid Layer arn: ${arn}`)
  return layerVersionReference(ctx, formatArn('lambda', region, account, `layer:${name}`), Number(version))
}

export const layerKey = ({ name, version }: Pick<LayerVersionRef, 'name' | 'version'>): string =>
  `${name}:${version}`

export const layerNotFound = (): AwsError =>
  new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
    fields: { Type: 'User' },
  })

/** The versions of a layer, newest first. */
export const versionsOfLayer = (ctx: Context, { name, account, region }: LayerRef): LayerVersion[] =>
  ctx
    .table(layerVersions, account, region)
    .values()
    .filter((one) => one.name === name)
    .sort((a, b) => b.version - a.version)
