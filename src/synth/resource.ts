/** Builds the resources of a template with their properties checked by the compiler. */
import type { ResourceProperties, TemplateResource } from '../model/index.ts'

type Attributes = Omit<TemplateResource, 'Type' | 'Properties'>

/** Gives a resource of a type that synthesis emits. */
export const resource = <Type extends keyof ResourceProperties>(
  type: Type,
  properties: ResourceProperties[Type],
  attributes: Attributes = {},
): TemplateResource => ({
  Type: type,
  ...attributes,
  Properties: properties as unknown as Readonly<Record<string, unknown>>,
})

/** Leaves out what is undefined, so that it does not show in the template. */
export function compact<T extends object>(value: T): T {
  const kept: Partial<T> = {}
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key]
  return kept as T
}
