/** The condition keys of tags that a request brings, read by the operation's model so that no service can forget them. */
import type { ConditionContext } from '../../iam/index.ts'
import { entryOf } from '../../model/index.ts'
import type { Member, OperationModel, Shape } from '../protocols/index.ts'

type Read = (value: unknown) => ConditionContext | undefined

/** What of a request's members brings tags; undefined where nothing does, which is most operations. */
const readers = new WeakMap<OperationModel, Read | undefined>()

/**
 * Gives aws:RequestTag/… and aws:TagKeys; undefined where the request brings no tags.
 * AWS: tags come in `Tags` or `tags`, as pairs in three spellings or as a map; keys to remove in `TagKeys` or `tagKeys`,
 * with logs:UntagLogGroup in `tags`. Only s3:CreateBucket has them one level down.
 */
export function requestTags(operation: OperationModel, input: unknown): ConditionContext | undefined {
  if (!readers.has(operation)) readers.set(operation, operation.input && readerOf(operation.input))
  return readers.get(operation)?.(input)
}

/** Whether an operation's requests can bring tags. */
export const bringsTags = (operation: OperationModel): boolean =>
  operation.input !== undefined && readerOf(operation.input) !== undefined

function readerOf(input: Shape): Read | undefined {
  for (const member of input.members) {
    const read = memberReader(member) ?? nestedReader(member)
    if (read) return (given) => read(entryOf((given ?? {}) as Record<string, unknown>, member.name))
  }
  return undefined
}

function nestedReader({ shape }: Member): Read | undefined {
  const inner = shape.type === 'structure' ? shape.members.find(memberReader) : undefined
  const read = inner && memberReader(inner)
  return read && ((given) => read(entryOf((given ?? {}) as Record<string, unknown>, inner.name)))
}

function memberReader({ name, shape }: Member): Read | undefined {
  const plain = name.toLowerCase()
  if (plain === 'tagkeys' && shape.type === 'list') return keysAlone
  if (plain !== 'tags') return undefined
  if (shape.type === 'map') return (given) => keysOf(Object.entries((given ?? {}) as Record<string, string>))
  if (shape.type !== 'list') return undefined
  const { shape: element } = shape.element
  if (element.type === 'string') return keysAlone
  const pair = (ending: string) =>
    element.members.find((one) => one.name.toLowerCase().endsWith(ending))?.name
  const key = pair('key')
  const value = pair('value')
  if (key === undefined || value === undefined) return undefined
  return (given) =>
    keysOf(((given ?? []) as Record<string, string>[]).map((tag) => [tag[key] ?? '', tag[value] ?? '']))
}

const keysAlone: Read = (given) => {
  const keys = (given ?? []) as string[]
  return keys.length ? { 'aws:TagKeys': keys } : undefined
}

function keysOf(tags: readonly (readonly [key: string, value: string])[]): ConditionContext | undefined {
  if (!tags.length) return undefined
  const values = Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value]))
  return { ...values, 'aws:TagKeys': tags.map(([key]) => key) }
}
