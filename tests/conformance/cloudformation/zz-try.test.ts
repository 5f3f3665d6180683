import { test } from 'vitest'
import { startCloud } from '/work/main/src/cloud/index.ts'
import * as cf from '@aws-sdk/client-cloudformation'
test('x', async () => {
  const cloud = await startCloud()
  const c = new cf.CloudFormationClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' }, maxAttempts: 1 })
  const body = `
Resources:
  Q:
    Type: AWS::SQS::Queue
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      TableName: !Sub '\${Q.QueueName}-x'
  V:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
Outputs:
  A: {Value: !GetAtt Q.Arn}
  B: {Value: !Ref V}
  C: {Value: !GetAtt T.Arn}
`
  for (let i = 0; i < 3; i++) {
  const t = performance.now()
  const r = await c.send(new cf.CreateStackCommand({ StackName: 's' + i, TemplateBody: body }))
  const d = await c.send(new cf.DescribeStacksCommand({ StackName: 's' + i }))
  console.log(performance.now() - t, d.Stacks[0].StackStatus, JSON.stringify(d.Stacks[0].Outputs))
  }
  const e = await c.send(new cf.DescribeStackEventsCommand({ StackName: 's1' }))
  console.log(e.StackEvents.map(x => `${x.LogicalResourceId} ${x.PhysicalResourceId} ${x.ResourceStatus} ${x.ResourceStatusReason}`).join('\n'))
  await c.send(new cf.DeleteStackCommand({ StackName: 's1' }))
  await cloud.stop()
})
