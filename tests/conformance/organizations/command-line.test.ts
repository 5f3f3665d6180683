/** Organizations through the aws CLI, as the guides for it show. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasCli } from '../command-line.ts'
import { document } from './guardrails.ts'

const test = await startTestCloud({ accounts: [HUB, DEV] })

// Seven processes of Python, one after the other or two at a time.
it.skipIf(!hasCli)(
  'the aws CLI builds a tree and guards it, from any region',
  { timeout: 90_000 },
  async () => {
    const { aws, folder } = commandLine(test.cloud, 'eu-west-1')
    const organizations = async (...words: string[]) => {
      const printed = await aws('organizations', ...words, '--output', 'json')
      return printed ? JSON.parse(printed) : undefined
    }
    const root: string = (await organizations('list-roots')).Roots[0].Id
    const { OrganizationalUnit: unit } = await organizations(
      'create-organizational-unit',
      '--parent-id',
      root,
      '--name',
      'Workloads',
    )
    const file = join(folder, 'policy.json')
    writeFileSync(file, document({ Effect: 'Deny', Action: 'sns:*', Resource: '*' }))
    const [{ Policy: policy }] = await Promise.all([
      organizations(
        ...['create-policy', '--name', 'NoTopics', '--description', 'no topics'],
        ...['--type', 'SERVICE_CONTROL_POLICY', '--content', `file://${file}`],
      ),
      organizations(
        ...['move-account', '--account-id', DEV],
        ...['--source-parent-id', root, '--destination-parent-id', unit.Id],
      ),
    ])
    await organizations('attach-policy', '--policy-id', policy.PolicySummary.Id, '--target-id', unit.Id)
    const [{ Policies: policies }, { Accounts: accounts }] = await Promise.all([
      organizations(
        ...['list-policies-for-target', '--target-id', unit.Id, '--filter', 'SERVICE_CONTROL_POLICY'],
      ),
      organizations('list-accounts-for-parent', '--parent-id', unit.Id),
    ])
    expect(policies.map((one: { Name: string }) => one.Name)).toEqual(['FullAWSAccess', 'NoTopics'])
    expect(accounts.map((one: { Id: string }) => one.Id)).toEqual([DEV])
  },
)
