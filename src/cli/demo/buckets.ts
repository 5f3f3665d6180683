/** Buckets that an example writes into and does not make: `buckets.yaml` beside its fleet file makes them. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation'
import type { Target } from '../../model/index.ts'
import { readDocument } from '../../template/index.ts'
import type { Workspace } from '../workspace.ts'

/** AWS's own pace is 30 seconds. */
const PACE = { maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.1 }

/**
 * Makes the buckets of an example in every account and region of its environments and, where the template tells `Kind` drops
 * from site, the one of the hub. Gives whether there are any.
 */
export async function makeBuckets(workspace: Workspace, example: string): Promise<boolean> {
  const path = join(example, 'buckets.yaml')
  if (!existsSync(path)) return false
  const TemplateBody = await readFile(path, 'utf8')
  const { fleet, accounts, hub } = workspace
  const isOfTwoKinds = 'Kind' in (readDocument(TemplateBody).template.Parameters ?? {})
  const make = async (target: Target, kind: 'drops' | 'site') => {
    const client = await accounts.client(CloudFormationClient, target)
    const StackName = `${fleet.name}-${kind}`
    const Parameters = isOfTwoKinds ? [{ ParameterKey: 'Kind', ParameterValue: kind }] : []
    await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters }))
    await waitUntilStackCreateComplete({ client, ...PACE }, { StackName })
  }
  const places = fleet.environments.flatMap(({ accounts: own, regions }) =>
    own.flatMap(({ account }) => regions.map((region) => ({ account, region }))),
  )
  await Promise.all([
    ...(isOfTwoKinds ? [make(hub, 'drops')] : []),
    ...places.map((one) => make(one, 'site')),
  ])
  return true
}
