/** The properties of serverless resources, and what their values look like. */

import { Unknown } from '../../values/value.ts'

export type Properties = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown)

/** Gives the name of the only function in a value: `Ref`, `Fn::If`, … */
export function functionName(value: unknown): string | undefined {
  if (!isMap(value)) return undefined
  const [name, ...others] = Object.keys(value)
  return others.length === 0 && name !== undefined && /^(Ref|Condition|Fn::.+)$/.test(name) ? name : undefined
}

export const NO_VALUE = { Ref: 'AWS::NoValue' }
export const isNoValue = (value: unknown): boolean => isMap(value) && value.Ref === 'AWS::NoValue'

export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

export const pick = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  )

/** `{ a: 1 }` as `[{ Key: 'a', Value: 1 }]`. */
export const tagList = (tags: unknown): { Key: string; Value: unknown }[] =>
  isMap(tags) ? Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) : []

/** AWS: what SAM makes carries a tag, unless it is told to hand on the user's own. */
export function ownTags(
  { Tags, PropagateTags }: Properties,
  createdBy: string,
): { Key: string; Value: unknown }[] {
  const own = PropagateTags === true && Tags !== undefined
  return [...(own ? [] : [{ Key: createdBy, Value: 'SAM' }]), ...tagList(Tags)]
}
