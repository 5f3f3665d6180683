/** Tells the targets of rules what happened to what the rules are about. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import { NOTICE_SERVICE } from '../../../../pipeline/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import type { CloudEvent } from '../../../kernel/event-bus.ts'
import { handOn, handOver } from '../../../kernel/hand-over.ts'
import { serviceIdentity } from '../../../kernel/identity.ts'
import { type Failures, type NotificationRule, rules, type TargetStatus, targets } from '../state.ts'
import { idsOf, subjectOf } from './event-types.ts'
import { noteFailure } from './failures.ts'

interface Notice {
  readonly rule: Arn
  readonly topic: Arn
  readonly message: string
}

/** A message owed to a topic. AWS: one that cannot be told is unreachable until it can be told again. */
export const notice = handOver<Notice>({
  name: 'codestar-notifications.notice',
  deliver: async (ctx, { rule, topic, message }) => {
    const sender = ctx.as(serviceIdentity(NOTICE_SERVICE, { arn: rule, account: ctx.account }))
    try {
      await sender.call('sns', 'Publish', { TopicArn: topic, Message: message })
    } catch (error) {
      if (error instanceof AwsError && error.status < 500) mark(ctx, topic, 'UNREACHABLE')
      throw error
    }
    mark(ctx, topic, 'ACTIVE')
  },
})

function mark(ctx: Context, address: Arn, status: TargetStatus): void {
  const table = ctx.table(targets)
  const target = table.get(address)
  if (target && target.status !== status) table.put(address, { ...target, status })
}

/** Listens from now on. */
export function listenForNews(cloud: Cloud, context: ContextFactory): void {
  cloud.bus.listen((event) => {
    const { account, region } = event
    const ctx = context({ identity: serviceIdentity(NOTICE_SERVICE), account, region })
    if (ctx.table(rules).size === 0) return
    tell(ctx, event)
  })
}

function tell(ctx: Context, event: CloudEvent): void {
  const ids = idsOf(event)
  const subject = subjectOf(event)
  const about = ctx
    .table(rules)
    .values()
    .filter(({ resource }) => resource === subject)
  const failed = about.length ? noteFailure(ctx, event) : undefined
  for (const rule of about) {
    if (rule.status !== 'ENABLED' || !rule.eventTypeIds.some((id) => ids.includes(id))) continue
    const message = JSON.stringify(messageOf(rule, event, failed))
    for (const topic of rule.targets.filter((address) => ctx.table(targets).get(address)?.type === 'SNS'))
      handOn(ctx, notice, { rule: rule.arn, topic, message })
  }
}

/** AWS: with basic details it is what EventBridge is told; with full ones, what failed comes with a pipeline's failure. */
const messageOf = (rule: NotificationRule, event: CloudEvent, failed: Failures | undefined) => ({
  account: event.account,
  detailType: event.detailType,
  region: event.region,
  source: event.source,
  time: event.time.toISOString().replace(/\.\d+Z$/, 'Z'),
  notificationRuleArn: rule.arn,
  detail: event.detail,
  resources: event.resources,
  additionalAttributes:
    rule.detailType === 'FULL' &&
    event.detailType === 'CodePipeline Pipeline Execution State Change' &&
    event.detail.state === 'FAILED' &&
    failed
      ? { failedActionCount: failed.failedActions.length, ...failed }
      : {},
})
