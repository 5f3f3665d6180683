/** Addresses that layers are downloaded from: signed by the cloud, good for an hour. */
import { timingSafeEqual } from 'node:crypto'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Repository } from '../state.ts'

const LIFE = 3_600_000

export interface LayerPlace extends Pick<Repository, 'account' | 'region' | 'name'> {
  readonly digest: string
}

const FIELDS = ['account', 'region', 'name', 'digest', 'expires'] as const
type Fields = Record<(typeof FIELDS)[number], string>

const signature = (cloud: Cloud, fields: Fields): string =>
  cloud.sealer.sign(JSON.stringify(['ecr layer', ...FIELDS.map((field) => fields[field])]))

/** Gives the address of a layer. */
export function layerAddress(
  cloud: Cloud,
  { account, region, name }: Omit<LayerPlace, 'digest'>,
  digest: string,
): string {
  const fields = { account, region, name, digest, expires: String(cloud.clock.now() + LIFE) }
  const query = new URLSearchParams({ ...fields, signature: signature(cloud, fields) })
  return `${cloud.endpoint}/_ecr/layer?${query}`
}

/** Gives the layer that an address means; undefined when this cloud did not sign it, or longer than an hour ago. */
export function readLayerAddress(cloud: Cloud, query: URLSearchParams): LayerPlace | undefined {
  const fields = Object.fromEntries(FIELDS.map((field) => [field, query.get(field) ?? ''])) as Fields
  const given = Buffer.from(query.get('signature') ?? '')
  const right = Buffer.from(signature(cloud, fields))
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined
  return Number(fields.expires) > cloud.clock.now() ? fields : undefined
}
