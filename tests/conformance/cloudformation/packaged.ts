/** A serverless application as `sam package` leaves it: its template, and its code in a bucket. */
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { TestCloud } from '../cloud.ts'
import { zip } from '../lambda/functions.ts'

export const PACKAGED_CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'] as const

/** Uploads two versions of the code: what each says is its name. */
export async function uploadPackages(test: TestCloud): Promise<void> {
  const s3 = test.client(S3Client)
  await s3.send(new CreateBucketCommand({ Bucket: 'packages' }))
  for (const says of ['one', 'two']) {
    const Body = zip({
      'index.js': `exports.handler = async ({ Records = [] }) => {
        for (const { body } of Records) console.log(body, 'arrived')
        return '${says}'
      }`,
    })
    await s3.send(new PutObjectCommand({ Bucket: 'packages', Key: `${says}.zip`, Body }))
  }
}

/** Gives the template for a version of the code. */
export const packaged = (key: string) => `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs20.x, Handler: index.handler, Timeout: 5 } }
Parameters: { Alias: { Type: String, Default: live } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { SamResourceId: Hello }
    Properties:
      CodeUri: s3://packages/${key}
      AutoPublishAlias: !Ref Alias
      Policies: [{ S3ReadPolicy: { BucketName: !Ref Inbox } }]
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
  Inbox: { Type: AWS::S3::Bucket }
  Queue: { Type: AWS::SQS::Queue }
Outputs:
  Alias: { Value: !Ref Hello.Alias }
  Version: { Value: !GetAtt Hello.Version.Version }
  Role: { Value: !GetAtt HelloRole.Arn }
`
