/** Webhooks: their addresses start pipelines, let in whom they should, and hear of pushes that they are registered for. */
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type ActionDeclaration,
  CreatePipelineCommand,
  DeleteWebhookCommand,
  DeregisterWebhookWithThirdPartyCommand,
  GetPipelineCommand,
  ListPipelineExecutionsCommand,
  ListWebhooksCommand,
  PutWebhookCommand,
  RegisterWebhookWithThirdPartyCommand,
  type WebhookDefinition,
} from '@aws-sdk/client-codepipeline'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryPushed } from '../../../src/cloud/kernel/service-events.ts'
import { pack } from '../../../src/cloud/machine/archive.ts'
import { HUB } from '../cloud.ts'
import { approval, pipelineOf, s3Source } from './declarations.ts'
import { openWorkshop, type Workshop } from './workshop.ts'

let shop: Workshop
let role: string
const folder = mkdtempSync(join(tmpdir(), 'crossdock-webhooks-'))
const run = promisify(execFile)
const git = async (...words: string[]): Promise<string> =>
  (await run('git', words, { cwd: folder })).stdout.trim()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const github = (configuration: Record<string, string> = {}): ActionDeclaration => ({
  name: 'Fetch',
  actionTypeId: { category: 'Source', owner: 'ThirdParty', provider: 'GitHub', version: '1' },
  configuration: {
    ...{ Owner: 'example', Repo: 'app', Branch: 'main', OAuthToken: 'token', PollForSourceChanges: 'false' },
    ...configuration,
  },
  outputArtifacts: [{ name: 'SourceOutput' }],
})

async function push(content: string): Promise<string> {
  writeFileSync(join(folder, 'a.txt'), content)
  await git('add', '.')
  await git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', content)
  const url = new URL(`${shop.cloud.endpoint}/_codeconnections/example/app.git`)
  url.username = HUB
  url.password = 'test'
  const told = new Promise<void>((resolve) => {
    const stop = shop.cloud.bus.on(repositoryPushed, () => {
      stop()
      resolve()
    })
  })
  await git('push', '--quiet', url.href, 'HEAD:main')
  await told
  await shop.cloud.settled()
  return git('rev-parse', 'HEAD')
}

beforeAll(async () => {
  shop = await openWorkshop()
  await shop.bucket('artifacts')
  await shop.bucket('drops')
  const Body = await pack([{ name: 'a', content: Buffer.from('a') }])
  await shop.s3.send(new PutObjectCommand({ Bucket: 'drops', Key: 'app.zip', Body }))
  role = await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: 's3:*' }])
  await git('init', '--quiet', '--initial-branch=main')
  await push('one')
  await create('dropped', s3Source('drops'))
  await create('hooked', github())
})

async function create(name: string, source: ActionDeclaration): Promise<void> {
  const pipeline = pipelineOf(name, role, 'artifacts', [[source], [approval()]], {
    executionMode: 'PARALLEL',
  })
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline }))
  await shop.cloud.settled()
}

const definition = (more: Partial<WebhookDefinition> = {}): WebhookDefinition => ({
  ...{ name: 'hook', targetPipeline: 'dropped', targetAction: 'Fetch' },
  filters: [{ jsonPath: '$.kind', matchEquals: 'release of {S3ObjectKey}' }],
  authentication: 'UNAUTHENTICATED',
  authenticationConfiguration: {},
  ...more,
})

const put = async (more: Partial<WebhookDefinition> = {}) =>
  (await shop.codepipeline.send(new PutWebhookCommand({ webhook: definition(more) }))).webhook!

const tell = async (url: string | undefined, body: string, headers: Record<string, string> = {}) =>
  (await fetch(url!, { method: 'POST', body, headers })).status

async function starts(pipelineName: string): Promise<(string | undefined)[]> {
  await shop.cloud.settled()
  const { pipelineExecutionSummaries = [] } = await shop.codepipeline.send(
    new ListPipelineExecutionsCommand({ pipelineName }),
  )
  return pipelineExecutionSummaries.map(({ trigger }) => trigger?.triggerType)
}

const RELEASE = '{"kind":"release of app.zip"}'

