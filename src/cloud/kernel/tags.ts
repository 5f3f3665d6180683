/** Tags of resources: lists on the wire, records in the state, condition keys for policies. */

export type Tags = Readonly<Record<string, string>>
type TagList = readonly { readonly Key?: string; readonly Value?: string }[]

/** Gives a list of tags as a record; the last of equal keys wins. */
export const tagMap = (list: TagList = []): Tags =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]))

/** Gives tags as most services list them on the wire. */
export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** Gives the tags without the named keys. */
export const withoutTags = (tags: Tags, keys: readonly string[]): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)))

/** Gives the condition keys of the tags on a resource: aws:ResourceTag/…. */
export const resourceTagKeys = (tags: Tags = {}): Record<string, string> => prefixed('aws:ResourceTag/', tags)

const prefixed = (prefix: string, tags: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}${key}`, value]))

/** What is wrong with tags that are about to be put on a resource, in words; undefined when nothing is. */
export function tagsProblem(present: Tags, given: Tags): string | undefined {
  for (const [key, value] of Object.entries(given)) {
    if (key.toLowerCase().startsWith('aws:') && !key.startsWith('aws:cloudformation:'))
      return 'aws: prefixed tag key names are not allowed for external use.'
    if (!key || key.length > 128) return `The tag key "${key}" must have 1 to 128 characters.`
    if (value.length > 256) return `The value of the tag "${key}" must have at most 256 characters.`
  }
  const count = Object.keys({ ...present, ...given }).length
  return count > 50 ? `A resource can have at most 50 tags; this would be ${count}.` : undefined
}
