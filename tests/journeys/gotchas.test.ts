/** What people stumble over first when a pipeline crosses accounts, met call by call. */
import {
  CodePipelineClient,
  CreatePipelineCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { GetObjectCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, test } from 'vitest'
import { DEV, HUB } from '../conformance/cloud.ts'
import { approval, pipelineOf, s3Source } from '../conformance/codepipeline/declarations.ts'
import { openWorkshop, type Workshop } from '../conformance/codepipeline/workshop.ts'

const ABSENT = `arn:aws:iam::${DEV}:role/not-there`
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

let shop: Workshop

beforeAll(async () => {
  shop = await openWorkshop()
})

/** A client with the access key of a new user who may do what the action says. */
async function user<C>(
  name: string,
  account: string,
  Action: string,
  clientClass: new (configuration: never) => C,
): Promise<C> {
  const iam = shop.client(IAMClient, { account })
  await iam.send(new CreateUserCommand({ UserName: name }))
  const PolicyDocument = policy({ Effect: 'Allow', Action, Resource: '*' })
  await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey!
  return shop.client(clientClass, { account, credentials: { accessKeyId, secretAccessKey } })
}

describe('an object under aws/s3', () => {
  test('is read in its own account, and by nobody in another one', async () => {
    const Bucket = await shop.bucket('artifacts', 'us-east-1', [DEV])
    const object = { Bucket, Key: 'app.zip' }
    const encrypted = { ...object, Body: 'app', ServerSideEncryption: 'aws:kms' as const }
    await shop.s3.send(new PutObjectCommand(encrypted))
    const own = await user('own', HUB, '*', S3Client)
    const read = await own.send(new GetObjectCommand(object))
    expect(await read.Body?.transformToString()).toBe('app')

    const other = await user('reader', DEV, '*', S3Client)
    await expect(other.send(new GetObjectCommand(object))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${DEV}:user/reader is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    })

    const key = await shop.key('us-east-1', [DEV])
    await shop.s3.send(new PutObjectCommand({ ...encrypted, SSEKMSKeyId: key }))
    const again = await other.send(new GetObjectCommand(object))
    expect(await again.Body?.transformToString()).toBe('app')
  })
})

describe('a role that does not exist', () => {
  const Principal = { AWS: ABSENT }

  test('cannot stand in a bucket policy', async () => {
    const Bucket = await shop.bucket('strict')
    const Statement = {
      Effect: 'Allow',
      Principal,
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    }
    const put = new PutBucketPolicyCommand({ Bucket, Policy: policy(Statement) })
    await expect(shop.s3.send(put)).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message: 'Invalid principal in policy',
    })
    const iam = shop.client(IAMClient, { account: DEV })
    await shop.role('not-there', 'lambda.amazonaws.com', [], DEV)
    await shop.s3.send(put)
    await iam.send(new DeleteRoleCommand({ RoleName: 'not-there' }))
  })

  test('cannot stand in a key policy', async () => {
    const kms = shop.client(KMSClient)
    const owner = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${HUB}:root` },
      Action: 'kms:*',
      Resource: '*',
    }
    const Policy = policy(owner, { Effect: 'Allow', Principal, Action: 'kms:Decrypt', Resource: '*' })
    const refused = {
      name: 'MalformedPolicyDocumentException',
      message: 'Policy contains a statement with one or more invalid principals.',
    }
    await expect(kms.send(new CreateKeyCommand({ Policy }))).rejects.toMatchObject(refused)
    const KeyId = await shop.key()
    await expect(kms.send(new PutKeyPolicyCommand({ KeyId, Policy }))).rejects.toMatchObject(refused)
  })

  test('cannot stand in a trust policy', async () => {
    const iam = shop.client(IAMClient)
    const PolicyDocument = policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' })
    const refused = {
      name: 'MalformedPolicyDocumentException',
      message: `Invalid principal in policy: "AWS":"${ABSENT}"`,
    }
    const create = new CreateRoleCommand({ RoleName: 'trusting', AssumeRolePolicyDocument: PolicyDocument })
    await expect(iam.send(create)).rejects.toMatchObject(refused)
    await shop.role('trusting', 'lambda.amazonaws.com', [])
    const update = new UpdateAssumeRolePolicyCommand({ RoleName: 'trusting', PolicyDocument })
    await expect(iam.send(update)).rejects.toMatchObject(refused)
  })
})

describe('CreatePipeline', () => {
  const everything = [{ Action: '*' }]
  let bucket: string
  let pipelineRole: string

  beforeAll(async () => {
    bucket = await shop.bucket('pipelines')
    pipelineRole = await shop.role('pipeline', 'codepipeline.amazonaws.com', everything)
  })

  const declare = (name: string, roleArn: string, actionRole?: string) => ({
    pipeline: pipelineOf(name, roleArn, bucket, [[s3Source(bucket, { roleArn: actionRole })], [approval()]]),
  })

  const refusal = (message: string) => ({ name: 'InvalidStructureException', message })

  test.each([
    ['is not there', ABSENT],
    ['trusts somebody else', `arn:aws:iam::${DEV}:role/distrustful`],
  ])('is refused when an action’s role %s', async (_why, role) => {
    if (role !== ABSENT) await shop.role('distrustful', 'lambda.amazonaws.com', everything, DEV)
    const sent = shop.codepipeline.send(new CreatePipelineCommand(declare('refused', pipelineRole, role)))
    await expect(sent).rejects.toMatchObject(
      refusal(`${pipelineRole} is not authorized to perform AssumeRole on role ${role}`),
    )
  })

  test('is refused when the pipeline’s role may not assume the action’s role', async () => {
    const timid = await shop.role('timid', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
    const trusting = await shop.role('trusts-the-hub', `arn:aws:iam::${HUB}:root`, everything, DEV)
    await expect(
      shop.codepipeline.send(new CreatePipelineCommand(declare('refused', timid, trusting))),
    ).rejects.toMatchObject(refusal(`${timid} is not authorized to perform AssumeRole on role ${trusting}`))
    await shop.codepipeline.send(new CreatePipelineCommand(declare('taken', pipelineRole, trusting)))
    const iam = shop.client(IAMClient, { account: DEV })
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'trusts-the-hub', PolicyName: 'p' }))
    await iam.send(new DeleteRoleCommand({ RoleName: 'trusts-the-hub' }))
    await expect(
      shop.codepipeline.send(new UpdatePipelineCommand(declare('taken', pipelineRole, trusting))),
    ).rejects.toMatchObject(
      refusal(`${pipelineRole} is not authorized to perform AssumeRole on role ${trusting}`),
    )
  })

  test('is refused when CodePipeline may not assume the pipeline’s role', async () => {
    const other = await shop.role('of-codebuild', 'codebuild.amazonaws.com', everything)
    await expect(
      shop.codepipeline.send(new CreatePipelineCommand(declare('refused', other))),
    ).rejects.toMatchObject(refusal(`CodePipeline is not authorized to perform AssumeRole on role ${other}`))
  })

  test('names the PassRole that its caller lacks', async () => {
    const codepipeline = await user('author', HUB, 'codepipeline:*', CodePipelineClient)
    await expect(
      codepipeline.send(new CreatePipelineCommand(declare('unpassed', pipelineRole))),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${HUB}:user/author is not authorized to perform: iam:PassRole on resource: ${pipelineRole} because no identity-based policy allows the iam:PassRole action`,
    })
  })
})
