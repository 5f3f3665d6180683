/**
 * What AWS publishes below `/aws/service` in every account: images of Amazon Linux and of ECS, as they were recommended on
 * 2026-05-01, and regions (systems-manager/latest/userguide/parameter-store-public-parameters.html).
 */
import { readFileSync } from 'node:fs'
import { REGIONS } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Parameter } from '../state.ts'
import { parameterArn } from './find.ts'

const RECORDED = Date.UTC(2026, 4, 1)
const ROOT = '/aws/service/'
const REGION_ROOT = `${ROOT}global-infrastructure/regions`

type Values = ReadonlyMap<string, string>

let images: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
const byRegion = new Map<string, Values>()

/** Gives the parameter that AWS publishes under a name in the caller's region. */
export function publicParameter(ctx: Context, name: string): Parameter | undefined {
  const value = name.startsWith(ROOT) ? valuesIn(ctx.region).get(name) : undefined
  return value === undefined ? undefined : parameterOf(ctx, name, value)
}

/** Gives all that AWS publishes in the caller's region whose names begin so. */
export const publicParameters = (ctx: Context, prefix: string): Parameter[] =>
  prefix.startsWith(ROOT)
    ? [...valuesIn(ctx.region)].flatMap(([name, value]) =>
        name.startsWith(prefix) ? [parameterOf(ctx, name, value)] : [],
      )
    : []

const parameterOf = (ctx: Context, name: string, value: string): Parameter => ({
  name,
  arn: parameterArn(ctx, name),
  versions: [
    {
      ...{ version: 1, type: 'String', value, tier: 'Standard', labels: [] },
      ...{ modifiedAt: RECORDED, modifiedBy: '' },
    },
  ],
  tags: {},
})

function valuesIn(region: string): Values {
  const known = byRegion.get(region)
  if (known) return known
  images ??= JSON.parse(
    readFileSync(new URL('./public-parameters/images.json', import.meta.url), 'utf8'),
  ) as never
  const own = Object.hasOwn(images!, region) ? images![region]! : {}
  const values = new Map([...Object.entries(own).flatMap(withFields), ...regionValues()])
  byRegion.set(region, values)
  return values
}

/** AWS: what is recommended is JSON, and each of its fields is a parameter too. */
function withFields([path, value]: [string, string]): [string, string][] {
  const name = `${ROOT}${path}`
  if (!path.endsWith('/recommended')) return [[name, value]]
  const fields = Object.entries(JSON.parse(value) as Record<string, string | number>)
  return [[name, value], ...fields.map(([field, one]): [string, string] => [`${name}/${field}`, String(one)])]
}

const regionValues = (): [string, string][] =>
  [...REGIONS].flatMap(([region, { zones, ...facts }]) => [
    [`${REGION_ROOT}/${region}`, region],
    ...Object.entries(facts).map(([field, value]): [string, string] => [
      `${REGION_ROOT}/${region}/${field}`,
      value,
    ]),
    ...zones.map((zone): [string, string] => [`${REGION_ROOT}/${region}/availability-zones/${zone}`, zone]),
  ])
