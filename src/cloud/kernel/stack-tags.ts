/** Tags of a resource in a stack: the template's over the stack's, and what an update changes about them. */
import { entryOf } from '../../model/index.ts'
import type { Properties, ResourceContext } from './resource-type.ts'
import { type Tags, tagMap } from './tags.ts'

/** What brings a resource from the tags that it has to those that it is to have. */
export interface TagChange {
  readonly gone: string[]
  readonly changed: Tags
}

/** Templates hold tags as a list, for a few types as a map. */
const ownTags = ({ Tags: own = [] }: Properties): Tags =>
  Object.fromEntries(
    Object.entries(Array.isArray(own) ? tagMap(own) : (own as Tags)).map(([key, value]) => [
      key,
      String(value),
    ]),
  )

/** Gives the tags that a resource is to have. AWS: where stack and template have a key, the template's value stands. */
export const resourceTags = (properties: Properties, { stackTags }: ResourceContext): Tags => ({
  ...stackTags,
  ...ownTags(properties),
})

/** As `resourceTags`, of a service that takes no `aws:` tags, not even CloudFormation's. */
export const userTags = (properties: Properties, rc: ResourceContext): Tags =>
  Object.fromEntries(Object.entries(resourceTags(properties, rc)).filter(([key]) => !key.startsWith('aws:')))

/**
 * Gives what an update changes. AWS: what the template or the stack had and has no longer is taken off; tags that were
 * put on beside them stay.
 */
export const tagChange = (properties: Properties, previous: Properties, rc: ResourceContext): TagChange =>
  tagDifference(resourceTags(properties, rc), { ...rc.previousStackTags, ...ownTags(previous) })

/** Gives what brings tags from `present` to `wanted`. */
export const tagDifference = (wanted: Tags, present: Tags): TagChange => ({
  gone: Object.keys(present).filter((key) => !Object.hasOwn(wanted, key)),
  changed: Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => entryOf(present, key) !== value),
  ),
})

/** Whether there is any tag among them. */
export const hasTags = (tags: Tags): boolean => Object.keys(tags).length > 0
