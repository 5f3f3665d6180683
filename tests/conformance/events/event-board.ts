/** What tests of EventBridge need: rules, roles, and a log group in which delivered events can be read. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { HUB, type TestCloud } from '../cloud.ts'

export const document = (...Statement: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })

export type EventBoard = ReturnType<typeof eventBoard>

/** Works in one account; `events` and `logs` are its clients. */
export function eventBoard(test: TestCloud, account = HUB) {
  const events = test.client(EventBridgeClient, { account })
  const logs = test.client(CloudWatchLogsClient, { account })

  /** Creates a log group that EventBridge may write to; gives the target. */
  async function logTarget(name: string): Promise<Target> {
    const logGroupName = `/aws/events/${name}`
    await logs.send(new CreateLogGroupCommand({ logGroupName }))
    const policyDocument = document({
      Effect: 'Allow',
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:aws:logs:us-east-1:${account}:log-group:/aws/events/*:*`,
    })
    await logs.send(new PutResourcePolicyCommand({ policyName: 'events', policyDocument }))
    return { Id: 'log', Arn: `arn:aws:logs:us-east-1:${account}:log-group:${logGroupName}` }
  }

  /** Waits until the cloud has delivered; gives what came into a log group, oldest first. */
  async function delivered(name: string): Promise<string[]> {
    await test.cloud.settled()
    const found = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/events/${name}` }))
    return (found.events ?? []).map((one) => one.message!)
  }

  async function rule(
    Name: string,
    input: Partial<PutRuleCommandInput>,
    ...Targets: Target[]
  ): Promise<string> {
    const { RuleArn } = await events.send(new PutRuleCommand({ Name, ...input }))
    const { EventBusName } = input
    if (Targets.length) await events.send(new PutTargetsCommand({ Rule: Name, EventBusName, Targets }))
    return RuleArn!
  }

  /** Creates a role that EventBridge may assume; gives its ARN. */
  async function role(RoleName: string, ...allow: object[]): Promise<string> {
    const iam = test.client(IAMClient, { account })
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sts:AssumeRole',
    })
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
    const PolicyDocument = document(...allow.map((one) => ({ Effect: 'Allow', Resource: '*', ...one })))
    if (allow.length) await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }))
    return Role!.Arn!
  }

  const put = (...entries: PutEventsRequestEntry[]) =>
    events.send(
      new PutEventsCommand({
        Entries: entries.map((one) => ({ Source: 'my.app', DetailType: 'Change', Detail: '{}', ...one })),
      }),
    )

  return { events, logs, logTarget, delivered, rule, role, put }
}
