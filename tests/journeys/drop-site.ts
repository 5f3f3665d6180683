/** What examples/web takes besides its fleet: the buckets that it reads and writes, and zip files dropped into one. */
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { strToU8, zipSync } from 'fflate'
import type { Accounts } from '../../src/aws/index.ts'
import type { Fleet } from '../../src/fleet/index.ts'
import type { Target } from '../../src/model/index.ts'

const FOLDER = resolve('examples', 'web')

/** Every account and region that the site is put into. */
export const sites = ({ environments }: Fleet): Target[] =>
  environments.flatMap(({ accounts, regions }) =>
    accounts.flatMap(({ account }) => regions.map((region) => ({ account, region }))),
  )

/** Makes the buckets with the example's own template, as its comment says. */
export async function makeBuckets(accounts: Accounts, fleet: Fleet): Promise<void> {
  const template = await readFile(join(FOLDER, 'buckets.yaml'), 'utf8')
  const make = async (target: Target, kind: string) => {
    const client = await accounts.client(CloudFormationClient, target)
    const StackName = `web-${kind}`
    const Parameters = [{ ParameterKey: 'Kind', ParameterValue: kind }]
    await client.send(new CreateStackCommand({ StackName, TemplateBody: template, Parameters }))
    const pace = { client, maxWaitTime: 30, minDelay: 0.02, maxDelay: 0.05 }
    await waitUntilStackCreateComplete(pace, { StackName })
  }
  await Promise.all([make(fleet.hub, 'drops'), ...sites(fleet).map((site) => make(site, 'site'))])
}

/** Drops the site's files as one zip file, with a text in them replaced. */
export async function dropSite(
  accounts: Accounts,
  fleet: Fleet,
  change: { readonly from: string; readonly to: string } = { from: '', to: '' },
): Promise<void> {
  const folder = join(FOLDER, 'site')
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name))
  const files = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return [name, strToU8(change.from ? text.replaceAll(change.from, change.to) : text)] as const
    }),
  )
  const s3 = await accounts.client(S3Client, fleet.hub)
  await s3.send(
    new PutObjectCommand({
      Bucket: `web-drops-${fleet.hub.account}`,
      Key: 'site.zip',
      Body: zipSync(Object.fromEntries(files)),
    }),
  )
}
