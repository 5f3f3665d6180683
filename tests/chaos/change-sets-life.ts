/** The life of examples/foreign/change-sets: deployed stack by stack, run, brought a second version. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pack } from '../../src/cloud/machine/archive.ts'
import { ACCOUNTS, BUILD, changeSets, HOME, SECOND } from '../journeys/change-sets-system.ts'
import {
  type Arrival,
  bringAndShip,
  executionIds,
  type PipelinePlace,
  shipThrough,
} from './drive-pipeline.ts'
import { putStack, removeStack, type StackPlace } from './drive-stack.ts'
import type { System, Visit } from './visit.ts'

const FOLDER = resolve('examples/foreign/change-sets')
const place: PipelinePlace = { hub: changeSets.hub, pipeline: changeSets.pipeline, source: 'Application' }

const application: readonly StackPlace[] = [
  [ACCOUNTS.Dev, HOME],
  [ACCOUNTS.Test, HOME],
  [ACCOUNTS.Test, SECOND],
  [ACCOUNTS.Prod, HOME],
  [ACCOUNTS.Prod, SECOND],
].map(([account = '', region = '']) => ({ stack: 'greeter', target: { account, region } }))

export const changeSetsLife: System = {
  name: 'change-sets',
  accounts: [BUILD, ...Object.values(ACCOUNTS)],
  async live(visit) {
    const outputs = new Map<string, string>()
    for (const { stack, template, target, parameters, before } of changeSets.deployments) {
      if (before) await upload(visit, outputs, 'first')
      const made = await putStack(visit, {
        stack,
        target,
        template: readFileSync(join(FOLDER, template), 'utf8'),
        parameters: filled(parameters, outputs),
      })
      for (const [name, value] of Object.entries(made)) outputs.set(`${stack}.${name}`, value)
    }
    const first = (await executionIds(visit, place)).at(-1)
    if (!first) throw new Error('the creation of the pipeline started no execution')
    await shipThrough(visit, place, first)
    await bringAndShip(visit, place, () => upload(visit, outputs, 'second'))
    await bringAndShip(visit, place, () => upload(visit, outputs, 'third'))
    await Promise.all(application.map((stack) => removeStack(visit, stack)))
  },
}

const filled = (parameters: Readonly<Record<string, string>>, outputs: ReadonlyMap<string, string>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value.replace(/\{([^{}]+)\}/g, (_whole, key: string) => outputs.get(key) ?? ''),
    ]),
  )

/** Does what the build does: the function first, the application last. */
async function upload(visit: Visit, outputs: ReadonlyMap<string, string>, version: string): Promise<Arrival> {
  const s3 = await visit.accounts.client(S3Client, place.hub)
  const Bucket = outputs.get('bay-primary.BuildBucket')
  const put = async (folder: string, name: string) => {
    const from = join(FOLDER, folder)
    const files = readdirSync(from).map((file) => ({
      name: file,
      content: Buffer.from(
        readFileSync(join(from, file), 'utf8').replace('export ', `// The ${version} version.\nexport `),
      ),
    }))
    return s3.send(new PutObjectCommand({ Bucket, Key: `greeter/${name}.zip`, Body: await pack(files) }))
  }
  await put('function', 'function')
  const { VersionId = '', $metadata } = await put('app', 'application')
  return { revision: VersionId, attempts: $metadata.attempts ?? 1 }
}
