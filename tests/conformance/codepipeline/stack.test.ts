/** AWS::CodePipeline::Pipeline. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import {
  GetPipelineCommand,
  GetPipelineStateCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-codepipeline'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
let cloudformation: CloudFormationClient

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  cloudformation = shop.client(CloudFormationClient)
})

const template = (approval: string, more: object = {}) =>
  JSON.stringify({
    Resources: {
      Pipeline: {
        Type: 'AWS::CodePipeline::Pipeline',
        Properties: {
          RoleArn: role,
          PipelineType: 'V2',
          ArtifactStores: [{ Region: 'us-east-1', ArtifactStore: { Type: 'S3', Location: 'artifacts' } }],
          Stages: [
            {
              Name: 'Source',
              Actions: [
                {
                  Name: 'Fetch',
                  ActionTypeId: { Category: 'Source', Owner: 'AWS', Provider: 'S3', Version: '1' },
                  Configuration: { S3Bucket: 'drops', S3ObjectKey: 'app.zip', PollForSourceChanges: false },
                  OutputArtifacts: [{ Name: 'SourceOutput' }],
                },
              ],
            },
            {
              Name: 'Gate',
              Actions: [
                {
                  Name: approval,
                  ActionTypeId: { Category: 'Approval', Owner: 'AWS', Provider: 'Manual', Version: '1' },
                  RunOrder: 1,
                },
              ],
            },
          ],
          Tags: [{ Key: 'team', Value: 'a' }],
          ...more,
        },
      },
    },
    Outputs: {
      Name: { Value: { Ref: 'Pipeline' } },
      Version: { Value: { 'Fn::GetAtt': ['Pipeline', 'Version'] } },
    },
  })

async function outputs(): Promise<Record<string, string | undefined>> {
  await shop.cloud.settled()
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'delivery' }))
  const found = (Stacks?.[0]?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue])
  return { status: Stacks?.[0]?.StackStatus, ...Object.fromEntries(found) }
}

describe('AWS::CodePipeline::Pipeline', () => {
  it('is created, changed and deleted', async () => {
    await cloudformation.send(
      new CreateStackCommand({ StackName: 'delivery', TemplateBody: template('Approve') }),
    )
    const created = await outputs()
    expect(created).toMatchObject({
      status: 'CREATE_COMPLETE',
      Version: '1',
      Name: expect.stringMatching(/^delivery-Pipeline-/),
    })
    const name = created.Name!
    const found = await shop.codepipeline.send(new GetPipelineCommand({ name }))
    expect(found.pipeline?.stages?.[0]?.actions?.[0]?.configuration).toEqual({
      S3Bucket: 'drops',
      S3ObjectKey: 'app.zip',
      PollForSourceChanges: 'false',
    })
    const resourceArn = `arn:aws:codepipeline:us-east-1:${HUB}:${name}`
    const { tags } = await shop.codepipeline.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(tags).toEqual(expect.arrayContaining([{ key: 'team', value: 'a' }]))

    const more = { DisableInboundStageTransitions: [{ StageName: 'Gate', Reason: 'freeze' }] }
    await cloudformation.send(
      new UpdateStackCommand({ StackName: 'delivery', TemplateBody: template('Confirm', more) }),
    )
    expect(await outputs()).toMatchObject({ status: 'UPDATE_COMPLETE', Version: '2', Name: name })
    const { stageStates } = await shop.codepipeline.send(new GetPipelineStateCommand({ name }))
    expect(stageStates?.[1]).toMatchObject({
      inboundTransitionState: { enabled: false, disabledReason: 'freeze' },
      actionStates: [{ actionName: 'Confirm' }],
    })

    await cloudformation.send(new DeleteStackCommand({ StackName: 'delivery' }))
    await shop.cloud.settled()
    await expect(shop.codepipeline.send(new GetPipelineCommand({ name }))).rejects.toMatchObject({
      name: 'PipelineNotFoundException',
    })
  })

  it('fails its stack with CodePipeline’s own words', async () => {
    const roleArn = `arn:aws:iam::${HUB}:role/nobody`
    const body = template('Approve', { RoleArn: roleArn })
    await cloudformation.send(new CreateStackCommand({ StackName: 'broken', TemplateBody: body }))
    await shop.cloud.settled()
    const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 'broken' }))
    const failed = StackEvents?.find((one) => one.ResourceStatus === 'CREATE_FAILED')
    expect(failed?.ResourceStatusReason).toContain(
      `CodePipeline is not authorized to perform AssumeRole on role ${roleArn}`,
    )
  })
})