describe('the address of a webhook', () => {
  it('starts the pipeline for what its filters take, and stays when the webhook is changed', async () => {
    const { url } = await put()
    expect(await tell(url, '{"kind":"release of other.zip"}')).toBe(200)
    expect(await starts('dropped')).toEqual(['CreatePipeline'])
    expect(await tell(url, RELEASE)).toBe(200)
    expect(await starts('dropped')).toEqual(['Webhook', 'CreatePipeline'])

    const changed = await put({ filters: [{ jsonPath: "$['head'].commits[0].id" }] })
    expect(changed.url).toBe(url)
    expect(await tell(url, RELEASE)).toBe(200)
    expect(await tell(url, '{"head":{"commits":[{"id":7}]}}')).toBe(200)
    expect(await starts('dropped')).toEqual(['Webhook', 'Webhook', 'CreatePipeline'])
    const { webhooks } = await shop.codepipeline.send(new ListWebhooksCommand({}))
    expect(webhooks).toMatchObject([
      { arn: `arn:aws:codepipeline:us-east-1:${HUB}:webhook:hook`, lastTriggered: expect.any(Date) },
    ])
  })

  it('lets in what GitHub has signed, by either digest, and shows the secret to nobody', async () => {
    const made = await put({
      name: 'signed',
      authentication: 'GITHUB_HMAC',
      authenticationConfiguration: { SecretToken: 'secret' },
    })
    expect(made.definition!.authenticationConfiguration).toEqual({ SecretToken: '****' })
    const sign = (digest: string, secret: string) =>
      `${digest}=${createHmac(digest, secret).update(RELEASE).digest('hex')}`
    expect(await tell(made.url, RELEASE)).toBe(403)
    expect(await tell(made.url, RELEASE, { 'x-hub-signature': sign('sha1', 'other') })).toBe(403)
    expect(await tell(made.url, RELEASE, { 'x-hub-signature': sign('sha1', 'secret') })).toBe(200)
    expect(await tell(made.url, RELEASE, { 'x-hub-signature-256': sign('sha256', 'secret') })).toBe(200)
  })

  it.each([
    ['127.0.0.0/8', 200],
    ['203.0.113.0/24', 403],
  ])('lets in who comes from the range %s with %s', async (AllowedIPRange, status) => {
    const { url } = await put({
      name: 'ranged',
      authentication: 'IP',
      authenticationConfiguration: { AllowedIPRange },
    })
    expect(await tell(url, RELEASE)).toBe(status)
  })

  it('is gone with the webhook', async () => {
    const { url } = await put({ name: 'gone' })
    await shop.codepipeline.send(new DeleteWebhookCommand({ name: 'gone' }))
    expect(await tell(url, RELEASE)).toBe(404)
  })

  it('takes neither another method nor what is no JSON', async () => {
    const { url } = await put({ name: 'strict' })
    expect((await fetch(url!)).status).toBe(405)
    expect(await tell(url, 'kind=release')).toBe(400)
  })
})

describe('a webhook', () => {
  it.each<[string, Partial<WebhookDefinition>, string]>([
    ['for a pipeline that is not there', { targetPipeline: 'none' }, 'PipelineNotFoundException'],
    ['for an action that is not in the first stage', { targetAction: 'Approve' }, 'ValidationException'],
    [
      'with a filter that is no path',
      { filters: [{ jsonPath: '$.a[?(@.b)]' }] },
      'InvalidWebhookFilterPatternException',
    ],
    [
      'with a secret that its authentication has no use for',
      { authenticationConfiguration: { SecretToken: 'x' } },
      'InvalidWebhookAuthenticationParametersException',
    ],
    [
      'with a range that is none',
      { authentication: 'IP', authenticationConfiguration: { AllowedIPRange: '10.0.0.0' } },
      'InvalidWebhookAuthenticationParametersException',
    ],
  ])('%s is refused', async (_, more, name) => {
    await expect(put({ name: 'wrong', ...more })).rejects.toMatchObject({ name })
  })

  it('is registered for pushes to the repository of its target', async () => {
    const push256 = { filters: [{ jsonPath: '$.ref', matchEquals: 'refs/heads/{Branch}' }] }
    await put({ name: 'github', targetPipeline: 'hooked', ...push256 })
    await push('two')
    expect(await starts('hooked')).toEqual(['CreatePipeline'])
    const named = { webhookName: 'github' }
    await shop.codepipeline.send(new RegisterWebhookWithThirdPartyCommand(named))
    const commit = await push('three')
    expect(await starts('hooked')).toEqual(['Webhook', 'CreatePipeline'])
    expect((await shop.runs('hooked')).at(-2)).toMatchObject({
      action: 'Fetch',
      status: 'Succeeded',
      variables: { CommitId: commit, CommitMessage: 'three', BranchName: 'main', RepositoryName: 'app' },
    })
    await shop.codepipeline.send(new DeregisterWebhookWithThirdPartyCommand(named))
    await push('four')
    expect(await starts('hooked')).toEqual(['Webhook', 'CreatePipeline'])
  })

  it('cannot be registered where nobody takes registrations', async () => {
    await put({ name: 'plain' })
    const registering = new RegisterWebhookWithThirdPartyCommand({ webhookName: 'plain' })
    await expect(shop.codepipeline.send(registering)).rejects.toThrow('Let whoever is to start')
  })
})

describe('GitHub by a token', () => {
  it('is polled unless told otherwise', async () => {
    await create('polled', github({ PollForSourceChanges: 'true' }))
    await push('five')
    expect(await starts('polled')).toEqual(['PollForSourceChanges', 'CreatePipeline'])
  })

  it('masks the token', async () => {
    const { pipeline } = await shop.codepipeline.send(new GetPipelineCommand({ name: 'hooked' }))
    expect(pipeline!.stages![0]!.actions![0]!.configuration!.OAuthToken).toBe('****')
  })

  it('fails where there is no such repository here', async () => {
    await create('absent', github({ Repo: 'none' }))
    expect((await shop.runs('absent'))[0]).toMatchObject({
      status: 'Failed',
      error: {
        code: 'ConfigurationError',
        message: 'Could not access the GitHub repository: there is no repository example/none',
      },
    })
  })
})
