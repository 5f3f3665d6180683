/** What an organization is made of survives a restart on the same data folder, and is in force again at once. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateOrganizationalUnitCommand,
  ListAccountsCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { expect, it } from 'vitest'
import { type Cloud, startCloud } from '../../../src/cloud/index.ts'
import { DEV, HUB } from '../cloud.ts'
import { guard, ROOT } from './guardrails.ts'

function client<C>(cloud: Cloud, of: new (configuration: never) => C, account: string): C {
  const credentials = { accessKeyId: account, secretAccessKey: 'test' }
  const { endpoint, requestHandler } = cloud
  return new of({ endpoint, requestHandler, region: 'us-east-1', credentials, maxAttempts: 1 } as never)
}

it('keeps units, accounts, policies and attachments', async () => {
  const data = await mkdtemp(join(tmpdir(), 'crossdock-organization-'))
  const first = await startCloud({ data })
  const organizations = client(first, OrganizationsClient, HUB)
  const { OrganizationalUnit } = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: ROOT, Name: 'Kept' }),
  )
  const DestinationParentId = OrganizationalUnit!.Id!
  await guard(organizations, DestinationParentId, 'SERVICE_CONTROL_POLICY', {
    Effect: 'Deny',
    Action: 'sns:*',
    Resource: '*',
  })
  await organizations.send(
    new MoveAccountCommand({ AccountId: DEV, SourceParentId: ROOT, DestinationParentId }),
  )
  const created = (await organizations.send(new ListAccountsCommand({}))).Accounts
  await first.stop()

  const second = await startCloud({ data })
  try {
    await expect(client(second, SNSClient, DEV).send(new ListTopicsCommand({}))).rejects.toThrow(
      /service control policy/,
    )
    const again = client(second, OrganizationsClient, HUB)
    expect((await again.send(new ListAccountsCommand({}))).Accounts).toEqual(created)
    const { Roots } = await again.send(new ListRootsCommand({}))
    expect(Roots?.[0]?.PolicyTypes).toEqual([{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }])
  } finally {
    await second.stop()
    await rm(data, { recursive: true, force: true })
  }
})
