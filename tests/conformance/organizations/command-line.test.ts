/** Organizations through the aws CLI, as the guides for it show. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasCli } from '../command-line.ts'
import { document } from './guardrails.ts'

const test = await startTestCloud({ accounts: [HUB, DEV] })

it.skipIf(!hasCli)('the aws CLI builds a tree and guards it, from any region', async () => {
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
  await organizations(
    ...['move-account', '--account-id', DEV],
    ...['--source-parent-id', root, '--destination-parent-id', unit.Id],
  )
  const file = join(folder, 'policy.json')
  writeFileSync(file, document({ Effect: 'Deny', Action: 'sns:*', Resource: '*' }))
  const { Policy: policy } = await organizations(
    ...['create-policy', '--name', 'NoTopics', '--description', 'no topics'],
    ...['--type', 'SERVICE_CONTROL_POLICY', '--content', `file://${file}`],
  )
  await organizations('attach-policy', '--policy-id', policy.PolicySummary.Id, '--target-id', unit.Id)
  const { Policies: policies } = await organizations(
    ...['list-policies-for-target', '--target-id', unit.Id, '--filter', 'SERVICE_CONTROL_POLICY'],
  )
  expect(policies.map((one: { Name: string }) => one.Name)).toEqual(['FullAWSAccess', 'NoTopics'])
  const { Accounts: accounts } = await organizations('list-accounts', '--max-items', '1')
  expect(accounts).toHaveLength(1)
  await expect(
    organizations('delete-organizational-unit', '--organizational-unit-id', unit.Id),
  ).rejects.toThrow(/OrganizationalUnitNotEmptyException/)
})
