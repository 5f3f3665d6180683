import { describe, expect, test } from 'vitest'
import { prove, readAssembly } from '../access/index.ts'
import { parseFleet } from '../fleet/index.ts'
import { synthesize } from './index.ts'

const TOPIC = 'arn:aws:sns:us-east-1:111111111111:ops'
const CHAT = 'arn:aws:chatbot::111111111111:chat-configuration/slack-channel/ops'

const fleet = (notify: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
defaults: { notify: [ops@acme.example] }
pipelines:
  orders:
    source: { github: acme/orders }
    deploy: [{ s3: { bucket: "site-\${account}" } }]
    stages: [dev]
    notify: ${notify}
`,
    '/nowhere/crossdock.yaml',
  )

const resources = (notify: string) => synthesize(fleet(notify)).waves[1]![0]!.template.Resources

describe('notices of a pipeline', () => {
  test('a mail goes through a topic of its own, which the service may publish to', () => {
    const { NoticeTopic, NoticeTopicPolicy, NoticeRule } = resources('[ops@acme.example, dev@acme.example]')
    expect(NoticeTopic!.Properties).toEqual({
      TopicName: 'crossdock-acme-orders-notify',
      Subscription: [
        { Protocol: 'email', Endpoint: 'ops@acme.example' },
        { Protocol: 'email', Endpoint: 'dev@acme.example' },
      ],
    })
    expect(NoticeRule!.Properties).toMatchObject({
      Name: 'crossdock-acme-orders-notify',
      EventTypeIds: [
        'codepipeline-pipeline-pipeline-execution-failed',
        'codepipeline-pipeline-manual-approval-needed',
      ],
      Targets: [{ TargetType: 'SNS', TargetAddress: { Ref: 'NoticeTopic' } }],
    })
    expect(JSON.stringify(NoticeTopicPolicy!.Properties)).toContain('codestar-notifications.amazonaws.com')
  })

  test('topics and chats are told as they stand, each of what it asks for', () => {
    const made = resources(
      `[${CHAT}, { to: ${TOPIC}, on: [succeeded] }, { to: [${TOPIC}, ops@acme.example], on: [rollback] }]`,
    )
    expect(Object.keys(made).filter((id) => /Notice|Rollback/.test(id))).toEqual([
      'NoticeRule',
      'NoticeRule2',
      'NoticeTopic3',
      'NoticeTopic3Policy',
      'RollbackRule3',
    ])
    expect(made.NoticeRule!.Properties).toMatchObject({
      Targets: [{ TargetType: 'AWSChatbotSlack', TargetAddress: CHAT }],
    })
    expect(made.RollbackRule3!.Properties).toMatchObject({
      EventPattern: {
        detail: {
          pipeline: ['acme-orders'],
          'execution-trigger': { 'trigger-type': ['AutomatedRollback', 'ManualRollback'] },
        },
      },
      Targets: [
        { Id: 'topic0', Arn: { Ref: 'NoticeTopic3' } },
        { Id: 'topic1', Arn: TOPIC },
      ],
    })
  })

  test('the proof asks whether the service may publish', () => {
    const assembly = synthesize(fleet('[ops@acme.example, { to: ops@acme.example, on: [rollback] }]'))
    const publishes = (waves: typeof assembly.waves) =>
      prove(readAssembly({ ...assembly, waves }), { complete: true }).edges.filter(
        ({ need }) => need.action === 'sns:Publish',
      )
    expect(publishes(assembly.waves).map(({ need, verdict }) => `${need.principal} ${verdict}`)).toEqual([
      'codestar-notifications.amazonaws.com allowed',
      'events.amazonaws.com allowed',
    ])
    const bare = structuredClone(assembly.waves) as typeof assembly.waves
    delete (bare[1]![0]!.template.Resources as Record<string, unknown>).NoticeTopicPolicy
    expect(publishes(bare).some(({ verdict }) => verdict === 'denied')).toBe(true)
  })

  test('a topic that stands already is taken for one that nobody has read', () => {
    const { edges } = prove(readAssembly(synthesize(fleet(`[${TOPIC}]`))), { complete: true })
    expect(edges.find(({ need }) => need.action === 'sns:Publish')).toMatchObject({
      verdict: 'unknown',
      assumed: `the policy of ${TOPIC}`,
    })
  })

  test('an empty list tells nobody, whatever the defaults say', () => {
    expect(Object.keys(resources('[]')).filter((id) => /Notice/.test(id))).toEqual([])
  })
})

test.each([
  ['[ops]', /must be a mail address, the ARN of a topic, or the ARN of a chat configuration/],
  [
    '[arn:aws:sns:eu-west-1:111111111111:ops]',
    /is not of the hub.*\n {2}fix: name one of 111111111111 us-east-1/,
  ],
  [`[{ to: ${CHAT}, on: [rollback] }]`, /AWS tells a chat of no rollback/],
  ['[{ to: ops@acme.example, on: [failure] }]', /failed/],
  [
    `[{ to: [${Array.from({ length: 11 }, (_, at) => `arn:aws:sns:us-east-1:111111111111:t${at}`)}] }]`,
    /a notification rule has at most 10 targets/,
  ],
])('who cannot be told is refused: %s', (notify, message) => {
  expect(() => fleet(notify)).toThrow(message)
})
