/** What outlives the cloud: images, uploads under way, logins; and what does not: files that no record names. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { HUB } from '../cloud.ts'
import { digestOf, imageOf, pushImage } from './images.ts'

const data = mkdtempSync(join(tmpdir(), 'crossdock-ecr-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

const bugs: unknown[] = []
const start = async () => {
  const cloud = await startCloud({ data, onBug: (_where, error) => bugs.push(error) })
  const ecr = new ECRClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
  })
  return { cloud, ecr }
}

it('keeps what was pushed, lets an upload go on, and tidies up', async () => {
  const named = { repositoryName: 'durable' }
  const first = await start()
  await first.ecr.send(new CreateRepositoryCommand(named))
  await pushImage(first.ecr, named, 'kept', 'v1')
  const { uploadId } = await first.ecr.send(new InitiateLayerUploadCommand(named))
  const part = { partFirstByte: 0, partLastByte: 3, layerPartBlob: Buffer.from('half') }
  await first.ecr.send(new UploadLayerPartCommand({ ...named, uploadId, ...part }))
  const { authorizationData } = await first.ecr.send(new GetAuthorizationTokenCommand({}))
  await first.cloud.stop()
  const strays = ['layers/sha256-stray', 'uploads/stray'].map((name) => join(data, 'images', name))
  for (const stray of strays) writeFileSync(stray, 'left by a crash')

  const second = await start()
  for (const stray of strays) expect(existsSync(stray)).toBe(false)
  const authorization = `Basic ${authorizationData![0]!.authorizationToken}`
  const path = `/v2/${HUB}/us-east-1/durable/manifests/v1`
  const pulled = await fetch(`${second.cloud.endpoint}${path}`, { headers: { authorization } })
  expect(await pulled.text()).toBe(imageOf('kept').manifest)
  const layerDigests = [digestOf('half')]
  await second.ecr.send(new CompleteLayerUploadCommand({ ...named, uploadId, layerDigests }))
  const { repositories } = await second.ecr.send(new DescribeRepositoriesCommand({}))
  expect(repositories?.[0]?.repositoryUri).toContain(second.cloud.endpoint.replace('http://', ''))
  await second.cloud.stop()
  expect(bugs).toEqual([])
})
