/** The JSON Schema of fleet files, looked at by path. */
import { entryOf } from '../model/index.ts'
import { fleetJsonSchema } from './schema.ts'

/** Between what a key means and what it becomes on AWS, in its description. */
export const BECOMES = ' → '

export interface SchemaNode {
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
}

let root: SchemaNode | undefined

/** Every part of the schema that may describe what stands at a path. */
export function schemaNodes(path: readonly PropertyKey[]): SchemaNode[] {
  const open = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(open)]
  root ??= fleetJsonSchema() as SchemaNode
  let nodes = open(root)
  for (const key of path)
    nodes = nodes
      .flatMap((node) => [
        typeof key === 'number' ? node.items : entryOf(node.properties, String(key)),
        typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined,
      ])
      .filter((node) => node !== undefined)
      .flatMap(open)
  return nodes
}
