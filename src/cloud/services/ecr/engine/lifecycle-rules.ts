/** Lifecycle policies: reading their rules, and finding the images that they expire. */

import { readJson, starPattern } from '../../../../model/index.ts'
import type { Image } from '../state.ts'

const DAY = 86_400_000

interface Selection {
  readonly tagStatus: 'tagged' | 'untagged' | 'any'
  readonly tagPrefixList?: readonly string[]
  readonly tagPatternList?: readonly string[]
  readonly countType: 'imageCountMoreThan' | 'sinceImagePushed'
  readonly countUnit?: 'days'
  readonly countNumber: number
}

export interface LifecycleRule {
  readonly rulePriority: number
  readonly description?: string
  readonly selection: Selection
  readonly action: { readonly type: 'expire' }
}

/** Gives the rules, highest priority first, or in words what is wrong with them. */
export function readRules(text: string): readonly LifecycleRule[] | string {
  let rules: unknown
  try {
    rules = (readJson(text) as { rules?: unknown } | null)?.rules
  } catch {
    return 'Invalid JSON syntax'
  }
  if (!Array.isArray(rules) || !rules.length) return 'the policy must have rules'
  for (const rule of rules) {
    const problem = ruleProblem(rule as Partial<LifecycleRule>)
    if (problem) return problem
  }
  const sorted = (rules as LifecycleRule[]).toSorted((one, other) => one.rulePriority - other.rulePriority)
  return rulesProblem(sorted) ?? sorted
}

const isPositive = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0

function ruleProblem(rule: Partial<LifecycleRule> | null): string | undefined {
  const { rulePriority, selection, action, ...rest } = rule ?? {}
  if (!isPositive(rulePriority)) return 'rulePriority must be a positive integer'
  const where = `rule ${rulePriority}: `
  const strange = Object.keys(rest).find((name) => name !== 'description')
  if (strange !== undefined) return `${where}"${strange}" is not known`
  if (action?.type !== 'expire' || Object.keys(action).length > 1)
    return `${where}the only action the embedded cloud supports is {"type":"expire"}`
  const problem = selectionProblem((selection ?? {}) as Partial<Selection>)
  return problem && where + problem
}

const KNOWN = ['tagStatus', 'tagPrefixList', 'tagPatternList', 'countType', 'countUnit', 'countNumber']

function selectionProblem(selection: Partial<Selection>): string | undefined {
  const { tagStatus = '', tagPrefixList, tagPatternList, countType = '', countUnit, countNumber } = selection
  const strange = Object.keys(selection).find((name) => !KNOWN.includes(name))
  if (strange !== undefined) return `the embedded cloud does not support the selection by "${strange}"`
  if (!['tagged', 'untagged', 'any'].includes(tagStatus)) return 'tagStatus must be tagged, untagged or any'
  if (!['imageCountMoreThan', 'sinceImagePushed'].includes(countType))
    return `the embedded cloud does not support the countType "${countType}"`
  if (!isPositive(countNumber)) return 'countNumber must be a positive integer'
  if (countUnit !== (countType === 'sinceImagePushed' ? 'days' : undefined))
    return 'countUnit must be days with sinceImagePushed, and absent otherwise'
  const lists = [tagPrefixList, tagPatternList].filter((one) => one !== undefined)
  if (lists.length !== (tagStatus === 'tagged' ? 1 : 0))
    return 'tagPrefixList or tagPatternList goes with the tagStatus tagged, one of them, and with no other'
  if (
    lists.some((list) => !Array.isArray(list) || !list.length || list.some((one) => typeof one !== 'string'))
  )
    return 'a list of tags must have at least one text'
  if (tagPatternList?.some((pattern) => pattern.split('*').length > 5))
    return 'a tag pattern may have at most four wildcards'
  return undefined
}

/** AWS: priorities and tag prefixes are unique; one rule selects untagged images; the rule for any image comes last. */
function rulesProblem(rules: readonly LifecycleRule[]): string | undefined {
  const priorities = rules.map((rule) => rule.rulePriority)
  if (new Set(priorities).size < rules.length) return 'rulePriority must be unique'
  if (rules.filter(({ selection }) => selection.tagStatus === 'untagged').length > 1)
    return 'only one rule may select untagged images'
  if (rules.slice(0, -1).some(({ selection }) => selection.tagStatus === 'any'))
    return 'the rule for any image must have the highest rulePriority'
  const prefixes = rules.flatMap(({ selection }) => selection.tagPrefixList ?? [])
  return new Set(prefixes).size < prefixes.length ? 'tag prefixes must be unique' : undefined
}

export interface Expiry {
  readonly image: Image
  readonly priority: number
}

/**
 * Gives the images that rules expire at a time (milliseconds since 1970), each with the rule that does.
 * AWS: all rules look at all images; then they apply by priority, and an image that a rule's tags select is out of
 * reach for the rules below it. What an image list names stays.
 */
export function expiring(rules: readonly LifecycleRule[], all: readonly Image[], now: number): Expiry[] {
  const listed = new Set(all.flatMap((one) => one.images))
  const expired: Expiry[] = []
  const claimed = new Set<string>()
  for (const { rulePriority: priority, selection } of rules) {
    const selected = all.filter((one) => selects(selection, one))
    for (const image of overdue(selection, selected, now))
      if (!claimed.has(image.digest) && !listed.has(image.digest)) expired.push({ image, priority })
    for (const { digest } of selected) claimed.add(digest)
  }
  return expired
}

/** AWS: with several prefixes or patterns an image must have a tag for each. */
function selects({ tagStatus, tagPrefixList, tagPatternList }: Selection, { tags }: Image): boolean {
  if (tagStatus === 'any') return true
  if (tagStatus === 'untagged') return tags.length === 0
  const hasAny = (test: (tag: string) => boolean) => tags.some(test)
  if (tagPrefixList) return tagPrefixList.every((prefix) => hasAny((tag) => tag.startsWith(prefix)))
  return (tagPatternList ?? []).every((pattern) => hasAny(starPattern(pattern)))
}

function overdue({ countType, countNumber }: Selection, selected: readonly Image[], now: number): Image[] {
  if (countType === 'sinceImagePushed')
    return selected.filter(({ pushedAt }) => now - pushedAt > countNumber * DAY)
  return selected.toSorted((one, other) => other.pushedAt - one.pushedAt).slice(countNumber)
}
