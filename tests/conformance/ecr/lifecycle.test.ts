/** Lifecycle policies: tried out, applied when images are pushed, and as time goes by. */
import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  ListImagesCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr'
import { expect, it } from 'vitest'
import { systemClock } from '../../../src/cloud/index.ts'
import { startTestCloud } from '../cloud.ts'
import { pushImage } from './images.ts'

const DAY = 86_400_000
let late = 0
const clock = {
  ...systemClock,
  now: () => Date.now() + late,
  date: () => new Date(Date.now() + late),
}
const test = await startTestCloud({ clock })

/** Sends with signatures of the cloud's time; a client that lives longer would set itself by this machine's clock. */
const send = ((command: never) =>
  test.client(ECRClient, { systemClockOffset: late }).send(command)) as ECRClient['send']
const ecr = () => ({ send })

const tagsIn = async (repositoryName: string) =>
  (await ecr().send(new ListImagesCommand({ repositoryName }))).imageIds!.map((one) => one.imageTag)

const policy = (selection: object) =>
  JSON.stringify({
    rules: [{ rulePriority: 1, description: 'Keep it small', selection, action: { type: 'expire' } }],
  })
const KEEP_TWO = policy({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 2 })
const KEEP_A_WEEK = policy({
  tagStatus: 'any',
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber: 7,
})

async function repository(repositoryName: string): Promise<void> {
  await ecr().send(new CreateRepositoryCommand({ repositoryName }))
  for (const text of ['1', '2', '3']) {
    late += 1000
    await pushImage(ecr(), { repositoryName }, text, `v${text}`)
  }
}

it('shows what a policy would do, and does nothing', async () => {
  await repository('tried')
  const named = { repositoryName: 'tried' }
  await expect(ecr().send(new GetLifecyclePolicyPreviewCommand(named))).rejects.toMatchObject({
    name: 'LifecyclePolicyPreviewNotFoundException',
  })
  await expect(ecr().send(new StartLifecyclePolicyPreviewCommand(named))).rejects.toMatchObject({
    name: 'LifecyclePolicyNotFoundException',
  })
  await ecr().send(new StartLifecyclePolicyPreviewCommand({ ...named, lifecyclePolicyText: KEEP_TWO }))
  expect(await ecr().send(new GetLifecyclePolicyPreviewCommand(named))).toMatchObject({
    status: 'COMPLETE',
    summary: { expiringImageTotalCount: 1 },
    previewResults: [{ imageTags: ['v1'], action: { type: 'EXPIRE' }, appliedRulePriority: 1 }],
  })
  expect(await tagsIn('tried')).toEqual(['v1', 'v2', 'v3'])
})

it('keeps a number of images from then on', async () => {
  await repository('counted')
  const named = { repositoryName: 'counted' }
  await ecr().send(new PutLifecyclePolicyCommand({ ...named, lifecyclePolicyText: KEEP_TWO }))
  expect(await tagsIn('counted')).toEqual(['v2', 'v3'])
  late += 1000
  const gone: unknown[] = []
  const stop = test.cloud.bus.listen(({ detail }) => gone.push([detail['action-type'], detail['image-tag']]))
  await pushImage(ecr(), named, '4', 'v4')
  stop()
  expect(gone).toEqual([
    ['PUSH', 'v4'],
    ['DELETE', 'v2'],
  ])
})

it('lets images expire as time goes by, until the policy is deleted', async () => {
  await repository('aged')
  const named = { repositoryName: 'aged' }
  await ecr().send(new PutLifecyclePolicyCommand({ ...named, lifecyclePolicyText: KEEP_A_WEEK }))
  const { lifecyclePolicyText } = await ecr().send(new GetLifecyclePolicyCommand(named))
  expect(lifecyclePolicyText).toBe(KEEP_A_WEEK)
  late += 6 * DAY
  await pushImage(ecr(), named, 'young', 'young')
  expect(await tagsIn('aged')).toHaveLength(4)
  late += 2 * DAY
  expect(await tagsIn('aged')).toEqual(['young'])
  await ecr().send(new DeleteLifecyclePolicyCommand(named))
  late += 30 * DAY
  expect(await tagsIn('aged')).toEqual(['young'])
  await expect(ecr().send(new GetLifecyclePolicyCommand(named))).rejects.toMatchObject({
    name: 'LifecyclePolicyNotFoundException',
  })
})

it('refuses rules that it could not carry out', async () => {
  await ecr().send(new CreateRepositoryCommand({ repositoryName: 'refusing' }))
  const lifecyclePolicyText = policy({ tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 1 })
  await expect(
    ecr().send(new PutLifecyclePolicyCommand({ repositoryName: 'refusing', lifecyclePolicyText })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('sinceImagePulled'),
  })
})
