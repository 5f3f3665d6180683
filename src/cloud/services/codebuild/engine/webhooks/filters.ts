/** Filters of webhooks: which events of a repository start a build. */
import type { Webhook, WebhookFilter } from '@aws-sdk/client-codebuild'
import { linearPattern } from '../../../../../model/index.ts'

/** What happened in a repository, in the words of webhooks. */
export interface Happened {
  /** `PUSH`, `PULL_REQUEST_CREATED` … */
  readonly event: string
  /** `refs/heads/…` or `refs/tags/…`; of a pull request its source. */
  readonly headRef: string
  /** Of a pull request alone: its destination. */
  readonly baseRef?: string
  /** Who did it. */
  readonly actor: string
  readonly files: readonly string[]
  /** Of the head commit. */
  readonly message: string
}

/** AWS: without filters every push and every new commit of a pull request is built ("branchFilter", CreateWebhook). */
const UNFILTERED = ['PUSH', 'PULL_REQUEST_CREATED', 'PULL_REQUEST_UPDATED', 'PULL_REQUEST_REOPENED']

/** Whether an event starts a build. AWS: one group that passes is enough, in which every filter must pass. */
export function passes({ filterGroups = [], branchFilter }: Webhook, happened: Happened): boolean {
  if (filterGroups.length) return filterGroups.some((group) => group.every((one) => holds(one, happened)))
  const branch = happened.headRef.replace(/^refs\/heads\//, '')
  return UNFILTERED.includes(happened.event) && (!branchFilter || linearPattern(branchFilter).test(branch))
}

export const eventsOf = ({ pattern = '' }: WebhookFilter): string[] =>
  pattern.split(',').map((one) => one.trim())

/** AWS: a pattern is looked for anywhere in a value; of files one that passes is enough. */
function holds(filter: WebhookFilter, happened: Happened): boolean {
  const { type, pattern = '', excludeMatchedPattern: not = false } = filter
  if (type === 'EVENT') return eventsOf(filter).includes(happened.event) !== not
  const compiled = linearPattern(pattern)
  return valuesOf(type, happened).some((value) => compiled.test(value) !== not)
}

function valuesOf(type: WebhookFilter['type'], happened: Happened): readonly string[] {
  switch (type) {
    case 'HEAD_REF':
      return [happened.headRef]
    case 'BASE_REF':
      return happened.baseRef === undefined ? [] : [happened.baseRef]
    case 'ACTOR_ACCOUNT_ID':
      return [happened.actor]
    case 'COMMIT_MESSAGE':
      return [happened.message]
    case 'FILE_PATH':
      return happened.files
    default:
      return []
  }
}
