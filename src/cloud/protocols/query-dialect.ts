/** The query protocol of a service that has left it: its collections have names there that its model does not carry. */
import type { ModelData, OperationData, ReferenceData, ShapeData } from './model-data.ts'

/** Gives the model with these names, and with the element that each answer of the protocol is in. */
export function inQuery(data: ModelData): ModelData {
  const { queryNames: names } = data
  if (!names) return data
  const operations = Object.entries(data.operations).map(([name, one]): [string, OperationData] => [
    name,
    one.output ? { ...one, wrapper: `${name}Result` } : one,
  ])
  const shapes = Object.entries(data.shapes).map(([name, one]): [string, ShapeData] => [
    name,
    renamed(one, names[name] ?? [], names),
  ])
  return { ...data, operations: Object.fromEntries(operations), shapes: Object.fromEntries(shapes) }
}

const called = (reference: string | ReferenceData, name: string | undefined): string | ReferenceData => {
  if (name === undefined) return reference
  return typeof reference === 'string' ? { shape: reference, name } : { ...reference, name }
}

/** A list is told by its items' name, a map by its entries', which stands with the member that holds it. */
function renamed(
  shape: ShapeData,
  own: readonly string[],
  names: NonNullable<ModelData['queryNames']>,
): ShapeData {
  if (shape.type === 'list') return { ...shape, member: called(shape.member!, own[0]) }
  if (shape.type === 'map')
    return { ...shape, key: called(shape.key!, own[1]), value: called(shape.value!, own[2]) }
  if (!shape.members) return shape
  const members = Object.entries(shape.members).map(([name, reference]) => {
    const entry = names[typeof reference === 'string' ? reference : reference.shape] ?? []
    return [name, called(reference, entry.length > 1 ? entry[0] : undefined)] as const
  })
  return { ...shape, members: Object.fromEntries(members) }
}
