/** Whom a pipeline tells of what: notification rules, the topics that mail, and rules of EventBridge for rollbacks. */
import type { FleetNotice, FleetPipeline } from '../fleet/index.ts'
import type { PolicyStatement, TemplateResource } from '../model/index.ts'
import { chatTarget, NOTICE_SERVICE, PIPELINE_NOTICES, rollbackStarted } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { resource } from './resource.ts'

/** Gives the resources; the pipeline is `Pipeline` in their stack. */
export const noticeResources = (
  names: Names,
  { id, notices }: FleetPipeline,
  pipelineName: string,
): Record<string, TemplateResource> =>
  Object.assign(
    {},
    ...notices.map((notice, index) =>
      resourcesOf(notice, {
        pipelineName,
        suffix: index ? String(index + 1) : '',
        topic: names.noticeTopic(id, index),
        rule: names.notice(id, index),
        rollbackRule: names.notice(id, index, 'rollback'),
      }),
    ),
  )

interface NoticeNames {
  readonly pipelineName: string
  /** Of logical IDs. */
  readonly suffix: string
  readonly topic: string
  readonly rule: string
  readonly rollbackRule: string
}

function resourcesOf(
  { emails, topics, chats, events, rollback }: FleetNotice,
  names: NoticeNames,
): Record<string, TemplateResource> {
  const { pipelineName, suffix, topic, rule, rollbackRule } = names
  const topicId = `NoticeTopic${suffix}`
  const publishers = [...(events.length ? [NOTICE_SERVICE] : []), ...(rollback ? [EVENTS] : [])]
  const ofTopics = [...(emails.length ? [{ Ref: topicId }] : []), ...topics]
  return {
    ...(emails.length && {
      [topicId]: resource('AWS::SNS::Topic', {
        TopicName: topic,
        Subscription: emails.map((Endpoint) => ({ Protocol: 'email', Endpoint })),
      }),
      [`${topicId}Policy`]: resource('AWS::SNS::TopicPolicy', {
        Topics: [{ Ref: topicId }],
        PolicyDocument: policy(publishers.map((service) => publishStatement(service, topicId))),
      }),
    }),
    ...(events.length && {
      [`NoticeRule${suffix}`]: resource(
        'AWS::CodeStarNotifications::NotificationRule',
        {
          Name: rule,
          DetailType: 'FULL',
          EventTypeIds: events.map((one) => PIPELINE_NOTICES[one]),
          Resource: PIPELINE_ARN,
          Targets: [
            ...ofTopics.map((TargetAddress) => ({ TargetType: 'SNS', TargetAddress })),
            ...chats.map((TargetAddress) => ({ TargetType: chatTarget(TargetAddress)!, TargetAddress })),
          ],
        },
        emails.length ? { DependsOn: [`${topicId}Policy`] } : {},
      ),
    }),
    ...(rollback && {
      [`RollbackRule${suffix}`]: resource('AWS::Events::Rule', {
        Name: rollbackRule,
        Description: `Tells of rollbacks of ${pipelineName}`,
        EventPattern: rollbackStarted(pipelineName),
        Targets: ofTopics.map((Arn, index) => ({ Id: `topic${index}`, Arn })),
      }),
    }),
  }
}

const EVENTS = 'events.amazonaws.com'
const PIPELINE_ARN = {
  'Fn::Sub': 'arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${Pipeline}',
}

/**
 * AWS: a topic's policy lets the service itself in ("Configure Amazon SNS topics for notifications"); neither service says
 * on every call for which rule, so that no condition can ask.
 */
const publishStatement = (service: string, topicId: string): PolicyStatement => ({
  Sid: service === EVENTS ? 'TellOfRollbacks' : 'TellOfThePipeline',
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 'sns:Publish',
  Resource: { Ref: topicId } as unknown as string,
})
