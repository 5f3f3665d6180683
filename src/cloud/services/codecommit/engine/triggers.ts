/** Triggers of a repository: messages to topics and functions about branches and tags. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { lambdaFunction, placeOf, senderAs, topic } from '../../../destinations/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { Repository, Trigger, TriggerEvent } from '../state.ts'

/** What a trigger hears of a reference. */
interface Heard {
  readonly event: 'referenceCreated' | 'referenceUpdated' | 'referenceDeleted'
  readonly name: string
  readonly commit?: string
  readonly previous?: string
}

const DESTINATIONS = [topic, lambdaFunction]

interface Notice {
  readonly repository: string
  readonly trigger: Pick<Trigger, 'destinationArn'>
  readonly text: string
}

/** AWS: CodeCommit sends as itself, by the policy of the topic or function ("how-to-notify-lambda"). */
export const notice = handOver<Notice>({
  name: 'codecommit.trigger',
  deliver: (ctx, message) => deliver(ctx, message),
})

/** Errors: the AwsError of the destination. */
export function deliver(ctx: Context, { repository: arn, trigger, text }: Notice): Promise<unknown> {
  const as = serviceIdentity(servicePrincipal('codecommit'), { arn, account: ctx.account })
  const place = placeOf(DESTINATIONS, trigger.destinationArn)
  if (!place) throw new Error(`${trigger.destinationArn} is no destination of a trigger`)
  return place.send(senderAs(ctx, as, ctx.region), trigger.destinationArn, {
    text,
    subject: `UPDATE: AWS CodeCommit ${ctx.region}`,
  })
}

/** Errors: InvalidRepositoryTriggerDestinationArnException and its neighbours. */
export function checkTriggers(triggers: readonly Trigger[]): void {
  const wrong = (code: string, message: string) => new AwsError(code, message)
  // AWS: quotas, "Number of triggers in a repository": 10; "Custom data for triggers": 1,000 characters.
  if (triggers.length > 10)
    throw wrong('MaximumRepositoryTriggersExceededException', 'A repository has at most 10 triggers')
  if (new Set(triggers.map(({ name }) => name)).size < triggers.length)
    throw wrong('InvalidRepositoryTriggerNameException', 'Two triggers have the same name')
  for (const { name, destinationArn, events, branches, customData = '' } of triggers) {
    if (!placeOf(DESTINATIONS, destinationArn))
      throw wrong(
        'InvalidRepositoryTriggerDestinationArnException',
        `The destination ${destinationArn} of the trigger ${name} is neither a topic nor a function`,
      )
    if (!events.length)
      throw wrong('RepositoryTriggerEventsListRequiredException', `The trigger ${name} has no events`)
    if (customData.length > 1000)
      throw wrong('InvalidRepositoryTriggerCustomDataException', `The custom data of ${name} is too long`)
    if (branches.length > 10)
      throw wrong('MaximumBranchesExceededException', `The trigger ${name} has more than 10 branches`)
  }
}

const EVENTS: Readonly<Record<Heard['event'], TriggerEvent>> = {
  referenceCreated: 'createReference',
  referenceUpdated: 'updateReference',
  referenceDeleted: 'deleteReference',
}

/** Sends what is wanted of some changes, a message to each trigger; goes on in the background. */
export function sendTriggers(ctx: Context, repository: Repository, changes: readonly Heard[]): void {
  for (const trigger of repository.triggers) {
    const wanted = changes.filter((change) => hears(trigger, change))
    if (!wanted.length) continue
    const arn = formatArn('codecommit', repository.region, repository.account, repository.name)
    handOn(ctx, notice, {
      repository: arn,
      trigger: { destinationArn: trigger.destinationArn },
      text: textOf(ctx, { repository: arn, trigger, changes: wanted }),
    })
  }
}

function hears({ events, branches }: Trigger, { event, name }: Heard): boolean {
  if (!events.includes('all') && !events.includes(EVENTS[event])) return false
  return !branches.length || branches.some((branch) => name === `refs/heads/${branch}`)
}

/**
 * AWS: functions read `Records[0].codecommit.references[].ref` and `eventSourceARN` ("how-to-notify-lambda", its samples);
 * what stands beside these is told by public samples of the event alone.
 */
export function textOf(
  ctx: Context,
  { repository, trigger, changes }: { repository: string; trigger: Trigger; changes: readonly Heard[] },
): string {
  const references = changes.map(({ event, name, commit, previous }) => ({
    commit: commit ?? previous,
    ref: name,
    ...(event === 'referenceCreated' && { created: true }),
    ...(event === 'referenceDeleted' && { deleted: true }),
  }))
  return JSON.stringify({
    Records: [
      {
        awsRegion: ctx.region,
        codecommit: { references },
        ...(trigger.customData !== undefined && { customData: trigger.customData }),
        eventId: ctx.cloud.ids.uuid(),
        eventName: 'ReferenceChanges',
        eventPartNumber: 1,
        eventSource: 'aws:codecommit',
        eventSourceARN: repository,
        eventTime: ctx.cloud.clock.date().toISOString().replace('Z', '+0000'),
        eventTotalParts: 1,
        eventTriggerConfigId: ctx.cloud.ids.uuid(),
        eventTriggerName: trigger.name,
        eventVersion: '1.0',
        userIdentityARN: ctx.identity.arn,
      },
    ],
  })
}
