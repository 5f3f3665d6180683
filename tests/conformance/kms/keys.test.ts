import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ListRetirableGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/cloud/kernel/clock.ts'
import { type Credentials, DEV, HUB, startTestCloud } from '../cloud.ts'

const DAY = 86_400_000
let later = 0
const clock = { ...systemClock, now: () => Date.now() + later, date: () => new Date(Date.now() + later) }
const { client } = await startTestCloud({ clock })

const kms = client(KMSClient)
const dev = client(KMSClient, { account: DEV })
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content)
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const root = (account: string) => `arn:aws:iam::${account}:root`
const owner = { Effect: 'Allow', Principal: { AWS: root(HUB) }, Action: 'kms:*', Resource: '*' }

async function key(input: CreateKeyCommandInput = {}, through = kms): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await through.send(new CreateKeyCommand(input))
  return { id: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! }
}

async function user(
  account: string,
  name: string,
  ...statements: object[]
): Promise<Credentials & { arn: string }> {
  const iam = client(IAMClient, { account })
  const { User } = await iam.send(new CreateUserCommand({ UserName: name }))
  if (statements.length)
    await iam.send(
      new PutUserPolicyCommand({ UserName: name, PolicyName: 'may', PolicyDocument: policy(...statements) }),
    )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }))
  return {
    arn: User!.Arn!,
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  }
}

describe('encryption', () => {
  it('gives back what was encrypted, under the same context only', async () => {
    const { id, arn } = await key({ Description: 'artifacts' })
    const EncryptionContext = { 'aws:s3:arn': 'arn:aws:s3:::b/k', b: '2' }
    const { CiphertextBlob, KeyId } = await kms.send(
      new EncryptCommand({ KeyId: id, Plaintext: bytes('hello'), EncryptionContext }),
    )
    expect(KeyId).toBe(arn)
    const reordered = { b: '2', 'aws:s3:arn': 'arn:aws:s3:::b/k' }
    const decrypted = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: reordered }))
    expect([text(decrypted.Plaintext), decrypted.KeyId]).toEqual(['hello', arn])
    for (const wrong of [undefined, { ...EncryptionContext, b: '3' }, { b: '2' }])
      await expect(
        kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: wrong })),
      ).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
    const damaged = CiphertextBlob!.slice()
    damaged[damaged.length - 1]! ^= 1
    await expect(
      kms.send(new DecryptCommand({ CiphertextBlob: damaged, EncryptionContext })),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' })
    await expect(kms.send(new DecryptCommand({ CiphertextBlob: bytes('nonsense') }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    })
  })

  it('refuses the wrong key for a ciphertext', async () => {
    const [one, other] = [await key(), await key()]
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: one.id, Plaintext: bytes('x') }))
    await expect(kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other.id }))).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    })
    expect((await kms.send(new DecryptCommand({ CiphertextBlob, KeyId: one.arn }))).KeyId).toBe(one.arn)
  })

  it('makes data keys and random bytes', async () => {
    const { id, arn } = await key()
    const made = await kms.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256' }))
    expect([made.Plaintext?.length, made.KeyId]).toEqual([32, arn])
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }))
    expect(opened.Plaintext).toEqual(made.Plaintext)
    const closed = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: id, NumberOfBytes: 64 }),
    )
    expect(closed).not.toHaveProperty('Plaintext')
    expect(
      (await kms.send(new DecryptCommand({ CiphertextBlob: closed.CiphertextBlob }))).Plaintext?.length,
    ).toBe(64)
    await expect(kms.send(new GenerateDataKeyCommand({ KeyId: id }))).rejects.toThrow(
      /number of bytes or key spec/,
    )
    expect((await kms.send(new GenerateRandomCommand({ NumberOfBytes: 7 }))).Plaintext?.length).toBe(7)
  })

  it('moves a ciphertext to another key and context', async () => {
    const [from, to] = [await key(), await key()]
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: from.id, Plaintext: bytes('move'), EncryptionContext: { a: '1' } }),
    )
    const moved = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext: { a: '1' },
        DestinationKeyId: to.id,
        DestinationEncryptionContext: { b: '2' },
      }),
    )
    expect([moved.SourceKeyId, moved.KeyId]).toEqual([from.arn, to.arn])
    const opened = await kms.send(
      new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: '2' } }),
    )
    expect(text(opened.Plaintext)).toBe('move')
  })
})

