/** Triggers of repositories: kept, told and tried. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository } from '../engine/find-commit.ts'
import { checkTriggers, deliver, textOf } from '../engine/triggers.ts'
import { repositoryKind } from '../kinds.ts'
import type { Trigger, TriggerEvent } from '../state.ts'

const read = (given: Input<'codecommit', 'PutRepositoryTriggers'>['triggers']): Trigger[] =>
  given.map(({ name, destinationArn, customData, branches = [], events }) => ({
    name,
    destinationArn,
    customData,
    branches,
    events: events as TriggerEvent[],
  }))

const write = ({ branches, events, ...rest }: Trigger) => ({
  ...rest,
  branches: [...branches],
  events: [...events],
})

/** Errors: RepositoryDoesNotExistException. */
export const GetRepositoryTriggers = operation({
  service: 'codecommit',
  name: 'GetRepositoryTriggers',
  access: onRepository('GetRepositoryTriggers'),
  run: ({ repositoryName }, ctx) => {
    const { triggers, triggersId } = repositoryKind.find(ctx, repositoryName)
    return { configurationId: triggersId, triggers: triggers.map(write) }
  },
})

/** Replaces all triggers. Errors: see `checkTriggers`. */
export const PutRepositoryTriggers = operation({
  service: 'codecommit',
  name: 'PutRepositoryTriggers',
  access: onRepository('PutRepositoryTriggers'),
  run: ({ repositoryName, triggers: given }, ctx) => {
    repositoryKind.find(ctx, repositoryName)
    const triggers = read(given)
    checkTriggers(triggers)
    const triggersId = ctx.cloud.ids.uuid()
    repositoryKind.change(ctx, repositoryName, { triggers, triggersId })
    return { configurationId: triggersId }
  },
})

/** Sends a sample to each trigger that is given. AWS: without commits the sample's id consists of zeroes. */
export const TestRepositoryTriggers = operation({
  service: 'codecommit',
  name: 'TestRepositoryTriggers',
  access: onRepository('TestRepositoryTriggers'),
  run: async ({ repositoryName, triggers: given }, ctx) => {
    const { repository, folder } = openRepository(ctx, repositoryName)
    const triggers = read(given)
    checkTriggers(triggers)
    const arn = formatArn('codecommit', repository.region, repository.account, repositoryName)
    const branch = repository.defaultBranch ?? 'main'
    const commit = (await commitAt(folder, `refs/heads/${branch}`)) ?? '0'.repeat(40)
    const successfulExecutions: string[] = []
    const failedExecutions: { trigger: string; failureMessage: string }[] = []
    for (const trigger of triggers) {
      const changes = [{ event: 'referenceUpdated', name: `refs/heads/${branch}`, commit }] as const
      const text = textOf(ctx, { repository: arn, trigger, changes })
      await deliver(ctx, { repository: arn, trigger, text }).then(
        () => successfulExecutions.push(trigger.name),
        (error) => {
          if (!(error instanceof AwsError)) throw error
          failedExecutions.push({ trigger: trigger.name, failureMessage: error.message })
        },
      )
    }
    return { successfulExecutions, failedExecutions }
  },
})
