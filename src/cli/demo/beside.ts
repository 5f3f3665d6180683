/** What an example works with and does not make: buckets and services that files beside its fleet file make. */
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

type Around = Pick<Workspace, 'fleet' | 'accounts' | 'hub'>

/** AWS's own pace is 30 seconds. */
const PACE = { maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.1 }

/** The files, and what the stack of each is called behind the fleet's name. */
const FILES = { 'buckets.yaml': 'site', 'services.yaml': 'services' } as const

/**
 * Makes what stands beside an example in every account and region of its environments and, where the template tells `Kind`
 * drops from site, that of the hub. Gives the names of the files.
 */
export async function makeBeside(workspace: Around, example: string): Promise<string[]> {
  const found = Object.entries(FILES).filter(([file]) => existsSync(join(example, file)))
  for (const [file, kind] of found) await makeStacks(workspace, join(example, file), kind)
  return found.map(([file]) => file)
}

async function makeStacks({ fleet, accounts, hub }: Around, path: string, kind: string): Promise<void> {
  const TemplateBody = await readFile(path, 'utf8')
  const isOfTwoKinds = 'Kind' in (readDocument(TemplateBody).template.Parameters ?? {})
  const make = async (target: Target, of: string) => {
    const client = await accounts.client(CloudFormationClient, target)
    const StackName = `${fleet.name}-${of}`
    const Parameters = isOfTwoKinds ? [{ ParameterKey: 'Kind', ParameterValue: of }] : []
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
    await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities }))
    await waitUntilStackCreateComplete({ client, ...PACE }, { StackName })
  }
  const places = fleet.environments.flatMap(({ accounts: own, regions }) =>
    own.flatMap(({ account }) => regions.map((region) => ({ account, region }))),
  )
  await Promise.all([...(isOfTwoKinds ? [make(hub, 'drops')] : []), ...places.map((one) => make(one, kind))])
}
