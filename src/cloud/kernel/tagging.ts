/** How the tags of a kind of resource are kept, checked and seen by policies. */
import type { AwsError } from '../../model/index.ts'
import type { AccessRequest } from './access-request.ts'
import type { Context } from './context.ts'
import { type Tags, tagsProblem, withoutTags } from './tags.ts'

/** Pairs, not a record: services refuse a key that is given twice. */
export type TagPair = readonly [key: string, value: string]

export interface Tagging<R> {
  readonly of: (record: R) => Tags
  /** What stands before a tag's name in the condition keys of its resource. */
  readonly prefixes: readonly string[]
  /** The action that is asked besides where a resource is made with tags. */
  readonly creation?: string
  /** Absent where no operation changes tags alone. */
  readonly changes?: TagChanges<R>
}

export interface TagChanges<R> {
  readonly with: (record: R, tags: Tags) => R
  /** Gives the tags with more of them. Errors: the service's own for what it does not take. */
  readonly join: (present: Tags, given: readonly TagPair[]) => Tags
  readonly without: (present: Tags, keys: readonly string[]) => Tags
}

/** One resource as operations on tags see it. */
export interface Tagged {
  on(ctx: Context, action: string): AccessRequest
  tags(ctx: Context): Tags
  add(ctx: Context, given: readonly TagPair[]): void
  remove(ctx: Context, keys: readonly string[]): void
}

const AWS = ['aws:ResourceTag/']

/** Tags that no operation changes alone: they come with what makes and changes the resource. */
export const tagsSeen = <R>(of: (record: R) => Tags): Tagging<R> => ({ prefixes: AWS, of })

/** Tags that stand in the record's `tags`, seen as aws:ResourceTag unless said otherwise. */
export const tagsInRecord = <R extends { readonly tags: Tags }>({
  join,
  without = withoutTags,
  ...own
}: Pick<TagChanges<R>, 'join'> &
  Partial<Pick<TagChanges<R>, 'without'>> &
  Partial<Pick<Tagging<R>, 'prefixes' | 'creation'>>): Tagging<R> => ({
  of: (record) => record.tags,
  prefixes: AWS,
  changes: { join, without, with: (record, tags) => ({ ...record, tags }) },
  ...own,
})

/** Joins tags as most services do: the last of equal keys wins, and what is wrong is told in the service's words. */
export const joinTags =
  (refusal: (problem: string) => AwsError) =>
  (present: Tags, given: readonly TagPair[]): Tags => {
    const more = Object.fromEntries(given)
    const problem = tagsProblem(present, more)
    if (problem) throw refusal(problem)
    return { ...present, ...more }
  }
