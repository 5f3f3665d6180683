/** Notification rules: made, changed, listed and deleted; what they refuse. */
import { describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '../../../src/cloud/services/codenotifications/engine/event-types.ts'
import { NOTICE_LIMITS, PIPELINE_NOTICES } from '../../../src/pipeline/index.ts'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { modelledClient } from '../modelled-client.ts'

const test = await startTestCloud()
const notices = modelledClient(test, 'codestar-notifications')

const pipeline = (name: string) => `arn:aws:codepipeline:us-east-1:${HUB}:${name}`
const topic = (name: string) => ({
  TargetType: 'SNS',
  TargetAddress: `arn:aws:sns:us-east-1:${HUB}:${name}`,
})
const FAILED = 'codepipeline-pipeline-pipeline-execution-failed'
const SLACK = {
  TargetType: 'AWSChatbotSlack',
  TargetAddress: `arn:aws:chatbot::${HUB}:chat-configuration/slack-channel/team`,
}

const create = async (Name: string, more: object = {}): Promise<string> => {
  const { Arn } = await notices.call<{ Arn: string }>('CreateNotificationRule', {
    ...{ Name, DetailType: 'BASIC', Resource: pipeline('app'), EventTypeIds: [FAILED] },
    Targets: [topic('told')],
    ...more,
  })
  return Arn
}
const describeRule = (Arn: string) => notices.call('DescribeNotificationRule', { Arn })

describe('a notification rule', () => {
  it('is made, described, changed and deleted', async () => {
    const arn = await create('whole', { Targets: [topic('told'), SLACK], Tags: { a: '1' } })
    expect(arn).toMatch(new RegExp(`^arn:aws:codestar-notifications:us-east-1:${HUB}:notificationrule/`))
    expect(await describeRule(arn)).toMatchObject({
      Arn: arn,
      Name: 'whole',
      DetailType: 'BASIC',
      Status: 'ENABLED',
      Resource: pipeline('app'),
      CreatedBy: `arn:aws:iam::${HUB}:root`,
      EventTypes: [
        {
          EventTypeId: FAILED,
          ServiceName: 'CodePipeline',
          ResourceType: 'Pipeline',
          EventTypeName: 'Pipeline execution: Failed',
        },
      ],
      Targets: [
        { ...topic('told'), TargetStatus: 'PENDING' },
        { ...SLACK, TargetStatus: 'INACTIVE' },
      ],
      Tags: { a: '1' },
    })
    await notices.call('UpdateNotificationRule', { Arn: arn, Status: 'DISABLED', DetailType: 'FULL' })
    expect(await describeRule(arn)).toMatchObject({ Name: 'whole', Status: 'DISABLED', DetailType: 'FULL' })
    await notices.call('Unsubscribe', { Arn: arn, TargetAddress: SLACK.TargetAddress })
    await notices.call('Subscribe', { Arn: arn, Target: topic('more') })
    expect((await describeRule(arn)).Targets).toEqual([
      { ...topic('told'), TargetStatus: 'PENDING' },
      { ...topic('more'), TargetStatus: 'PENDING' },
    ])
    expect(await notices.call('DeleteNotificationRule', { Arn: arn })).toEqual({ Arn: arn })
    await expect(describeRule(arn)).rejects.toThrow(/not found/)
    await notices.call('DeleteNotificationRule', { Arn: arn })
  })

  it('is made once by one token, and one of a name', async () => {
    const arn = await create('once', { ClientRequestToken: 't' })
    expect(await create('once', { ClientRequestToken: 't' })).toBe(arn)
    await expect(create('once')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
  })

  it('is tagged', async () => {
    const Arn = await create('tagged', { Tags: { a: '1' } })
    await notices.call('TagResource', { Arn, Tags: { b: '2' } })
    await notices.call('UntagResource', { Arn, TagKeys: ['a'] })
    expect(await notices.call('ListTagsForResource', { Arn })).toEqual({ Tags: { b: '2' } })
  })

  it('is about one pipeline, project, repository or application of its place, with events of that', async () => {
    const refused = (more: object) => expect(create('refused', more)).rejects
    const validation = { name: 'ValidationException' }
    await refused({ Resource: `arn:aws:s3:::bucket` }).toMatchObject(validation)
    await refused({ Resource: `arn:aws:codepipeline:us-east-1:${DEV}:app` }).toMatchObject(validation)
    await refused({ EventTypeIds: ['codebuild-project-build-state-failed'] }).toMatchObject(validation)
    await refused({ EventTypeIds: ['codepipeline-pipeline-exploded'] }).toMatchObject(validation)
    await refused({ Name: 'a/b' }).toMatchObject(validation)
    await refused({ EventTypeIds: ['codedeploy-application-deployment-failed'] }).toMatchObject(validation)
    const configuration = { name: 'ConfigurationException' }
    const elsewhere = { TargetType: 'SNS', TargetAddress: `arn:aws:sns:eu-west-1:${HUB}:told` }
    await refused({ Targets: [elsewhere] }).toMatchObject(configuration)
    await refused({ Targets: [{ ...SLACK, TargetType: 'AWSChatbotMicrosoftTeams' }] }).toMatchObject(
      configuration,
    )
  })

  it('has ten targets at most', async () => {
    const all = Array.from({ length: NOTICE_LIMITS.targets + 1 }, (_, index) => topic(`t${index}`))
    const refusal = { name: 'ValidationException' }
    await expect(create('many', { Targets: all })).rejects.toMatchObject(refusal)
    const Arn = await create('many', { Targets: all.slice(1) })
    await expect(notices.call('Subscribe', { Arn, Target: all[0] })).rejects.toMatchObject({
      name: 'LimitExceededException',
    })
  })

  it('is one of ten of its resource', async () => {
    const Resource = pipeline('full')
    for (let index = 0; index < NOTICE_LIMITS.rules; index++) await create(`full ${index}`, { Resource })
    await expect(create('eleventh', { Resource })).rejects.toMatchObject({ name: 'LimitExceededException' })
    const listed = await notices.call<{ NotificationRules: object[]; NextToken: string }>(
      'ListNotificationRules',
      { Filters: [{ Name: 'RESOURCE', Value: Resource }], MaxResults: 7 },
    )
    expect(listed.NotificationRules).toHaveLength(7)
    const rest = await notices.call<{ NotificationRules: object[] }>('ListNotificationRules', {
      ...{ Filters: [{ Name: 'RESOURCE', Value: Resource }], NextToken: listed.NextToken },
    })
    expect(rest.NotificationRules).toHaveLength(3)
  })
})

describe('a target', () => {
  it('stays until it is deleted, and goes from rules only when told so', async () => {
    const Arn = await create('with target', { Targets: [topic('own')] })
    const { TargetAddress } = topic('own')
    const listed = () =>
      notices.call('ListTargets', { Filters: [{ Name: 'TARGET_ADDRESS', Value: TargetAddress }] })
    expect(await listed()).toEqual({ Targets: [{ ...topic('own'), TargetStatus: 'PENDING' }] })
    const forced = { TargetAddress, ForceUnsubscribeAll: true }
    await expect(notices.call('DeleteTarget', { TargetAddress })).rejects.toThrow(/1 notification rules/)
    await notices.call('DeleteTarget', forced)
    expect(await listed()).toEqual({ Targets: [] })
    expect((await describeRule(Arn)).Targets).toEqual([])
  })
})

describe('event types', () => {
  it('are listed by service', async () => {
    const listed = await notices.call<{ EventTypes: { EventTypeId: string }[] }>('ListEventTypes', {
      Filters: [{ Name: 'SERVICE_NAME', Value: 'CodeBuild' }],
    })
    expect(listed.EventTypes.map((one) => one.EventTypeId)).toEqual([
      'codebuild-project-build-state-failed',
      'codebuild-project-build-state-succeeded',
      'codebuild-project-build-state-in-progress',
      'codebuild-project-build-state-stopped',
      'codebuild-project-build-phase-failure',
      'codebuild-project-build-phase-success',
    ])
  })

  it('are those that fleets tell of', () => {
    const known = EVENT_TYPES.map(({ id }) => id)
    for (const id of Object.values(PIPELINE_NOTICES)) expect(known).toContain(id)
  })
})
