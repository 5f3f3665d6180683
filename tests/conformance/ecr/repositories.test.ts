/** Repositories, their settings and tags, and their encryption under a KMS key. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutRegistryPolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr'
import { CreateKeyCommand, DisableKeyCommand, KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, document, userWith } from './callers.ts'
import { digestOf, imageOf, pushBlob, pushImage } from './images.ts'

const test = await startTestCloud()
const ecr = test.client(ECRClient)
const create = (repositoryName: string, more: object = {}) =>
  ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }))

describe('repositories', () => {
  it('are made with AWS’s defaults, and found by name', async () => {
    const { repository } = await create('team/app')
    expect(repository).toMatchObject({
      repositoryArn: `arn:aws:ecr:us-east-1:${HUB}:repository/team/app`,
      registryId: HUB,
      repositoryName: 'team/app',
      repositoryUri: `${test.cloud.endpoint.replace('http://', '')}/${HUB}/us-east-1/team/app`,
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: 'AES256' },
    })
    const found = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['team/app'] }))
    expect(found.repositories).toEqual([repository])
    await expect(create('team/app')).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
      message: `The repository with name 'team/app' already exists in the registry with id '${HUB}'`,
    })
    await expect(create('Team/App')).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  it('are listed by name, page by page, and only those of their account and region', async () => {
    for (const name of ['list-b', 'list-a', 'list-c']) await create(name)
    const elsewhere = test.client(ECRClient, { region: 'eu-west-1' })
    expect((await elsewhere.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([])
    const first = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2 }))
    const names = (first.repositories ?? []).map((one) => one.repositoryName)
    const rest = await ecr.send(new DescribeRepositoriesCommand({ nextToken: first.nextToken }))
    for (const { repositoryName } of rest.repositories ?? []) names.push(repositoryName)
    expect(first.repositories).toHaveLength(2)
    expect(names).toEqual([...names].sort())
    expect(names).toContain('list-c')
    await expect(ecr.send(new DescribeRepositoriesCommand({ nextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
  })

  it('are deleted empty, or by force', async () => {
    await create('full')
    await pushImage(ecr, { repositoryName: 'full' }, 'something', 'v1')
    const remove = (force?: boolean) =>
      ecr.send(new DeleteRepositoryCommand({ repositoryName: 'full', force }))
    await expect(remove()).rejects.toMatchObject({
      name: 'RepositoryNotEmptyException',
      message: `The repository with name 'full' in registry with id '${HUB}' cannot be deleted because it still contains images`,
    })
    await remove(true)
    await expect(remove(true)).rejects.toMatchObject({
      name: 'RepositoryNotFoundException',
      message: `The repository with name 'full' does not exist in the registry with id '${HUB}'`,
    })
    await create('full')
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'full' }))
    expect(imageDetails).toEqual([])
  })

  it('carry tags', async () => {
    const { repository } = await create('tagged', { tags: [{ Key: 'team', Value: 'orders' }] })
    const resourceArn = repository!.repositoryArn!
    await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'stage', Value: 'prod' }] }))
    await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }))
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }))
    expect(tags).toEqual([{ Key: 'stage', Value: 'prod' }])
    await expect(
      ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'aws:x', Value: '' }] })),
    ).rejects.toMatchObject({ name: 'InvalidTagParameterException' })
  })

  it('keep their settings, and say that nothing is scanned', async () => {
    const { repository } = await create('settings', {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    })
    expect(repository?.imageTagMutabilityExclusionFilters).toEqual([
      { filterType: 'WILDCARD', filter: 'dev-*' },
    ])
    const repositoryName = 'settings'
    const mutable = { repositoryName, imageTagMutability: 'MUTABLE' as const }
    await ecr.send(new PutImageTagMutabilityCommand(mutable))
    const scanOnPush = { repositoryName, imageScanningConfiguration: { scanOnPush: true } }
    await ecr.send(new PutImageScanningConfigurationCommand(scanOnPush))
    await pushImage(ecr, { repositoryName }, 'unscanned')
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }))
    expect(imageDetails?.[0]?.imageScanStatus).toEqual({
      status: 'UNSUPPORTED_IMAGE',
      description: 'The embedded cloud does not scan images.',
    })
    await expect(
      ecr.send(
        new PutImageTagMutabilityCommand({ ...mutable, imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  it('belong to a registry that replicates nothing', async () => {
    const registry = await test.client(ECRClient, { account: DEV }).send(new DescribeRegistryCommand({}))
    expect(registry).toMatchObject({ registryId: DEV, replicationConfiguration: { rules: [] } })
    await expect(ecr.send(new PutRegistryPolicyCommand({ policyText: '{}' }))).rejects.toMatchObject({
      message: 'The embedded cloud does not support ecr:PutRegistryPolicy.',
    })
  })
})

describe('encryption with KMS', () => {
  const kms = test.client(KMSClient)
  const makeKey = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!
  const withKey = (kmsKey?: string) => ({
    encryptionConfiguration: { encryptionType: 'KMS' as const, kmsKey },
  })

  it('grants ECR the key, writes nothing in clear, and needs no permission of who pulls', async () => {
    const key = await makeKey()
    const { repository } = await create('sealed', withKey(key))
    expect(repository?.encryptionConfiguration).toEqual({ encryptionType: 'KMS', kmsKey: key })
    const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: key }))
    expect(Grants?.flatMap((one) => one.Operations)).toEqual(['GenerateDataKey', 'Decrypt'])
    expect(Grants?.[0]?.Constraints?.EncryptionContextSubset).toEqual({
      'aws:ecr:arn': repository!.repositoryArn,
    })
    const secret = 'what must not lie about in clear'
    await pushImage(ecr, { repositoryName: 'sealed' }, secret, 'v1')
    const folder = join(test.cloud.folder, 'images', 'layers')
    for (const file of readdirSync(folder))
      expect(readFileSync(join(folder, file)).includes(secret)).toBe(false)
    const credentials = await userWith(test, HUB, 'puller', allow('ecr:*'))
    const puller = test.client(ECRClient, { credentials })
    const { images } = await puller.send(
      new BatchGetImageCommand({ repositoryName: 'sealed', imageIds: [{ imageTag: 'v1' }] }),
    )
    expect(images?.[0]?.imageManifest).toBe(imageOf(secret).manifest)
    const { downloadUrl } = await puller.send(
      new GetDownloadUrlForLayerCommand({ repositoryName: 'sealed', layerDigest: digestOf(secret) }),
    )
    expect(await (await fetch(downloadUrl!)).text()).toBe(secret)
    const used = test.cloud.trail.entries().findLast((one) => one.action === 'kms:Decrypt')
    expect(used).toMatchObject({ principal: 'ecr.amazonaws.com', operation: 'kms:Decrypt' })
  })

  it('serves other accounts, which need nothing on the key either', async () => {
    const repositoryName = 'sealed-and-shared'
    await create(repositoryName, withKey(await makeKey()))
    const Action = [
      'ecr:InitiateLayerUpload',
      'ecr:UploadLayerPart',
      'ecr:CompleteLayerUpload',
      'ecr:PutImage',
    ]
    const statement = { Effect: 'Allow', Principal: { AWS: DEV }, Action: [...Action, 'ecr:BatchGetImage'] }
    const policyText = document(statement)
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))
    const credentials = await userWith(test, DEV, 'foreigner', allow('ecr:*'))
    const foreigner = test.client(ECRClient, { account: DEV, credentials })
    const target = { registryId: HUB, repositoryName }
    await pushImage(foreigner, target, 'from outside', 'v1')
    const imageIds = [{ imageTag: 'v1' }]
    const { images } = await foreigner.send(new BatchGetImageCommand({ ...target, imageIds }))
    expect(images?.[0]?.imageManifest).toBe(imageOf('from outside').manifest)
  })

  it('takes kms:DescribeKey and kms:CreateGrant of who makes the repository', async () => {
    const key = await makeKey()
    const credentials = await userWith(test, HUB, 'maker', allow('ecr:*'), allow('kms:DescribeKey'))
    const maker = test.client(ECRClient, { credentials })
    await expect(
      maker.send(new CreateRepositoryCommand({ repositoryName: 'not-granted', ...withKey(key) })),
    ).rejects.toMatchObject({
      name: 'KmsException',
      kmsError: 'AccessDeniedException',
      message: expect.stringContaining('not authorized to perform: kms:CreateGrant'),
    })
    const asked = test.cloud.trail.entries().findLast((one) => one.action === 'kms:CreateGrant')
    expect(asked?.context).toMatchObject({
      'kms:ViaService': 'ecr.us-east-1.amazonaws.com',
      'kms:GrantIsForAWSResource': 'true',
    })
    await expect(
      ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['not-granted'] })),
    ).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
  })

  it('ends with the key, and retires its grants with the repository', async () => {
    const key = await makeKey()
    await create('ending', withKey(key))
    const repositoryName = 'ending'
    await pushImage(ecr, { repositoryName }, 'x', 'v1')
    await kms.send(new DisableKeyCommand({ KeyId: key }))
    const { failures } = await ecr.send(
      new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }),
    )
    expect(failures).toMatchObject([{ failureCode: 'KmsError' }])
    await expect(pushBlob(ecr, { repositoryName }, Buffer.from('y'))).rejects.toMatchObject({
      name: 'KmsException',
      kmsError: 'DisabledException',
    })
    await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }))
    expect((await kms.send(new ListGrantsCommand({ KeyId: key }))).Grants).toEqual([])
  })

  it('takes the account’s own aws/ecr key where none is named', async () => {
    const credentials = await userWith(test, HUB, 'plain-maker', allow('ecr:*'), allow('kms:RetireGrant'))
    const maker = test.client(ECRClient, { credentials })
    const repositoryName = 'managed'
    await maker.send(new CreateRepositoryCommand({ repositoryName, ...withKey() }))
    await pushImage(maker, { repositoryName }, 'x', 'v1')
    await maker.send(new DeleteRepositoryCommand({ repositoryName, force: true }))
  })

  it('refuses what the cloud does not have', async () => {
    await expect(
      create('dsse', { encryptionConfiguration: { encryptionType: 'KMS_DSSE' } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('KMS_DSSE') })
    await expect(create('nokey', withKey('alias/none'))).rejects.toMatchObject({
      kmsError: 'NotFoundException',
    })
  })
})
