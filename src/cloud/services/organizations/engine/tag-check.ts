/** Whether tags can be put on something of the organization. */
import type { TagPair } from '../../../kernel/tagging.ts'
import { type Tags, tagsProblem } from '../../../kernel/tags.ts'
import { invalidInput, violation } from './refusal.ts'

/** AWS: so many tags on a root, a unit, an account or a policy. */
const MAX_TAGS = 50

/** Gives the tags that are there with those given. Errors: InvalidInputException, ConstraintViolationException. */
export function checkedTags(present: Tags, given: readonly TagPair[]): Tags {
  const added = Object.fromEntries(given)
  if (Object.keys(added).length < given.length)
    throw invalidInput(
      'DUPLICATE_TAG_KEY',
      'Tag keys must be unique among the tags attached to the same entity.',
    )
  const tags = { ...present, ...added }
  if (Object.keys(tags).length > MAX_TAGS)
    throw violation(
      'MAX_TAG_LIMIT_EXCEEDED',
      'You have exceeded the number of tags allowed on this resource.',
    )
  const problem = tagsProblem(present, added)
  if (problem) throw invalidInput('INVALID_SYSTEM_TAGS_PARAMETER', problem)
  return tags
}
