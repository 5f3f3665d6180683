/** What a webhook may be of, and what it may filter. */
import type { WebhookFilter } from '@aws-sdk/client-codebuild'
import { linearPattern } from '../../../../../model/index.ts'
import { repositoryHost } from '../../../../../pipeline/index.ts'
import { refuseUnsupported } from '../../../../kernel/refusals.ts'
import { invalid } from '../refusals.ts'
import { eventsOf } from './filters.ts'

/** What an organization's webhook has, and a payload from outside; a local repository has neither. */
const UNSUPPORTED = ['manualCreation', 'scopeConfiguration', 'rotateSecret'] as const
const EVENTS = [
  'PUSH',
  'PULL_REQUEST_CREATED',
  'PULL_REQUEST_UPDATED',
  'PULL_REQUEST_REOPENED',
  'PULL_REQUEST_MERGED',
  'PULL_REQUEST_CLOSED',
]
/** What happens at a provider and in no local repository. */
const NEVER = ['RELEASED', 'PRERELEASED', 'WORKFLOW_JOB_QUEUED']
const TYPES = ['EVENT', 'HEAD_REF', 'BASE_REF', 'ACTOR_ACCOUNT_ID', 'FILE_PATH', 'COMMIT_MESSAGE']

export interface WebhookWish {
  readonly filterGroups?: readonly (readonly WebhookFilter[])[] | undefined
  readonly branchFilter?: string | undefined
  readonly buildType?: string | undefined
  readonly pullRequestBuildPolicy?: { readonly requiresCommentApproval?: string | undefined } | undefined
}

/** Errors: InvalidInputException, UnsupportedParameter. */
export function checkWebhook(sourceType: string, wish: WebhookWish): void {
  refuseUnsupported(wish, UNSUPPORTED)
  const { filterGroups = [], branchFilter, buildType = 'BUILD' } = wish
  if (!repositoryHost(sourceType))
    throw invalid(`Webhooks are not supported for projects whose source type is ${sourceType}`)
  if (!['BUILD', 'BUILD_BATCH'].includes(buildType))
    throw invalid(
      `The embedded cloud starts no builds of the type ${buildType}; it has BUILD and BUILD_BATCH.`,
    )
  const approval = wish.pullRequestBuildPolicy?.requiresCommentApproval
  // There are no forks of a local repository, and nobody who comments.
  if (approval === 'ALL_PULL_REQUESTS')
    throw invalid(
      'The embedded cloud has no comments of pull requests that could approve their builds; it takes FORK_PULL_REQUESTS and DISABLED.',
    )
  if (branchFilter) checkPattern('branchFilter', branchFilter)
  for (const group of filterGroups) checkGroup(sourceType, group)
}

function checkGroup(sourceType: string, group: readonly WebhookFilter[]): void {
  const [event, ...more] = group.filter(({ type }) => type === 'EVENT')
  if (!event || more.length)
    throw invalid('A webhook filter group must have exactly one filter of the type EVENT')
  const events = eventsOf(event)
  for (const one of events) checkEvent(sourceType, one)
  const pulls = events.filter((one) => one.startsWith('PULL_REQUEST_'))
  for (const { type = '', pattern = '' } of group) {
    if (!TYPES.includes(type))
      throw invalid(
        `A ${type} filter is about releases, workflows or an organization's repositories, which the embedded cloud's repositories have none of; it has ${TYPES.join(', ')}.`,
      )
    if (type === 'EVENT') continue
    checkPattern(type, pattern)
    if (type === 'BASE_REF' && pulls.length < events.length)
      throw invalid('A BASE_REF filter can be used with pull request events only')
    if (
      /^(?:FILE_PATH|COMMIT_MESSAGE)$/.test(type) &&
      pulls.length &&
      !repositoryHost(sourceType)?.lookedInto
    )
      throw invalid(`A ${type} filter cannot be used with pull request events of source type ${sourceType}`)
  }
}

function checkEvent(sourceType: string, event: string): void {
  if (NEVER.includes(event))
    throw invalid(`The event ${event} does not happen in the embedded cloud's repositories.`)
  if (!EVENTS.includes(event) || (event === 'PULL_REQUEST_REOPENED' && !repositoryHost(sourceType)?.reopens))
    throw invalid(`The event ${event} is none of webhooks of source type ${sourceType}`)
}

function checkPattern(what: string, pattern: string): void {
  try {
    linearPattern(pattern)
  } catch (error) {
    throw invalid(
      `The pattern of ${what} is no regular expression that CodeBuild reads: ${(error as Error).message}`,
    )
  }
}