describe('finding a key', () => {
  it('takes id, ARN, alias and alias ARN', async () => {
    const { id, arn } = await key()
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/four/ways', TargetKeyId: id }))
    for (const KeyId of [id, arn, 'alias/four/ways', arn.replace(/key\/.*/, 'alias/four/ways')])
      expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(arn)
  })

  it.each([
    [
      '11111111-2222-3333-4444-555555555555',
      `Key 'arn:aws:kms:us-east-1:${HUB}:key/11111111-2222-3333-4444-555555555555' does not exist`,
    ],
    ['alias/none', `Alias arn:aws:kms:us-east-1:${HUB}:alias/none is not found.`],
    [`arn:aws:kms:eu-west-1:${HUB}:key/11111111-2222-3333-4444-555555555555`, 'Invalid arn eu-west-1'],
    ['not a key', "Invalid keyId 'not a key'"],
  ])('does not find %s', async (KeyId, message) => {
    await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message,
    })
  })

  it('tells another account no more than a denial', async () => {
    const arn = `arn:aws:kms:us-east-1:${HUB}:key/11111111-2222-3333-4444-555555555555`
    await expect(dev.send(new DescribeKeyCommand({ KeyId: arn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('the resource does not exist in this Region'),
    })
  })

  it('moves and deletes aliases, and lists them', async () => {
    const [one, other] = [await key(), await key()]
    const AliasName = 'alias/moving'
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.id }))
    await expect(
      kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: other.id })),
    ).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: `An alias with the name arn:aws:kms:us-east-1:${HUB}:alias/moving already exists`,
    })
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: other.arn }))
    const list = async (KeyId: string) =>
      (await kms.send(new ListAliasesCommand({ KeyId }))).Aliases?.map((alias) => alias.AliasName)
    expect(await list(one.id)).toEqual([])
    expect(await list(other.id)).toEqual([AliasName])
    await kms.send(new DeleteAliasCommand({ AliasName }))
    await expect(kms.send(new DeleteAliasCommand({ AliasName }))).rejects.toMatchObject({
      name: 'NotFoundException',
    })
    for (const reserved of ['alias/aws/mine', 'plain'])
      await expect(
        kms.send(new CreateAliasCommand({ AliasName: reserved, TargetKeyId: one.id })),
      ).rejects.toThrow(/reserved|prefix/)
  })

  it('pages through keys', async () => {
    const first = await kms.send(new ListKeysCommand({ Limit: 2 }))
    expect([first.Keys?.length, first.Truncated]).toEqual([2, true])
    const next = await kms.send(new ListKeysCommand({ Limit: 2, Marker: first.NextMarker }))
    expect(next.Keys?.[0]?.KeyId).not.toBe(first.Keys?.[0]?.KeyId)
    await expect(kms.send(new ListKeysCommand({ Marker: 'x' }))).rejects.toMatchObject({
      name: 'InvalidMarkerException',
    })
  })
})

