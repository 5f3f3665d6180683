/** Who may do what with a repository: identity policies, the repository's policy, and both across accounts. */
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  GetRepositoryPolicyCommand,
  InitiateLayerUploadCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, document, PULL, userWith } from './callers.ts'
import { digestOf, pushImage } from './images.ts'

const test = await startTestCloud()
const ecr = test.client(ECRClient)

async function repository(repositoryName: string): Promise<string> {
  await ecr.send(new CreateRepositoryCommand({ repositoryName }))
  await pushImage(ecr, { repositoryName }, `content of ${repositoryName}`, 'v1')
  return `arn:aws:ecr:us-east-1:${HUB}:repository/${repositoryName}`
}

const setPolicy = (repositoryName: string, ...statements: object[]) =>
  ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: document(...statements) }))

const letAccount = (account: string, Action: string[] = PULL) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action,
})

const client = async (account: string, name: string, ...statements: object[]) =>
  test.client(ECRClient, { account, credentials: await userWith(test, account, name, ...statements) })

const pull = (caller: ECRClient, repositoryName: string, registryId?: string) =>
  caller.send(new BatchGetImageCommand({ registryId, repositoryName, imageIds: [{ imageTag: 'v1' }] }))

const denial = (message: string) => ({
  name: 'AccessDeniedException',
  message,
  $metadata: { httpStatusCode: 400 },
})

