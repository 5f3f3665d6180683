/** A lifecycle rule as CloudFormation writes it, turned into what the API takes. */
import type { Properties } from '../../../kernel/resource-type.ts'
import { flag, number } from './property.ts'

export function lifecycleRule(rule: Properties) {
  const abortAfter = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: filter(rule),
    Expiration: expiration(rule),
    NoncurrentVersionExpiration: noncurrentExpiration(rule),
    Transitions: transitions(rule),
    NoncurrentVersionTransitions: noncurrentTransitions(rule),
    AbortIncompleteMultipartUpload:
      abortAfter === undefined ? undefined : { DaysAfterInitiation: Number(abortAfter) },
  }
}

function filter(rule: Properties) {
  const tags: Properties[] = rule.TagFilters ?? []
  const single = {
    Prefix: rule.Prefix,
    ObjectSizeGreaterThan: number(rule.ObjectSizeGreaterThan),
    ObjectSizeLessThan: number(rule.ObjectSizeLessThan),
  }
  const given = Object.values(single).filter((value) => value !== undefined).length + tags.length
  if (given === 0) return { Prefix: '' }
  if (given > 1) return { And: { ...single, Tags: tags.map(tag) } }
  return tags[0] ? { Tag: tag(tags[0]) } : single
}

const tag = ({ Key, Value }: Properties) => ({ Key, Value })
const date = (value: unknown): Date | undefined => (value === undefined ? undefined : new Date(String(value)))
const present = <T extends object>(value: T): T | undefined =>
  Object.values(value).some((one) => one !== undefined) ? value : undefined

const expiration = (rule: Properties) =>
  present({
    Days: number(rule.ExpirationInDays),
    Date: date(rule.ExpirationDate),
    ExpiredObjectDeleteMarker: flag(rule.ExpiredObjectDeleteMarker),
  })

const noncurrentExpiration = (rule: Properties) =>
  present({
    NoncurrentDays: number(
      rule.NoncurrentVersionExpiration?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays,
    ),
    NewerNoncurrentVersions: number(rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions),
  })

const listOf = (many: Properties[] | undefined, one: Properties | undefined): Properties[] | undefined =>
  many ?? (one && [one])

const transitions = (rule: Properties) =>
  listOf(rule.Transitions, rule.Transition)?.map((one) => ({
    StorageClass: one.StorageClass,
    Date: date(one.TransitionDate),
    Days: number(one.TransitionInDays),
  }))

const noncurrentTransitions = (rule: Properties) =>
  listOf(rule.NoncurrentVersionTransitions, rule.NoncurrentVersionTransition)?.map((one) => ({
    StorageClass: one.StorageClass,
    NoncurrentDays: number(one.TransitionInDays),
    NewerNoncurrentVersions: number(one.NewerNoncurrentVersions),
  }))
