/** The three operations on tags that nearly every service has: to tag, to untag, to list. */
import type { ServiceId } from './api.ts'
import type { Context } from './context.ts'
import type { Operation } from './operation.ts'
import type { Tagged, TagPair } from './tagging.ts'
import type { Tags } from './tags.ts'

type Fields = Readonly<Record<string, unknown>>

/** How tags stand on the wire. */
export interface TagForm<W> {
  read(given: unknown): readonly TagPair[]
  write(tags: Tags): W
}

/** A list of pairs, in the service's spelling. */
export const tagPairs = <K extends string, V extends string>(
  key: K,
  value: V,
): TagForm<Record<K | V, string>[]> => ({
  read: (given) =>
    ((given ?? []) as Record<string, string>[]).map((tag) => [tag[key] ?? '', tag[value] ?? ''] as const),
  write: (tags) =>
    Object.entries(tags).map(([name, text]) => ({ [key]: name, [value]: text }) as Record<K | V, string>),
})

export const tagRecord: TagForm<Record<string, string>> = {
  read: (given) => Object.entries((given ?? {}) as Record<string, string>),
  write: (tags) => ({ ...tags }),
}

interface TagOperations<I> {
  readonly service: ServiceId
  /** TagResource, UntagResource and ListTagsForResource unless said otherwise. */
  readonly names?: readonly [tag: string, untag: string, list: string]
  /** The members that bring tags and the keys of tags. */
  readonly members: readonly [tags: string, keys: string]
  readonly form: TagForm<unknown>
  /** What a request names; called before and after it is authorized. */
  readonly resource: (input: I, ctx: Context) => Tagged
  /** What is refused once the request is authorized, before the resource is looked for. */
  readonly check?: (input: I, ctx: Context) => void
  /** The answer to the listing, where it is not all of them in the member that tags are brought in. */
  readonly listed?: (all: unknown, input: I) => Fields
}

/** Gives the operations that tag, untag and list; input and output are the model's. */
export function tagOperations<I>(
  definition: TagOperations<I>,
): readonly [tag: Operation, untag: Operation, list: Operation] {
  const { service, members, form, resource, check } = definition
  const [tag, untag, list] = definition.names ?? ['TagResource', 'UntagResource', 'ListTagsForResource']
  const listed = definition.listed ?? ((all: unknown) => ({ [members[0]]: all }))
  const named = (name: string, run: (one: Tagged, input: I & Fields, ctx: Context) => Fields): Operation => ({
    service,
    name,
    access: (input: I & Fields, ctx: Context) => [resource(input, ctx).on(ctx, name)],
    run: (input: I & Fields, ctx: Context) => {
      check?.(input, ctx)
      return run(resource(input, ctx), input, ctx)
    },
  })
  return [
    named(tag, (one, input, ctx) => {
      one.add(ctx, form.read(input[members[0]]))
      return {}
    }),
    named(untag, (one, input, ctx) => {
      one.remove(ctx, (input[members[1]] ?? []) as string[])
      return {}
    }),
    named(list, (one, input, ctx) => listed(form.write(one.tags(ctx)), input)),
  ]
}
