/** SDK clients that reach the cloud in this process, without a socket: the same answers, the same enforcement. */
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { HUB, startTestCloud } from './cloud.ts'

const { cloud, client } = await startTestCloud()
// Nothing listens there: a client that opened a socket would fail.
const inProcess = { endpoint: 'http://127.0.0.1:9', requestHandler: cloud.requestHandler }

test('objects travel both ways', async () => {
  const s3 = client(S3Client, { ...inProcess, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: 'in-process' }))
  const Body = 'x'.repeat(300_000)
  await s3.send(new PutObjectCommand({ Bucket: 'in-process', Key: 'large', Body }))
  const found = await s3.send(new GetObjectCommand({ Bucket: 'in-process', Key: 'large' }))
  expect(await found.Body?.transformToString()).toBe(Body)
})

test('signatures are verified and IAM is enforced', async () => {
  const credentials = { accessKeyId: HUB, secretAccessKey: 'wrong' }
  const stranger = client(STSClient, { ...inProcess, credentials })
  await expect(stranger.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  })
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  await client(IAMClient, inProcess).send(
    new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument }),
  )
  const assume = { RoleArn: `arn:aws:iam::${HUB}:role/worker`, RoleSessionName: 'session' }
  await expect(client(STSClient, inProcess).send(new AssumeRoleCommand(assume))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
})