describe('inside one account', () => {
  it('the identity policy is enough', async () => {
    const arn = await repository('own')
    const caller = await client(HUB, 'reader', allow('ecr:BatchGetImage', arn))
    expect((await pull(caller, 'own')).images).toHaveLength(1)
    await expect(caller.send(new DescribeImagesCommand({ repositoryName: 'own' }))).rejects.toMatchObject(
      denial(
        `User: arn:aws:iam::${HUB}:user/reader is not authorized to perform: ecr:DescribeImages on resource: ${arn} because no identity-based policy allows the ecr:DescribeImages action`,
      ),
    )
  })

  it('the repository’s policy is enough as well, where it names the caller', async () => {
    await repository('shared')
    const caller = await client(HUB, 'named')
    await expect(pull(caller, 'shared')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await setPolicy('shared', {
      ...letAccount(HUB),
      Principal: { AWS: `arn:aws:iam::${HUB}:user/named` },
    })
    expect((await pull(caller, 'shared')).images).toHaveLength(1)
  })

  it('an explicit deny in the repository’s policy wins', async () => {
    const arn = await repository('denied')
    await setPolicy('denied', { ...letAccount(HUB, ['ecr:BatchGetImage']), Effect: 'Deny', Principal: '*' })
    await expect(pull(ecr, 'denied')).rejects.toMatchObject({
      message: `User: arn:aws:iam::${HUB}:root is not authorized to perform: ecr:BatchGetImage on resource: ${arn} with an explicit deny in a resource-based policy`,
    })
  })

  it('a token for the registry takes a permission of its own', async () => {
    const caller = await client(HUB, 'tokenless', allow('ecr:BatchGetImage'))
    await expect(caller.send(new GetAuthorizationTokenCommand({}))).rejects.toMatchObject(
      denial(
        `User: arn:aws:iam::${HUB}:user/tokenless is not authorized to perform: ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action`,
      ),
    )
  })
})

describe('across accounts', () => {
  it('pulling takes both policies, and pushing stays out of reach', async () => {
    const arn = await repository('hub-images')
    const may = await client(DEV, 'dev-puller', allow(['ecr:*']))
    const mayNot = await client(DEV, 'dev-nobody')
    await expect(pull(may, 'hub-images', HUB)).rejects.toMatchObject(
      denial(
        `User: arn:aws:iam::${DEV}:user/dev-puller is not authorized to perform: ecr:BatchGetImage on resource: ${arn} because no resource-based policy allows the ecr:BatchGetImage action`,
      ),
    )
    await setPolicy('hub-images', letAccount(DEV))
    const { images } = await pull(may, 'hub-images', HUB)
    expect(images?.[0]?.registryId).toBe(HUB)
    const layerDigest = digestOf('content of hub-images')
    const { downloadUrl } = await may.send(
      new GetDownloadUrlForLayerCommand({ registryId: HUB, repositoryName: 'hub-images', layerDigest }),
    )
    expect(await (await fetch(downloadUrl!)).text()).toBe('content of hub-images')
    await expect(pull(mayNot, 'hub-images', HUB)).rejects.toMatchObject(
      denial(
        `User: arn:aws:iam::${DEV}:user/dev-nobody is not authorized to perform: ecr:BatchGetImage on resource: ${arn} because no identity-based policy allows the ecr:BatchGetImage action`,
      ),
    )
    const push = new InitiateLayerUploadCommand({ registryId: HUB, repositoryName: 'hub-images' })
    await expect(may.send(push)).rejects.toMatchObject({
      message: expect.stringContaining('no resource-based policy allows the ecr:InitiateLayerUpload action'),
    })
  })

  it('another account is not told whether a repository exists', async () => {
    const caller = await client(DEV, 'dev-curious', allow('ecr:*'))
    await expect(pull(caller, 'nothing', HUB)).rejects.toMatchObject({ name: 'AccessDeniedException' })
    await expect(pull(caller, 'nothing')).rejects.toMatchObject({ name: 'RepositoryNotFoundException' })
  })

  it('a push by another account is told in the repository’s own account', async () => {
    await repository('dropbox')
    const actions = [
      'ecr:InitiateLayerUpload',
      'ecr:UploadLayerPart',
      'ecr:CompleteLayerUpload',
      'ecr:PutImage',
    ]
    await setPolicy('dropbox', letAccount(DEV, actions))
    const seen: unknown[] = []
    const stop = test.cloud.bus.listen((event) => {
      if (event.source === 'aws.ecr') seen.push(event)
    })
    const caller = await client(DEV, 'dev-pusher', allow(actions))
    const digest = await pushImage(caller, { registryId: HUB, repositoryName: 'dropbox' }, 'from dev', 'v2')
    stop()
    expect(seen).toMatchObject([
      {
        account: HUB,
        region: 'us-east-1',
        detailType: 'ECR Image Action',
        resources: [],
        detail: {
          result: 'SUCCESS',
          'action-type': 'PUSH',
          'repository-name': 'dropbox',
          'image-digest': digest,
          'image-tag': 'v2',
        },
      },
    ])
  })
})

describe('repository policies', () => {
  it('are set, read and deleted', async () => {
    await repository('policied')
    const repositoryName = 'policied'
    const read = () => ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))
    const absent = {
      name: 'RepositoryPolicyNotFoundException',
      message: `Repository policy does not exist for the repository with name 'policied' in the registry with id '${HUB}'`,
    }
    await expect(read()).rejects.toMatchObject(absent)
    await setPolicy(repositoryName, letAccount(DEV))
    expect(JSON.parse((await read()).policyText!)).toEqual({
      Version: '2012-10-17',
      Statement: [letAccount(DEV)],
    })
    await ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }))
    await expect(read()).rejects.toMatchObject(absent)
  })

  it.each<[string, string]>([
    ['{', 'Invalid JSON syntax'],
    [document({ ...letAccount(DEV), Resource: '*' }), 'Invalid repository policy provided'],
    [document({ ...letAccount(DEV), Action: 's3:GetObject' }), 'Invalid repository policy provided'],
    [document({ Effect: 'Allow', Action: 'ecr:*' }), 'Invalid repository policy provided'],
    [
      document({ ...letAccount(DEV), Principal: { AWS: `arn:aws:iam::${DEV}:role/ghost` } }),
      'Invalid repository policy provided',
    ],
  ])('refuse %s', async (policyText, problem) => {
    const name = `refusing-${digestOf(policyText).slice(7, 15)}`
    await repository(name)
    await expect(
      ecr.send(new SetRepositoryPolicyCommand({ repositoryName: name, policyText })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `Invalid parameter at 'PolicyText' failed to satisfy constraint: '${problem}'`,
    })
  })

  it('forget a role that was deleted and made again', async () => {
    await repository('bound')
    const iam = test.client(IAMClient, { account: DEV })
    const trust = document({ Effect: 'Allow', Principal: { AWS: DEV }, Action: 'sts:AssumeRole' })
    const make = () => iam.send(new CreateRoleCommand({ RoleName: 'task', AssumeRolePolicyDocument: trust }))
    const { Role } = await make()
    await setPolicy('bound', { ...letAccount(DEV), Principal: { AWS: Role!.Arn } })
    await iam.send(new DeleteRoleCommand({ RoleName: 'task' }))
    await make()
    const { policyText } = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'bound' }))
    expect(JSON.parse(policyText!).Statement[0].Principal.AWS).toBe(Role!.RoleId)
  })

  it('that lock their author out take force', async () => {
    await repository('locked')
    const policyText = document({ Effect: 'Deny', Principal: '*', Action: 'ecr:SetRepositoryPolicy' })
    const set = (force?: boolean) =>
      ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'locked', policyText, force }))
    await expect(set()).rejects.toMatchObject({ message: expect.stringContaining('force') })
    await set(true)
    await expect(setPolicy('locked', letAccount(DEV))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    })
  })
})
