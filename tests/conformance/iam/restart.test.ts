import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, expect, it } from 'vitest'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { HUB } from '../cloud.ts'

const root = { accessKeyId: HUB, secretAccessKey: 'test' }
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one()
})

function client<C extends { destroy(): void }>(
  cloud: Cloud,
  of: new (configuration: never) => C,
  credentials: object = root,
): C {
  const made = new of({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  } as never)
  undo.push(async () => made.destroy())
  return made
}

const may = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })

it('a key opens its ciphertexts, and a session goes on, after the cloud was started anew', async () => {
  const data = await mkdtemp(join(tmpdir(), 'crossdock-restart-'))
  undo.push(() => rm(data, { recursive: true, force: true }))
  const first = await startCloud({ data })
  const iam = client(first, IAMClient)
  await iam.send(new CreateUserCommand({ UserName: 'ann' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }))
  const AssumeRolePolicyDocument = may({
    Principal: { AWS: `arn:aws:iam::${HUB}:user/ann` },
    Action: 'sts:AssumeRole',
  })
  const RoleName = 'reader'
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const PolicyDocument = may({ Action: 'kms:Decrypt', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'may', PolicyDocument }))
  const ann = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const assume = new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'kept' })

  const kms = client(first, KMSClient)
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/kept', TargetKeyId: KeyMetadata!.KeyId }))
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({ KeyId: 'alias/kept', Plaintext: Buffer.from('still here') }),
  )
  const { Credentials: given } = await client(first, STSClient, ann).send(assume)
  await first.stop()

  const second = await startCloud({ data })
  undo.push(() => second.stop())
  const session = {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  }
  const { Plaintext } = await client(second, KMSClient, session).send(
    new DecryptCommand({ CiphertextBlob, KeyId: 'alias/kept' }),
  )
  expect(Buffer.from(Plaintext!).toString()).toBe('still here')
  const again = await client(second, STSClient, ann).send(assume)
  expect(again.AssumedRoleUser?.AssumedRoleId).toBe(`${Role!.RoleId}:kept`)
})
