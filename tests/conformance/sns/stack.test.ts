/** SNS's CloudFormation types. */
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { driveStacks } from '../cloudformation/stack-driver.ts'

const test = await startTestCloud()
const sns = test.client(SNSClient)
const stacks = driveStacks(test)

const template = (displayName: string, filter: object) => ({
  Resources: {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'stacked', DisplayName: displayName } },
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: {
        Topics: [{ Ref: 'Topic' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Events',
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: { Ref: 'Topic' },
            },
          ],
        },
      },
    },
    Letters: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'Topic' },
        Protocol: 'email',
        Endpoint: 'ann@acme.example',
        FilterPolicy: filter,
      },
    },
  },
  Outputs: {
    Name: { Value: { 'Fn::GetAtt': ['Topic', 'TopicName'] } },
    Subscription: { Value: { Ref: 'Letters' } },
  },
})

it('creates, changes and deletes topics with policies and subscriptions', async () => {
  const made = await stacks.create('topics', template('one', { a: ['b'] }))
  expect(made.StackStatus, (await stacks.events('topics')).join('\n')).toBe('CREATE_COMPLETE')
  const TopicArn = `arn:aws:sns:us-east-1:${HUB}:stacked`
  const outputs = await stacks.outputs('topics')
  expect(outputs.Name).toBe('stacked')
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
  expect(await attributes()).toMatchObject({ DisplayName: 'one', SubscriptionsPending: '1' })
  expect(JSON.parse((await attributes()).Policy!).Statement[0].Sid).toBe('Events')

  await stacks.update('topics', template('two', { a: ['c'] }))
  expect(await attributes()).toMatchObject({ DisplayName: 'two' })
  const { Attributes } = await sns.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: outputs.Subscription }),
  )
  expect(Attributes!.FilterPolicy).toBe('{"a":["c"]}')
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  expect(Subscriptions).toHaveLength(1)

  expect((await stacks.remove('topics')).StackStatus).toBe('DELETE_COMPLETE')
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([])
})

it('sets how a topic is traced and signed, and takes it back', async () => {
  const traced = (Properties: object) => ({
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'traced', ...Properties } } },
  })
  const TopicArn = `arn:aws:sns:us-east-1:${HUB}:traced`
  const attributes = async () => (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
  await stacks.create('traced', traced({ TracingConfig: 'Active', SignatureVersion: '2' }))
  expect(await attributes()).toMatchObject({ TracingConfig: 'Active', SignatureVersion: '2' })
  await stacks.update('traced', traced({}))
  expect(await attributes()).not.toHaveProperty('TracingConfig')
})

it('fails the stack for what it does not do, by name', async () => {
  await stacks.create('fifo', {
    Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true, TopicName: 'a.fifo' } } },
  })
  expect(await stacks.events('fifo')).toContainEqual(
    expect.stringContaining('does not support the property "FifoTopic" of AWS::SNS::Topic'),
  )
})
