/** The life of examples/web: its buckets made, deployed, and three versions dropped into the source bucket. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import { type Fleet, loadFleet } from '../../src/fleet/index.ts'
import { sites } from '../journeys/drop-site.ts'
import {
  type Arrival,
  bringAndShip,
  executionIds,
  type PipelinePlace,
  shipThrough,
} from './drive-pipeline.ts'
import { putStack } from './drive-stack.ts'
import { deployFleet } from './hello-life.ts'
import { inTime } from './ledger.ts'
import type { System, Visit } from './visit.ts'

const FOLDER = resolve('examples/web')

export const web: System = {
  name: 'web',
  accounts: ['111111111111', '222222222222', '444444444444'],
  async live(visit) {
    const fleet = await loadFleet(join(FOLDER, 'crossdock.yaml'))
    const place: PipelinePlace = { hub: fleet.hub, pipeline: 'web-web', source: 'Source' }
    const template = await readFile(join(FOLDER, 'buckets.yaml'), 'utf8')
    await putStack(visit, { stack: 'web-drops', target: fleet.hub, template, parameters: { Kind: 'drops' } })
    await Promise.all(
      sites(fleet).map((target) =>
        putStack(visit, { stack: 'web-site', target, template, parameters: { Kind: 'site' } }),
      ),
    )
    await deployFleet(visit, fleet)
    const first = (await executionIds(visit, place)).at(-1)
    if (!first) throw new Error('the creation of the pipeline started no execution')
    // Nothing was dropped yet, so there is nothing to ship.
    await shipThrough(visit, place, first, ({ status }) => status === 'Failed')
    for (const version of ['one', 'two', 'three'])
      await bringAndShip(visit, place, () => drop(visit, fleet, version))
  },
}

async function drop(visit: Visit, fleet: Fleet, version: string): Promise<Arrival> {
  const s3 = await visit.accounts.client(S3Client, fleet.hub)
  const page = `<p>${version}</p>`
  const { VersionId = '', $metadata } = await s3.send(
    new PutObjectCommand({
      Bucket: `web-drops-${fleet.hub.account}`,
      Key: 'site.zip',
      Body: zipSync({ 'index.html': strToU8(page) }),
    }),
  )
  visit.ledger.acknowledge('the site that was dropped last', async () => {
    for (const site of sites(fleet)) {
      const wrong = await inTime(() => otherPage(visit, site, page), 5_000)
      if (wrong) return wrong
    }
    return undefined
  })
  return { revision: VersionId, attempts: $metadata.attempts ?? 1 }
}

async function otherPage(
  { accounts }: Visit,
  site: { account: string; region: string },
  page: string,
): Promise<string | undefined> {
  const s3 = await accounts.client(S3Client, site)
  const Bucket = `web-site-${site.account}-${site.region}`
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'index.html' }))
  const found = await Body?.transformToString()
  return found === page ? undefined : `${Bucket} holds ${found}`
}
