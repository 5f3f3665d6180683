import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { ServiceId } from '../kernel/api.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { Operation } from '../kernel/operation.ts'
import type { ResourceType } from '../kernel/resource-type.ts'
import { type Implementation, type Service, service } from '../kernel/service.ts'
import { collection, Store } from '../kernel/store.ts'
import { fetchDue, ServiceLoader } from './service-loader.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-loader-'))
afterAll(() => rmSync(folder, { recursive: true }))

const keys = collection<string>('kms.keys')

/** A service of this test, and what becomes of it. */
function sample(id: ServiceId, facts: Partial<Service> = {}) {
  const happened: string[] = []
  const declared = service({
    id,
    title: id,
    stacks: [id.toUpperCase()],
    load: async (): Promise<Implementation> => {
      happened.push('loaded')
      return {
        operations: [{ service: id, name: 'Ask' } as Operation],
        kinds: [],
        resourceTypes: [{ type: `AWS::${id.toUpperCase()}::Thing` } as ResourceType],
        start: () => happened.push('started'),
      }
    },
    ...facts,
  })
  return { declared, happened }
}

function loaderOf(...services: Service[]) {
  const tasks: Promise<void>[] = []
  const cloud = {
    store: new Store(),
    spawn: (_: string, task: () => Promise<void>) => tasks.push(task()),
  } as unknown as Cloud
  const loader = new ServiceLoader(cloud, new Map(services.map((one) => [one.id, one])), () => () => {
    throw new Error('nothing is to be done')
  })
  return { loader, tasks }
}

it('loads a service when it is first asked for, once, and starts it before it answers', async () => {
  const [kms, sns] = [sample('kms'), sample('sns')]
  const { loader, tasks } = loaderOf(kms.declared, sns.declared)
  expect(kms.happened).toEqual([])

  const [first, second] = await Promise.all([loader.of('kms'), loader.of('kms')])

  expect([...first.operations.keys()]).toEqual(['Ask'])
  expect(second).toBe(first)
  expect(loader.of('kms')).toBe(first)
  expect(kms.happened).toEqual(['loaded', 'started'])
  expect(sns.happened).toEqual([])
  // What the cloud waits for when it stops.
  expect(tasks).toHaveLength(1)
})

it('tries again after a failure, which whoever asked hears of', async () => {
  let broken = true
  const kms = sample('kms')
  const load = async () => {
    if (broken) throw new Error('no such file')
    return kms.declared.load()
  }
  const { loader, tasks } = loaderOf({ ...kms.declared, load })

  await expect(loader.of('kms')).rejects.toThrow('no such file')
  await Promise.all(tasks)
  broken = false

  expect((await loader.of('kms')).operations.size).toBe(1)
})

it('knows the types of what is loaded, and is told of a look-up before', async () => {
  const { loader } = loaderOf(sample('kms').declared, sample('sns').declared)
  expect(() => loader.resourceType('AWS::KMS::Thing')).toThrow('before kms is loaded')

  await loader.loadTypes(['AWS::KMS::Thing', 'AWS::EC2::VPC', 'Custom::KMS'])

  expect(loader.resourceType('AWS::KMS::Thing')).toBeDefined()
  expect(loader.resourceType('AWS::KMS::Other')).toBeUndefined()
  expect(loader.resourceType('AWS::EC2::VPC')).toBeUndefined()
  expect(loader.resourceType('Custom::SNS')).toBeUndefined()
  expect(() => loader.resourceType('AWS::SNS::Thing')).toThrow('before sns is loaded')
})

it('has what a folder holds gone on with from the start', async () => {
  const services = [
    sample('kms', { resumes: [keys] }).declared,
    sample('s3', { sweeps: 'objects' }).declared,
    sample('sns').declared,
  ]
  const due = async (store: Store) => (await fetchDue(services, store, folder)).map(({ id }) => id)
  expect(await due(new Store())).toEqual([])

  const store = new Store()
  store.of(keys, '111111111111', 'us-east-1').put('k', 'a key')
  store.of(collection('hand-overs'), '111111111111', 'us-east-1').put('1', { kind: 'sns.delivery' })
  mkdirSync(join(folder, 'objects'))

  expect(await due(store)).toEqual(['kms', 's3', 'sns'])
})
