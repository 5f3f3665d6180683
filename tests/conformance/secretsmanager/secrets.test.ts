/** Secrets Manager through the SDK client. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'

const test = await startTestCloud()
const client = test.client(SecretsManagerClient)

const create = (Name: string, SecretString?: string) =>
  client.send(new CreateSecretCommand({ Name, SecretString }))
const get = (SecretId: string, more = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more }))

describe('values', () => {
  it('are read by name, ARN and ARN without its end', async () => {
    const { ARN } = await create('app/db', 'hush')
    expect(ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:us-east-1:${HUB}:secret:app/db-[A-Za-z0-9]{6}$`))
    for (const id of ['app/db', ARN!, ARN!.slice(0, -7)])
      expect(await get(id)).toMatchObject({ SecretString: 'hush', VersionStages: ['AWSCURRENT'] })
    await expect(create('app/db', 'again')).rejects.toMatchObject({ name: 'ResourceExistsException' })
    await expect(get('absent')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    })
  })

  it('may be bytes', async () => {
    await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: new Uint8Array([0, 255]) }))
    const { SecretBinary, SecretString } = await get('bytes')
    expect([...SecretBinary!]).toEqual([0, 255])
    expect(SecretString).toBeUndefined()
  })

  it('move through stages', async () => {
    const first = await create('staged', 'one')
    const second = await client.send(new PutSecretValueCommand({ SecretId: 'staged', SecretString: 'two' }))
    expect((await get('staged')).SecretString).toBe('two')
    expect((await get('staged', { VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one')
    expect((await get('staged', { VersionId: first.VersionId })).SecretString).toBe('one')
    await client.send(
      new PutSecretValueCommand({ SecretId: 'staged', SecretString: 'three', VersionStages: ['NEXT'] }),
    )
    expect((await get('staged')).SecretString).toBe('two')
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: 'staged',
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: first.VersionId,
        RemoveFromVersionId: second.VersionId,
      }),
    )
    expect((await get('staged')).SecretString).toBe('one')
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 'staged' }))
    expect(Versions?.map((one) => one.VersionStages)).toEqual([['AWSCURRENT'], ['AWSPREVIOUS'], ['NEXT']])
  })

  it('are put once for one token', async () => {
    await create('token', 'a')
    const put = (SecretString: string) =>
      client.send(
        new PutSecretValueCommand({ SecretId: 'token', SecretString, ClientRequestToken: 'x'.repeat(32) }),
      )
    expect((await put('b')).VersionId).toBe('x'.repeat(32))
    expect((await put('b')).VersionId).toBe('x'.repeat(32))
    await expect(put('c')).rejects.toMatchObject({ name: 'ResourceExistsException' })
  })

  it('come in batches, with errors beside them', async () => {
    await create('batch', 'v')
    const { SecretValues, Errors } = await client.send(
      new BatchGetSecretValueCommand({ SecretIdList: ['batch', 'absent'] }),
    )
    expect(SecretValues?.map((one) => one.SecretString)).toEqual(['v'])
    expect(Errors?.map((one) => one.ErrorCode)).toEqual(['ResourceNotFoundException'])
  })
})

describe('deletion', () => {
  it('leaves time to restore', async () => {
    await create('doomed', 'v')
    await client.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }))
    await expect(get('doomed')).rejects.toMatchObject({ name: 'InvalidRequestException' })
    await expect(create('doomed', 'v')).rejects.toMatchObject({ name: 'InvalidRequestException' })
    const { SecretList } = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['doomed'] }] }),
    )
    expect(SecretList).toEqual([])
    const { DeletedDate } = await client.send(new DescribeSecretCommand({ SecretId: 'doomed' }))
    expect(DeletedDate).toBeInstanceOf(Date)
    await client.send(new RestoreSecretCommand({ SecretId: 'doomed' }))
    expect((await get('doomed')).SecretString).toBe('v')
  })

  it('can be forced', async () => {
    await create('forced', 'v')
    await client.send(new DeleteSecretCommand({ SecretId: 'forced', ForceDeleteWithoutRecovery: true }))
    await expect(get('forced')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await create('forced', 'again')
  })
})

it('makes passwords of the kinds asked for', async () => {
  const { RandomPassword } = await client.send(
    new GetRandomPasswordCommand({ PasswordLength: 40, ExcludePunctuation: true, ExcludeUppercase: true }),
  )
  expect(RandomPassword).toMatch(/^(?=.*[a-z])(?=.*\d)[a-z0-9]{40}$/)
})

it('refuses rotation by name', async () => {
  await create('rotating', 'v')
  await expect(client.send(new RotateSecretCommand({ SecretId: 'rotating' }))).rejects.toMatchObject({
    name: 'UnsupportedOperation',
    message: expect.stringContaining('RotateSecret'),
  })
})

describe('across accounts', () => {
  it('takes the policies of the secret, of the key and of the caller', async () => {
    const kms = test.client(KMSClient)
    const readerArn = `arn:aws:iam::${DEV}:user/reader`
    const iam = test.client(IAMClient, { account: DEV })
    const statement = (Principal: object, Action: string) => ({
      Effect: 'Allow',
      Principal,
      Action,
      Resource: '*',
    })
    await iam.send(new CreateUserCommand({ UserName: 'reader' }))
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            statement({ AWS: `arn:aws:iam::${HUB}:root` }, 'kms:*'),
            statement({ AWS: readerArn }, 'kms:Decrypt'),
          ],
        }),
      }),
    )
    const { ARN } = await client.send(
      new CreateSecretCommand({ Name: 'shared', SecretString: 'ours', KmsKeyId: KeyMetadata!.Arn }),
    )
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }))
    const reader = test.client(SecretsManagerClient, {
      credentials: { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! },
    })
    const read = () => reader.send(new GetSecretValueCommand({ SecretId: ARN }))
    const allow = (Action: string) =>
      iam.send(
        new PutUserPolicyCommand({
          UserName: 'reader',
          PolicyName: Action.replace(':', '-'),
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
          }),
        }),
      )
    await expect(read()).rejects.toMatchObject({
      message: expect.stringContaining('no identity-based policy'),
    })
    await allow('secretsmanager:GetSecretValue')
    await expect(read()).rejects.toMatchObject({
      message: expect.stringContaining('no resource-based policy'),
    })
    await client.send(
      new PutResourcePolicyCommand({
        SecretId: 'shared',
        ResourcePolicy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [statement({ AWS: readerArn }, 'secretsmanager:GetSecretValue')],
        }),
      }),
    )
    await expect(read()).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('kms:Decrypt'),
    })
    await allow('kms:Decrypt')
    expect((await read()).SecretString).toBe('ours')
  })
})