describe('key policies', () => {
  it('refuses principals that do not exist, and a policy that locks the caller out', async () => {
    const stranger = { ...owner, Principal: { AWS: `arn:aws:iam::${DEV}:role/nobody` } }
    await expect(key({ Policy: policy(owner, stranger) })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'Policy contains a statement with one or more invalid principals.',
    })
    const locked = policy({ ...owner, Action: 'kms:Decrypt' })
    await expect(key({ Policy: locked })).rejects.toThrow(
      'The new key policy will not allow you to update the key policy in the future.',
    )
    await key({ Policy: locked, BypassPolicyLockoutSafetyCheck: true })
    await expect(key({ Policy: '{' })).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' })
  })

  it('decides alone: without the account in it identity policies are void', async () => {
    const admin = await user(HUB, 'admin', { Effect: 'Allow', Action: '*', Resource: '*' })
    const only = await user(HUB, 'only')
    const { id, arn } = await key({
      Policy: policy({ ...owner, Principal: { AWS: only.arn } }),
      BypassPolicyLockoutSafetyCheck: true,
    })
    const Plaintext = bytes('x')
    await expect(
      client(KMSClient, { credentials: admin }).send(new EncryptCommand({ KeyId: id, Plaintext })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${admin.arn} is not authorized to perform: kms:Encrypt on resource: ${arn} because no resource-based policy allows the kms:Encrypt action`,
    })
    await client(KMSClient, { credentials: only }).send(new EncryptCommand({ KeyId: id, Plaintext }))
  })

  it('needs both sides across accounts, and minds conditions', async () => {
    const Policy = policy(owner, {
      Effect: 'Allow',
      Principal: { AWS: root(DEV) },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: { StringEquals: { 'kms:EncryptionContext:app': 'orders' } },
    })
    const { id, arn } = await key({ Policy })
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/shared', TargetKeyId: id }))
    const without = await user(DEV, 'without')
    const byAlias = await user(DEV, 'by-alias', {
      Effect: 'Allow',
      Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
      Resource: `arn:aws:kms:us-east-1:${HUB}:key/*`,
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/shared' } },
    })
    const ask = (who: Credentials, app: string) =>
      client(KMSClient, { credentials: who }).send(
        new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256', EncryptionContext: { app } }),
      )
    await expect(ask(without, 'orders')).rejects.toThrow(/because no identity-based policy allows/)
    await expect(ask(byAlias, 'other')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const { CiphertextBlob } = await ask(byAlias, 'orders')
    const opened = client(KMSClient, { credentials: without }).send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { app: 'orders' } }),
    )
    await expect(opened).rejects.toThrow(
      `User: ${without.arn} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because no identity-based policy allows the kms:Decrypt action`,
    )
    const aliasArn = `arn:aws:kms:us-east-1:${HUB}:alias/shared`
    const byArn = client(KMSClient, { credentials: byAlias }).send(
      new DecryptCommand({ CiphertextBlob, KeyId: aliasArn, EncryptionContext: { app: 'orders' } }),
    )
    expect((await byArn).KeyId).toBe(arn)
  })

  it('can be read and replaced, and shows the id of a role that is gone', async () => {
    const iam = client(IAMClient, { account: DEV })
    const AssumeRolePolicyDocument = policy({
      Effect: 'Allow',
      Principal: { AWS: DEV },
      Action: 'sts:AssumeRole',
    })
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }))
    const { id } = await key()
    const read = async () => (await kms.send(new GetKeyPolicyCommand({ KeyId: id }))).Policy ?? ''
    expect(JSON.parse(await read()).Id).toBe('key-default-1')
    const Policy = policy(owner, { ...owner, Principal: { AWS: [Role!.Arn!] }, Action: 'kms:Decrypt' })
    await kms.send(new PutKeyPolicyCommand({ KeyId: id, Policy }))
    expect(await read()).toBe(Policy)
    await iam.send(new DeleteRoleCommand({ RoleName: 'reader' }))
    await iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument }))
    expect(JSON.parse(await read()).Statement[1].Principal.AWS).toEqual([Role!.RoleId])
  })
})

describe('AWS managed keys', () => {
  it('are made when asked for, used through their service only, and cannot be shared', async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', Enabled: true, AWSAccountId: HUB })
    const again = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))
    expect(again.KeyMetadata?.Arn).toBe(KeyMetadata?.Arn)
    const direct = new GenerateDataKeyCommand({ KeyId: 'alias/aws/s3', KeySpec: 'AES_256' })
    await expect(kms.send(direct)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(
      dev.send(new GenerateDataKeyCommand({ KeyId: KeyMetadata!.Arn!, KeySpec: 'AES_256' })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(
      kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata!.KeyId!, Policy: policy(owner) })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/unheard-of' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    })
  })
})

describe('key states', () => {
  it('refuses a disabled key and one pending deletion, each in AWS words', async () => {
    const { id, arn } = await key()
    const use = () => kms.send(new GenerateDataKeyCommand({ KeyId: id, KeySpec: 'AES_256' }))
    await kms.send(new DisableKeyCommand({ KeyId: id }))
    await expect(use()).rejects.toMatchObject({ name: 'DisabledException', message: `${arn} is disabled.` })
    await kms.send(new EnableKeyCommand({ KeyId: id }))
    await use()
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }))
    expect([scheduled.KeyState, scheduled.KeyId]).toEqual(['PendingDeletion', arn])
    await expect(use()).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn} is pending deletion.`,
    })
    await kms.send(new CancelKeyDeletionCommand({ KeyId: id }))
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id }))
    expect(KeyMetadata?.KeyState).toBe('Disabled')
    for (const PendingWindowInDays of [6, 31])
      await expect(
        kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays })),
      ).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('deletes a key and its aliases once its time has come', async () => {
    const { id } = await key()
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/ending', TargetKeyId: id }))
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }))
    later += 7 * DAY + 1000
    try {
      for (const KeyId of [id, 'alias/ending']) {
        const ahead = client(KMSClient, { systemClockOffset: later })
        await expect(ahead.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
          name: 'NotFoundException',
          message: expect.stringContaining(KeyId),
        })
      }
    } finally {
      later = 0
    }
  })

  it('tells its rotation', async () => {
    const { id } = await key()
    const status = () => kms.send(new GetKeyRotationStatusCommand({ KeyId: id }))
    expect((await status()).KeyRotationEnabled).toBe(false)
    await kms.send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: 90 }))
    expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 })
  })

  it('carries tags', async () => {
    const { id } = await key({ Tags: [{ TagKey: 'a', TagValue: '1' }] })
    await kms.send(new TagResourceCommand({ KeyId: id, Tags: [{ TagKey: 'b', TagValue: '2' }] }))
    await kms.send(new UntagResourceCommand({ KeyId: id, TagKeys: ['a'] }))
    const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId: id }))
    expect(Tags).toEqual([{ TagKey: 'b', TagValue: '2' }])
  })

  it('refuses kinds of keys it does not have, by name', async () => {
    await expect(key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })).rejects.toThrow(/RSA_2048.*KeySpec/)
    await expect(key({ MultiRegion: true })).rejects.toThrow(/MultiRegion/)
  })
})

describe('grants', () => {
  it('let a principal of another account in, as far as their constraints', async () => {
    const { arn } = await key()
    const grantee = await user(DEV, 'grantee')
    const use = (app: string) =>
      client(KMSClient, { credentials: grantee }).send(
        new GenerateDataKeyCommand({ KeyId: arn, KeySpec: 'AES_256', EncryptionContext: { app } }),
      )
    await expect(use('a')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const grant = {
      KeyId: arn,
      Name: 'for-dev',
      GranteePrincipal: grantee.arn,
      RetiringPrincipal: grantee.arn,
      Operations: ['GenerateDataKey' as const],
      Constraints: { EncryptionContextSubset: { app: 'a' } },
    }
    const { GrantId, GrantToken } = await kms.send(new CreateGrantCommand(grant))
    expect((await kms.send(new CreateGrantCommand(grant))).GrantId).toBe(GrantId)
    await use('a')
    await expect(use('b')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: arn }))
    expect(Grants).toMatchObject([
      { GrantId, GranteePrincipal: grantee.arn, Operations: ['GenerateDataKey'] },
    ])
    const retirable = await kms.send(new ListRetirableGrantsCommand({ RetiringPrincipal: grantee.arn }))
    expect(retirable.Grants?.map((one) => one.GrantId)).toEqual([GrantId])
    await client(KMSClient, { credentials: grantee }).send(new RetireGrantCommand({ GrantToken }))
    await expect(use('a')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(kms.send(new RevokeGrantCommand({ KeyId: arn, GrantId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    })
  })

  it('refuses a grantee that does not exist', async () => {
    const { id } = await key()
    const GranteePrincipal = `arn:aws:iam::${DEV}:role/nobody`
    await expect(
      kms.send(new CreateGrantCommand({ KeyId: id, GranteePrincipal, Operations: ['Decrypt'] })),
    ).rejects.toMatchObject({ name: 'InvalidArnException' })
  })
})
