/** Drives stacks through the SDK: sends, waits for the cloud to rest, and reads back. */
import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation'
import type { Credentials, TestCloud } from '../cloud.ts'

export type TemplateData = Record<string, unknown>

export interface StackDriver {
  readonly client: CloudFormationClient
  create(
    name: string,
    template: TemplateData | string,
    input?: Partial<CreateStackCommandInput>,
  ): Promise<Stack>
  update(
    name: string,
    template: TemplateData | string,
    input?: Partial<UpdateStackCommandInput>,
  ): Promise<Stack>
  /** Gives the stack as it is described by its id after the deletion. */
  remove(name: string): Promise<Stack>
  describe(name: string): Promise<Stack>
  /** `LogicalId STATUS reason`, oldest first. */
  events(name: string): Promise<string[]>
  outputs(name: string): Promise<Record<string, string>>
}

export function driveStacks(
  test: TestCloud,
  options: { account?: string; region?: string; credentials?: Credentials } = {},
): StackDriver {
  const client = test.client(CloudFormationClient, options)
  const text = (template: TemplateData | string) =>
    typeof template === 'string' ? template : JSON.stringify(template)
  const describe = async (name: string) => {
    await test.cloud.settled()
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }))
    return Stacks![0]!
  }
  return {
    client,
    describe,
    create: async (name, template, input) => {
      const { StackId } = await client.send(
        new CreateStackCommand({ StackName: name, TemplateBody: text(template), ...input }),
      )
      return describe(StackId!)
    },
    update: async (name, template, input) => {
      const { StackId } = await client.send(
        new UpdateStackCommand({ StackName: name, TemplateBody: text(template), ...input }),
      )
      return describe(StackId!)
    },
    remove: async (name) => {
      const { StackId } = await describe(name)
      await client.send(new DeleteStackCommand({ StackName: name }))
      return describe(StackId!)
    },
    events: async (name) => {
      await test.cloud.settled()
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: name }))
      return StackEvents!
        .reverse()
        .map((one) =>
          [one.LogicalResourceId, one.ResourceStatus, one.ResourceStatusReason].filter(Boolean).join(' '),
        )
    },
    outputs: async (name) => {
      const { Outputs } = await describe(name)
      return Object.fromEntries((Outputs ?? []).map((one) => [one.OutputKey!, one.OutputValue!]))
    },
  }
}
