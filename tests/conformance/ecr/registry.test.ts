/** The registry's door, call by call: what is answered, and in which words it is refused. */

import { request as httpRequest } from 'node:http'
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr'
import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/cloud/index.ts'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { allow, document, PULL, userWith } from './callers.ts'
import { digestOf, imageOf, pushImage } from './images.ts'

let late = 0
const clock = { ...systemClock, now: () => Date.now() + late }
const test = await startTestCloud({ clock })
const ecr = test.client(ECRClient)
const LOCAL = `/v2/${HUB}/us-east-1`

/** Logs in as the client; gives the header. */
async function login(client: ECRClient): Promise<Record<string, string>> {
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}))
  return { authorization: `Basic ${authorizationData![0]!.authorizationToken}` }
}

const root = await login(ecr)
const call = (path: string, init: RequestInit = {}, who = root) =>
  fetch(`${test.cloud.endpoint}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { ...who, ...(init.headers as Record<string, string>) },
  })
const errorOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] }
  return { status: response.status, ...errors[0]! }
}
const create = (repositoryName: string) => ecr.send(new CreateRepositoryCommand({ repositoryName }))

async function upload(name: string, blob: Buffer): Promise<void> {
  const begun = await call(`${LOCAL}/${name}/blobs/uploads/`, { method: 'POST' })
  expect(begun.status).toBe(202)
  const place = begun.headers.get('location')!
  const sent = await call(place, { method: 'PATCH', body: new Uint8Array(blob) })
  expect(sent.headers.get('range')).toBe(`0-${blob.length - 1}`)
  const done = await call(`${sent.headers.get('location')}?digest=${digestOf(blob)}`, { method: 'PUT' })
  expect(done.status).toBe(201)
}

const putManifest = (name: string, reference: string, body: string) =>
  call(`${LOCAL}/${name}/manifests/${reference}`, {
    method: 'PUT',
    body,
    headers: { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
  })

describe('pushing and pulling', () => {
  it('goes blob by blob and ends with the manifest', async () => {
    await create('app')
    const { manifest, digest, blobs } = imageOf('the layer')
    for (const blob of blobs) await upload('app', blob)
    // What is there already is taken again without complaint.
    for (const blob of blobs) await upload('app', blob)
    for (const _again of [1, 2]) {
      const put = await putManifest('app', 'v1', manifest)
      expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, digest])
    }
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'app' }))
    expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['v1'] }])

    const head = await call(`${LOCAL}/app/manifests/v1`, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(manifest.length))
    const got = await call(`${LOCAL}/app/manifests/${digest}`)
    expect(got.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json')
    expect(await got.text()).toBe(manifest)
    const layer = digestOf('the layer')
    expect(
      (await call(`${LOCAL}/app/blobs/${layer}`, { method: 'HEAD' })).headers.get('content-length'),
    ).toBe('9')
    const led = await call(`${LOCAL}/app/blobs/${layer}`)
    expect(led.status).toBe(307)
    expect(await (await fetch(led.headers.get('location')!)).text()).toBe('the layer')
  })

  it('takes a layer in one request', async () => {
    await create('whole')
    const digest = digestOf('whole')
    const done = await call(`${LOCAL}/whole/blobs/uploads/?digest=${digest}`, {
      method: 'POST',
      body: 'whole',
    })
    expect(done.status).toBe(201)
    expect((await call(done.headers.get('location')!, { method: 'HEAD' })).status).toBe(200)
  })

  it('lists tags in pages and deletes images', async () => {
    await create('tags')
    for (const tag of ['c', 'a', 'b']) await pushImage(ecr, { repositoryName: 'tags' }, tag, tag)
    const first = await call(`${LOCAL}/tags/tags/list?n=2`)
    expect(await first.json()).toEqual({ name: `${HUB}/us-east-1/tags`, tags: ['a', 'b'] })
    const next = /<([^>]+)>/.exec(first.headers.get('link')!)![1]!
    expect(await (await call(next)).json()).toMatchObject({ tags: ['c'] })
    expect((await call(`${LOCAL}/tags/manifests/c`, { method: 'DELETE' })).status).toBe(202)
    expect((await call(`${LOCAL}/tags/manifests/c`)).status).toBe(404)
  })

  it('works under AWS’s own host name', async () => {
    await create('team/hosted')
    await pushImage(ecr, { repositoryName: 'team/hosted' }, 'x', 'v1')
    const status = await new Promise((resolve, reject) => {
      const url = new URL('/v2/team/hosted/manifests/v1', test.cloud.endpoint)
      const host = `${HUB}.dkr.ecr.us-east-1.amazonaws.com`
      httpRequest(url, { headers: { ...root, host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
  })
})

describe('login', () => {
  it('is asked for', async () => {
    const answer = await fetch(`${test.cloud.endpoint}/v2/`)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    expect(await errorOf(answer)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect((await call('/v2/')).status).toBe(200)
    for (const password of [`AWS:${'x'.repeat(40)}`, `${HUB}:test`]) {
      const authorization = `Basic ${Buffer.from(password).toString('base64')}`
      expect((await call('/v2/', {}, { authorization })).status).toBe(401)
    }
  })

  it('cannot be prolonged, and lasts twelve hours', async () => {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
    const { authorizationToken, expiresAt, proxyEndpoint } = authorizationData![0]!
    expect(proxyEndpoint).toBe(test.cloud.endpoint)
    expect(expiresAt!.getTime() - Date.now()).toBeGreaterThan(11.9 * 3_600_000)
    const password = Buffer.from(authorizationToken!, 'base64').toString().slice('AWS:'.length)
    const token = JSON.parse(Buffer.from(password, 'base64').toString())
    const forged = Buffer.from(JSON.stringify({ ...token, expiration: token.expiration + 1 })).toString(
      'base64',
    )
    const authorization = `Basic ${Buffer.from(`AWS:${forged}`).toString('base64')}`
    expect((await call('/v2/', {}, { authorization })).status).toBe(401)
    late = 12 * 3_600_000
    const expired = await errorOf(await call('/v2/', {}, { authorization: `Basic ${authorizationToken}` }))
    late = 0
    expect(expired).toEqual({
      status: 403,
      code: 'DENIED',
      message: 'Your authorization token has expired. Reauthenticate and try again.',
    })
  })

  it('ends with the user', async () => {
    await create('orphaned')
    const credentials = await userWith(test, HUB, 'leaver', allow('ecr:*'))
    const who = await login(test.client(ECRClient, { credentials }))
    expect((await call(`${LOCAL}/orphaned/tags/list`, {}, who)).status).toBe(200)
    const iam = test.client(IAMClient)
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'leaver', AccessKeyId: credentials.accessKeyId }))
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'leaver', PolicyName: 'own' }))
    await iam.send(new DeleteUserCommand({ UserName: 'leaver' }))
    expect((await call(`${LOCAL}/orphaned/tags/list`, {}, who)).status).toBe(401)
  })
})

describe('permissions', () => {
  it('are those of who logged in, action by action, across accounts too', async () => {
    await create('guarded')
    await pushImage(ecr, { repositoryName: 'guarded' }, 'layer', 'v1')
    const arn = `arn:aws:ecr:us-east-1:${HUB}:repository/guarded`
    const credentials = await userWith(test, DEV, 'dev-puller', allow(['ecr:*']))
    const who = await login(test.client(ECRClient, { account: DEV, credentials }))
    const pull = () => call(`${LOCAL}/guarded/manifests/v1`, {}, who)
    const denied = (action: string) => ({
      status: 403,
      code: 'DENIED',
      message: `User: arn:aws:iam::${DEV}:user/dev-puller is not authorized to perform: ${action} on resource: ${arn} because no resource-based policy allows the ${action} action`,
    })
    expect(await errorOf(await pull())).toEqual(denied('ecr:BatchGetImage'))
    const Principal = { AWS: `arn:aws:iam::${DEV}:root` }
    const policyText = document({ Effect: 'Allow', Principal, Action: PULL })
    await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: 'guarded', policyText }))
    expect((await pull()).status).toBe(200)
    const led = await call(`${LOCAL}/guarded/blobs/${digestOf('layer')}`, {}, who)
    expect(await (await fetch(led.headers.get('location')!)).text()).toBe('layer')
    const push = await call(`${LOCAL}/guarded/blobs/uploads/`, { method: 'POST' }, who)
    expect(await errorOf(push)).toEqual(denied('ecr:InitiateLayerUpload'))
    const seen = test.cloud.trail.entries().at(-1)
    expect(seen).toMatchObject({ action: 'ecr:InitiateLayerUpload', account: DEV, region: 'us-east-1' })
    expect(seen?.context['aws:SourceIp']).toBe('127.0.0.1')
  })
})

describe('refusals', () => {
  it.each<[string, string, number, string]>([
    ['GET', `${LOCAL}/nothing/manifests/v1`, 404, 'NAME_UNKNOWN'],
    ['GET', `${LOCAL}/refusing/manifests/v9`, 404, 'MANIFEST_UNKNOWN'],
    ['GET', `${LOCAL}/refusing/blobs/${digestOf('no')}`, 404, 'BLOB_UNKNOWN'],
    ['GET', '/v2/refusing/manifests/v1', 404, 'NAME_INVALID'],
    ['GET', '/v2/_catalog', 404, 'NAME_INVALID'],
    ['PUT', `${LOCAL}/refusing/manifests/v1`, 400, 'MANIFEST_INVALID'],
    ['PUT', `${LOCAL}/refusing/blobs/uploads/0-0?digest=x`, 400, 'BLOB_UPLOAD_INVALID'],
    [
      'PUT',
      `${LOCAL}/refusing/blobs/uploads/00000000-0000-0000-0000-000000000000?digest=${digestOf('')}`,
      404,
      'BLOB_UPLOAD_UNKNOWN',
    ],
    ['DELETE', `${LOCAL}/refusing/blobs/${digestOf('no')}`, 405, 'UNSUPPORTED'],
  ])('%s %s gives %d %s', async (method, path, status, code) => {
    await create('refusing').catch(() => undefined)
    expect(await errorOf(await call(path, { method }))).toMatchObject({ status, code })
  })

  it('tell what is wrong with an upload', async () => {
    const name = 'uploads'
    await create(name)
    const begin = async () =>
      (await call(`${LOCAL}/${name}/blobs/uploads/`, { method: 'POST' })).headers.get('location')!
    const place = await begin()
    const gap = { method: 'PATCH', body: 'x', headers: { 'content-range': '5-5' } }
    expect(await errorOf(await call(place, gap))).toMatchObject({ status: 416, code: 'BLOB_UPLOAD_INVALID' })
    const wrong = await call(`${place}?digest=${digestOf('y')}`, { method: 'PUT', body: 'x' })
    expect(await errorOf(wrong)).toMatchObject({ status: 400, code: 'DIGEST_INVALID' })
    const empty = await call(`${await begin()}?digest=${digestOf('')}`, { method: 'PUT' })
    expect(await errorOf(empty)).toMatchObject({ status: 400, code: 'BLOB_UPLOAD_INVALID' })
    expect(await errorOf(await putManifest(name, 'v1', imageOf('absent').manifest))).toMatchObject({
      status: 404,
      code: 'MANIFEST_BLOB_UNKNOWN',
    })
  })

  it('keep layers behind addresses that only the cloud can make', async () => {
    await create('addressed')
    await pushImage(ecr, { repositoryName: 'addressed' }, 'layer', 'v1')
    const led = await call(`${LOCAL}/addressed/blobs/${digestOf('layer')}`)
    const address = new URL(led.headers.get('location')!)
    expect((await fetch(address)).status).toBe(200)
    late = 3_600_001
    expect((await fetch(address)).status).toBe(403)
    late = 0
    address.searchParams.set('name', 'app')
    expect((await fetch(address)).status).toBe(403)
  })
})
